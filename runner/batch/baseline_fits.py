"""The baselines of a run: fitted once, on the same rows, recorded like trials."""

import time
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from platform import python_version

from models.baselines import BASELINES, fit_baseline
from models.data.dataset import Dataset
from runner.batch.ran import Ran
from runner.batch.recording import Outcome, Recorder, SplitLogits, Subject, Training
from runner.planning.plan import Plan
from runner.storage.claims import exclusively
from runner.storage.durable import writing
from runner.storage.outputs import RunFolder
from trial_sets.errors import InputError
from trial_sets.records.layout import BASELINE_PREFIX
from trial_sets.records.record import Failure, Record


def read_baselines(folder: RunFolder) -> list[Record]:
    """Return the baselines' records that a run has."""
    records = []
    for name in BASELINES:
        try:
            record = folder.read_record(BASELINE_PREFIX + name, 0)
        except InputError:
            continue  # it will be fitted again
        if record is not None:
            records.append(record)
    return records


def baselines_to_replace(folder: RunFolder, *, force: bool) -> list[Record]:
    """Return the records that a batch, as it begins, means to replace: failures, or all."""
    return [record for record in read_baselines(folder) if force or record.failure is not None]


def complete_baselines(
    plan: Plan, replacing: Sequence[Record] = (), claims_head: str | None = None
) -> None:
    """Fit and record the baselines that a run still lacks.

    Of several runners one fits a baseline, and the others wait for its record.

    Parameters
    ----------
    plan
        The plan.
    replacing
        Records that do not count, as `baselines_to_replace` found them before the batch; another
        runner may have filed newer ones since.
    claims_head
        Of the ledger of claims.

    Raises
    ------
    DataError, RunError
        If the data cannot be used.
    BatchStopped
        If a record cannot be written.
    """
    folder = plan.folder
    known = {record.key for record in read_baselines(folder) if record not in replacing}
    missing = [name for name in BASELINES if name not in known]
    if not plan.baselines or not missing:
        return
    dataset = plan.data.dataset  # outside `writing`: its errors are others
    versions = {"python": python_version(), "scikit-learn": version("scikit-learn")}
    recorder = Recorder(folder, dataset, versions, claims_head=claims_head)
    for name in missing:
        subject = Subject.of_baseline(name)
        path = folder.fit(subject.names[0], subject.seed)
        with writing(path), exclusively(path):
            record = folder.tidy(subject.names[0], subject.seed)
            if record is None or record in replacing:
                started = datetime.now(UTC)
                recorder.file(subject, _attempt(name, dataset), Ran("cpu"), started)
                folder.flush_record(subject.names[0], subject.seed)


def _attempt(name: str, dataset: Dataset) -> Outcome:
    """Fit one baseline; whatever it raises is its record's failure."""
    started = time.perf_counter()
    try:
        fit = fit_baseline(name, dataset)
    except Exception as error:  # noqa: BLE001 - the trials go on without it
        text = traceback.format_exc()
        return Outcome(failure=Failure.of("error", str(error) or type(error).__name__, text))
    training = Training(seconds=time.perf_counter() - started)
    val, train = fit.val_logits.tolist(), fit.train_logits.tolist()
    return Outcome(SplitLogits(val, val, train), training=training)
