"""What makes fits comparable: the data, its split and everything else that names a run."""

import hashlib
import json
from pathlib import Path

from models.architecture import TRAINING_VERSION
from runner.errors import RunError
from runner.planning.command_template import CommandTemplate
from runner.planning.request import Request
from runner.planning.run_data import RunData, describe_question
from runner.planning.trainer_watch import OwnTrainer
from trial_sets.errors import InputError
from trial_sets.files import LabelRule
from trial_sets.records.request import DataRequest, flag_of
from trial_sets.records.run_info import RunInfo
from trial_sets.redaction import find_way, hide_home
from trial_sets.strict_json import check
from trial_sets.study import Study
from trial_sets.wording import join_words


def relabel_study(study: Study, request: DataRequest) -> Study:
    """Return the study with the label rule that the request asks for.

    Raises
    ------
    InputError
        If the rule is not valid.
    """
    asked = {
        name: value
        for name in ("threshold", "horizon", "direction")
        if (value := getattr(request, name)) is not None
    }
    if not study.label.is_move and (moved := [name for name in asked if name != "horizon"]):
        flags = join_words([flag_of(DataRequest, name) for name in moved])
        raise InputError(f"{flags}: the label of study {study.name} is no move of prices")
    rule = check(LabelRule, {**study.label.model_dump(), **asked}, "the label rule")
    return study.model_copy(update={"label": rule})


def describe_run(
    study: Study,
    data: RunData,
    request: Request,
    trainer: OwnTrainer | None,
    code: str | None = None,
) -> RunInfo:
    """Return what the fits of a run have in common; the run's name is a digest of it.

    Parameters
    ----------
    study, data, request
        What is to run.
    trainer
        Of one's own, and the SHA-256 of its code, ``code``.

    Raises
    ------
    RunError
        If a precision is asked of a trainer of one's own, which would not hear of it.
    """
    if trainer is not None and request.precision != "fp32":
        flag = "--command" if isinstance(trainer, CommandTemplate) else "--trainer"
        raise RunError(f"--precision {request.precision}: not with {flag}, which has its own")
    summary = data.summary
    identity = {
        "data": summary.fingerprint,
        "tier": summary.tier,
        "context": summary.context,
        "splits": {name: split.model_dump() for name, split in summary.splits.items()},
        **({"folds": [fold.model_dump() for fold in summary.folds]} if summary.folds else {}),
        "label": [summary.label, study.label.model_dump()],
        "overrides": request.overrides.given(),
        "precision": request.precision,
        "training_version": TRAINING_VERSION,
        "trainer": _identify(trainer, code),
        **describe_question(study),
        **({} if study.metric.is_auc else {"metric": study.metric.model_dump()}),
    }
    text = json.dumps(identity, sort_keys=True)
    run = f"{summary.name}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    folder = find_way(Path.cwd(), Path.cwd() / data.runs / run)
    return RunInfo(
        run=run,
        study=study,
        data=summary,
        overrides=dict(request.overrides.given()),
        precision=request.precision,
        training_version=TRAINING_VERSION,
        trainer=_name(trainer),
        request=request.of_run(data.file_sha256, folder),
    )


def _identify(trainer: OwnTrainer | None, code: str | None) -> list[str | None] | None:
    """Return what tells a trainer from others: its name and a digest of its code."""
    match trainer:
        case None:
            return None
        case CommandTemplate():
            return ["command", code]
    return [trainer.function, code]


def _name(trainer: OwnTrainer | None) -> str | None:
    match trainer:
        case None:
            return None
        case CommandTemplate():
            return hide_home(trainer.text)
    return f"{trainer.path.name}:{trainer.function}"
