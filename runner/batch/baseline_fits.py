"""The baselines of a run: fitted once, on the same rows, recorded like trials."""

import time
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from platform import python_version

from models.baselines import fit_baseline, list_baselines
from models.data.dataset import Dataset
from runner.batch.ran import Ran
from runner.batch.recording import Outcome, Recorder, SentScores, Subject, Training
from runner.planning.plan import Plan
from runner.storage.claims import exclusively
from runner.storage.durable import writing
from trial_sets.errors import InputError
from trial_sets.records.fit_id import FitId
from trial_sets.records.layout import BASELINE_PREFIX
from trial_sets.records.record import Failure, Record
from trial_sets.records.run_info import RunInfo


def list_baseline_fits(info: RunInfo, *, of_test: bool = False) -> list[FitId]:
    """Return the fits of a run's baselines: each on every fold; none without data.

    Parameters
    ----------
    of_test
        Those beside a look at the test period, which lies behind the last fold.
    """
    if info.study.task == "none" or not info.data.splits:
        return []
    names = list_baselines(info.study.task, is_target=_asks_for_target(info))
    folds = info.data.fold_numbers[-1:] if of_test else info.data.fold_numbers
    return [FitId(BASELINE_PREFIX + name, 0, fold) for name in names for fold in folds]


def _asks_for_target(info: RunInfo) -> bool:
    """Tell whether the label is a number that prices make up: an option may name a column."""
    by_option = info.request is not None and info.request.data.label_column is not None
    return info.study.label.target is not None and not by_option


def read_baselines(plan: Plan) -> list[Record]:
    """Return the baselines' records that a run has."""
    records = []
    for baseline in list_baseline_fits(plan.info, of_test=plan.with_test):
        try:
            record = plan.folder.read_record(*baseline)
        except InputError:
            continue  # it will be fitted again
        if record is not None:
            records.append(record)
    return records


def baselines_to_replace(plan: Plan, *, force: bool) -> list[Record]:
    """Return the records that a batch, as it begins, means to replace: failures, or all."""
    return [record for record in read_baselines(plan) if force or record.failure is not None]


def complete_baselines(
    plan: Plan, replacing: Sequence[Record] = (), claims_head: str | None = None
) -> None:
    """Fit and record the baselines that a run still lacks, or a look at its test period.

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
    known = {record.id for record in read_baselines(plan) if record not in replacing}
    wanted = list_baseline_fits(plan.info, of_test=plan.with_test)
    missing = [one for one in wanted if one not in known]
    if not plan.baselines or not missing:
        return
    versions = {"python": python_version(), "scikit-learn": version("scikit-learn")}
    metric = plan.info.study.metric
    recorder = Recorder(
        folder, plan.data.find_dataset, versions, claims_head=claims_head, metric=metric
    )
    for baseline in missing:
        dataset = plan.data.find_dataset(baseline.fold)  # outside `writing`: its errors are others
        path = folder.fit(*baseline)
        with writing(path), exclusively(path):
            record = folder.tidy(*baseline)
            if record is None or record in replacing:
                subject, started = Subject.of_baseline(baseline), datetime.now(UTC)
                outcome = _attempt(subject.key, dataset, with_test=plan.with_test)
                recorder.file(subject, outcome, Ran("cpu"), started)
                folder.flush_record(*baseline)


def _attempt(name: str, dataset: Dataset, *, with_test: bool) -> Outcome:
    """Fit one baseline; whatever it raises is its record's failure."""
    started = time.perf_counter()
    try:
        fit = fit_baseline(name, dataset, with_test=with_test)
    except Exception as error:  # noqa: BLE001 - the trials go on without it
        text = traceback.format_exc()
        return Outcome(failure=Failure.of("error", str(error) or type(error).__name__, text))
    training = Training(seconds=time.perf_counter() - started)
    val, train = fit.val_scores.ravel().tolist(), fit.train_scores.ravel().tolist()
    test = () if fit.test_scores is None else fit.test_scores.ravel().tolist()
    return Outcome(SentScores(val, val, train, test), training=training)
