"""What one trial with one seed left in a run: one record or, where there are folds, one a fold."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from analysis.runs.folded_predictions import FoldedPredictions
from analysis.runs.predictions import Predictions
from analysis.runs.whole import take_whole
from trial_sets.records.record import Failure, Record

_SUMMED = ("val_n", "val_n_positive")
_LOWEST, _HIGHEST = "val_min_probability", "val_max_probability"


@dataclass(frozen=True, slots=True, eq=False)
class RunFit:
    """The record of a trial and seed with its predictions, where it has any.

    Attributes
    ----------
    record : Record
        Of several folds: what they have in common, with the means of their metrics (sums of
        rows and seconds) and no curve; that of the first failure if one of them has failed. Of
        which one is pruned the whole is.
    predictions : Predictions, FoldedPredictions or None
    folds : tuple of RunFit
        The fits of the folds, in time order; none in a run without folds.
    lacking : tuple of int
        The folds of which there is none.
    """

    record: Record
    predictions: Predictions | FoldedPredictions | None
    folds: tuple["RunFit", ...] = ()
    lacking: tuple[int, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether the fit has a result, on every fold."""
        return self.record.status == "complete" and not self.lacking

    @property
    def state(self) -> str:
        """The record's status, or "incomplete" where a fold is missing."""
        return "incomplete" if self.lacking and self.record.failure is None else self.record.status

    @property
    def score(self) -> float:
        """The study's metric as its records hold it, the mean over folds; NaN if incomplete."""
        value = self.record.score if self.is_complete else None
        return float("nan") if value is None else value

    @property
    def parts(self) -> tuple["RunFit", ...]:
        """The fits behind it, one a record."""
        return self.folds or (self,)


def join_folds(
    fits: Iterable[RunFit],
    numbers: Sequence[int | None],
    test_to_train: float | None = None,
) -> tuple[RunFit, ...]:
    """Return one fit a trial and seed, of all the folds of a run.

    Parameters
    ----------
    fits
        One a record.
    numbers
        The folds that a trial is fitted on; a single None in a run without folds.
    test_to_train
        As `FoldedPredictions` has it; None for folds in time order.
    """
    if numbers == (None,):
        return tuple(fits)
    found: dict[tuple[str, str, int], dict[int, RunFit]] = {}
    for fit in fits:
        record = fit.record
        place = (record.name if record.kind == "baseline" else "", record.key, record.seed)
        if record.fold is not None:
            found.setdefault(place, {})[record.fold] = fit
    wanted = [number for number in numbers if number is not None]
    return tuple(_join(by_fold, wanted, test_to_train) for by_fold in found.values())


def _join(by_fold: dict[int, RunFit], wanted: Sequence[int], test_to_train: float | None) -> RunFit:
    folds = tuple(by_fold[number] for number in sorted(by_fold))
    lacking = tuple(number for number in wanted if number not in by_fold)
    predictions = [f.predictions for f in folds if isinstance(f.predictions, Predictions)]
    is_whole = not lacking and len(predictions) == len(folds)
    return RunFit(
        record=_join_records([fold.record for fold in folds]),
        predictions=FoldedPredictions(tuple(predictions), test_to_train) if is_whole else None,
        folds=folds,
        lacking=lacking,
    )


def _join_records(records: Sequence[Record]) -> Record:
    """Return what the records of one trial's and seed's folds come to."""
    failed = [record for record in records if record.failure is not None]
    if failed:
        return failed[0].model_copy(update={"failure": _name_fold(failed[0])})
    memory = [r.peak_memory_mib for r in records if r.peak_memory_mib is not None]
    pruned = [record for record in records if record.status == "pruned"]
    first = (pruned or records)[0]
    joined = {
        "fold": None,
        "metrics": _join_metrics(records),
        "curve": (),
        "selected_epoch": None,
        "stop_reason": first.stop_reason if len({r.stop_reason for r in records}) == 1 else None,
        "seconds": sum(record.seconds for record in records),
        "peak_memory_mib": max(memory, default=None),
        "predictions_sha256": _join_digests([record.predictions_sha256 for record in records]),
        "notices": tuple(dict.fromkeys(note for record in records for note in record.notices)),
    }
    return first.model_copy(update=joined)


def _name_fold(record: Record) -> Failure | None:
    failure = record.failure
    if failure is None:
        return None
    return failure.model_copy(update={"message": f"on fold {record.fold}: {failure.message}"})


def _join_metrics(records: Sequence[Record]) -> dict[str, float | None]:
    """Return the means of the metrics that all records have."""
    joined: dict[str, float | None] = {}
    for name in records[0].metrics:
        values = take_whole(record.metrics.get(name) for record in records)
        if values is not None:
            join = {_LOWEST: min, _HIGHEST: max}.get(name, sum if name in _SUMMED else fmean)
            joined[name] = join(values)
    return joined


def _join_digests(digests: Sequence[str | None]) -> str | None:
    whole = take_whole(digests)
    return None if whole is None else hashlib.sha256("".join(whole).encode()).hexdigest()
