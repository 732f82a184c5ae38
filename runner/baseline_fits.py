"""The baselines of a run: fitted once, on the same rows, recorded like trials."""

import time
import traceback
from datetime import UTC, datetime
from importlib.metadata import version
from platform import python_version

from models.baselines import BASELINES, fit_baseline
from models.dataset import Dataset
from runner.outputs import RunFolder
from runner.plan import Plan
from runner.recording import BASELINE_PREFIX, Circumstances, Outcome, Predictions, Recorder, Subject
from trial_sets.errors import TrialSetError
from trial_sets.record import Failure, Record


def read_baselines(folder: RunFolder) -> list[Record]:
    """Return the baselines' records that a run has."""
    records = []
    for name in BASELINES:
        try:
            record = folder.read_record(BASELINE_PREFIX + name, 0)
        except TrialSetError:
            continue  # it will be fitted again
        if record is not None:
            records.append(record)
    return records


def complete_baselines(plan: Plan) -> None:
    """Fit and record the baselines that a run still lacks."""
    if not plan.baselines:
        return
    known = {record.key for record in read_baselines(plan.folder) if not record.failure}
    versions = {"python": python_version(), "scikit-learn": version("scikit-learn")}
    recorder = Recorder(plan.folder, plan.data.dataset, versions)
    for name in BASELINES:
        if name not in known:
            under = Circumstances(datetime.now(UTC), "cpu")
            recorder.file(Subject.of_baseline(name), _attempt(name, plan.data.dataset), under)


def _attempt(name: str, dataset: Dataset) -> Outcome:
    """Fit one baseline; whatever it raises is its record's failure."""
    started = time.perf_counter()
    try:
        fit = fit_baseline(name, dataset)
    except Exception as error:  # noqa: BLE001 - the trials go on without it
        text = traceback.format_exc()
        return Outcome(failure=Failure(kind="error", message=str(error), traceback=text))
    seconds = {"seconds": time.perf_counter() - started}
    val, train = fit.val_logits.tolist(), fit.train_logits.tolist()
    return Outcome(Predictions(val, val, train), trained=seconds)
