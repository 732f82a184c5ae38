"""What makes fits comparable: the data, its split and everything else that names a run."""

import hashlib
import json

from models.architecture import TRAINING_VERSION
from runner.errors import RunError
from runner.planning.request import DataRequest, Request
from runner.planning.trainer_file import TrainerFile
from trial_sets.files import LabelRule
from trial_sets.records.run_info import DataSummary, RunInfo
from trial_sets.strict_json import check
from trial_sets.study import Study


def relabel_study(study: Study, request: DataRequest) -> Study:
    """Return the study with the label rule that the request asks for.

    Raises
    ------
    TrialSetError
        If the rule is not valid.
    """
    asked = {
        name: value
        for name in ("threshold", "horizon", "direction")
        if (value := getattr(request, name)) is not None
    }
    rule = check(LabelRule, {**study.label.model_dump(), **asked}, "the label rule")
    return study.model_copy(update={"label": rule})


def describe_run(
    study: Study, data: DataSummary, request: Request, trainer: TrainerFile | None
) -> RunInfo:
    """Return what the fits of a run have in common; the run's name is a digest of it.

    Raises
    ------
    RunError
        If a precision is asked of a trainer of one's own, which would not hear of it.
    """
    if trainer is not None and request.precision != "fp32":
        raise RunError(f"--precision {request.precision}: not with --trainer, which has its own")
    identity = {
        "data": data.fingerprint,
        "tier": data.tier,
        "context": data.context,
        "splits": {name: split.model_dump() for name, split in data.splits.items()},
        "label": [data.label, study.label.model_dump()],
        "overrides": dict(request.overrides),
        "precision": request.precision,
        "training_version": TRAINING_VERSION,
        "trainer": [trainer.function, trainer.digest()] if trainer else None,
    }
    text = json.dumps(identity, sort_keys=True)
    return RunInfo(
        run=f"{data.name}-{hashlib.sha256(text.encode()).hexdigest()[:8]}",
        study=study,
        data=data,
        label=study.label,
        overrides=dict(request.overrides),
        precision=request.precision,
        training_version=TRAINING_VERSION,
        trainer=f"{trainer.path.name}:{trainer.function}" if trainer else None,
    )
