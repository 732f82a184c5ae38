"""Runs as ``run_supplementary`` left them: found, read, and checked fit by fit."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from statistics import fmean

from analysis.runs.agreement import compare_score, doubt_epochs, refuse_impossible
from analysis.runs.predictions import Predictions, read_predictions
from analysis.runs.run_fit import RunFit, join_folds
from trial_sets.errors import InputError
from trial_sets.records.layout import (
    BASELINE_PREFIX,
    RunLayout,
    is_run,
    predictions_of,
    read_record,
    record_of,
)
from trial_sets.records.looks import (
    HoldoutLook,
    HoldoutPeriod,
    LookLedger,
)
from trial_sets.records.record import Record
from trial_sets.records.run_info import RunInfo, read_run_info
from trial_sets.strict_json import check, read_json
from trial_sets.study import Study
from trial_sets.task import Metric

_DEPTH = 6  # folders below the one named in which a run is looked for


@dataclass(frozen=True, eq=False)
class Run:
    """A run: its fits, those scored on the test period, and what could not be read.

    Attributes
    ----------
    fits
        Of trials, controls and baselines on the validation period, one a trial and seed.
    tests
        The records of the champion's evaluation on the test period.
    looks
        Every look at this run's test period, in any run of the same output folder.
    notes
        One sentence for each file that was left out, or that another contradicts.
    """

    folder: Path
    info: RunInfo
    fits: tuple[RunFit, ...]
    tests: tuple[RunFit, ...]
    looks: tuple[HoldoutLook, ...]
    notes: tuple[str, ...]

    @property
    def metric(self) -> Metric:
        """What the run's study is about."""
        return self.info.study.metric

    @property
    def horizon_rows(self) -> int | None:
        """Rows that a label looks ahead; None for rows without order."""
        study = self.info.study
        return study.label.horizon if study.is_ordered else None

    @property
    def records(self) -> tuple[Record, ...]:
        """Every record behind the fits: with folds there are several of each."""
        return tuple(part.record for fit in self.fits for part in fit.parts)

    @cached_property
    def by_key(self) -> dict[str, dict[int, RunFit]]:
        """The fits of each configuration by seed, in the order of their records."""
        found: dict[str, dict[int, RunFit]] = {}
        for fit in self.trained:
            found.setdefault(fit.record.key, {})[fit.record.seed] = fit
        return found

    def list_fits(self, key: str) -> dict[int, RunFit]:
        """Return the fits of one configuration by seed."""
        return self.by_key.get(key, {})

    def find_named(self, name: str) -> Record | None:
        """Return a record that was filed under this name, whatever its configuration."""
        return next((fit.record for fit in self.fits if name in fit.record.names), None)

    @property
    def baselines(self) -> tuple[RunFit, ...]:
        """The complete baselines, the best first."""
        found = [fit for fit in self.fits if fit.record.kind == "baseline" and fit.is_complete]
        return tuple(sorted(found, key=lambda fit: -self.metric.sign * fit.score))

    @property
    def trained(self) -> tuple[RunFit, ...]:
        """The fits of trials and controls, failed and pruned ones included."""
        return tuple(fit for fit in self.fits if fit.record.kind != "baseline")


def find_runs(folder: Path, pass_over: Callable[[str], None] = lambda _: None) -> tuple[Path, ...]:
    """Return the folders of runs at most six below the one named, itself included, by name.

    Links are not followed, hidden folders and those of runs not entered.

    Parameters
    ----------
    pass_over
        Called with a sentence for each folder that cannot be read.
    """
    return tuple(sorted(_walk(folder, _DEPTH, pass_over)))


def read_run(
    folder: Path,
    advance: Callable[[], None] = lambda: None,
    *,
    with_predictions: bool = True,
) -> Run:
    """Read one run.

    Parameters
    ----------
    folder
        Holds ``run.json``.
    advance
        Called after every record.
    with_predictions
        Whether these are read beside the records.

    Raises
    ------
    InputError
        If run.json cannot be used, or a record is of a fold that it does not have. A record that
        cannot be used is left out and noted.
    """
    layout = RunLayout(folder)
    info = read_run_info(layout.run_json)
    notes: list[str] = []
    found = read_fits(layout, info, "", notes, advance, with_predictions=with_predictions)
    fits = join_folds(found, info.data.fold_numbers, measure_overlap(info))
    tests = tuple(
        read_fits(
            layout.of_test(), info, "test_", notes, advance, with_predictions=with_predictions
        )
    )
    looks = _read_looks(layout.outputs.looks, info, notes)
    if not fits:
        raise InputError(f"{folder} holds no record that can be used{_first(notes)}")
    return Run(folder, info, fits, tests, looks, tuple(notes))


def read_fits(
    run: RunLayout,
    info: RunInfo,
    prefix: str,
    notes: list[str],
    advance: Callable[[], None] = lambda: None,
    *,
    among: Iterable[Path] | None = None,
    with_predictions: bool = True,
) -> Iterator[RunFit]:
    """Yield what the fits below a run's folder, or a section of it, left.

    Parameters
    ----------
    prefix
        Of the predictions' columns: `test_` of the test period.
    notes
        Receives a sentence for each record that cannot be used.
    among
        The folders of some fits alone; by default all.
    with_predictions
        Whether these are read beside the records.

    Raises
    ------
    InputError
        If a record is of a fold that the run does not have.
    """
    for fit in run.list_fits() if among is None else among:
        advance()
        try:
            record = read_record(run, fit, info.run)
            if record is not None:
                refuse_impossible(record, str(record_of(fit)), info.study)
        except InputError as error:
            notes.append(f"Left out: {_shorten(error, run)}.")
            continue
        if record is not None:
            _refuse_other_fold(record, run.run_json, info)
            found = (
                _read_arrays(record, fit, run, info.study, prefix, notes)
                if with_predictions
                else None
            )
            yield RunFit(record, found)


def measure_overlap(info: RunInfo) -> float | None:
    """Return the validation rows of folds over their training rows, where these overlap.

    None without folds, and for those that follow each other in time.
    """
    folds = [] if info.study.is_ordered else [k for k in info.data.fold_numbers if k is not None]
    rows = [info.data.count_rows(fold) for fold in folds]
    shares = [n_val / n_train for n_train, n_val in rows if n_train > 0 and n_val > 0]
    if len(shares) < len(rows) and len(rows) > 1:
        return 1 / (len(rows) - 1)  # of equal folds, where the run does not tell
    return fmean(shares) if shares else None


def count_records(folder: Path) -> int:
    """Return how many records lie below a run's folder, without reading them."""
    return len(RunLayout(folder).list_fits())


def holds_trials(run: RunLayout) -> bool:
    """Return whether a run's folder holds a record of more than baselines."""
    names = (fit.relative_to(run.path / run.section).parts[0] for fit in run.list_fits())
    return any(not name.startswith(BASELINE_PREFIX) for name in names)


def _first(notes: list[str]) -> str:
    return f" ({notes[0].removesuffix('.')})" if notes else ""


def _walk(folder: Path, depth: int, pass_over: Callable[[str], None]) -> Iterator[Path]:
    """Yield the folders of runs; links are not followed, hidden folders not entered."""
    if is_run(folder):
        yield folder
        return
    if not depth:
        return
    try:
        with os.scandir(folder) as entries:
            inner = [entry for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError as error:
        pass_over(f"{folder}: cannot be read: {error.strerror}")
        return
    for entry in inner:
        if not entry.name.startswith("."):
            yield from _walk(Path(entry.path), depth - 1, pass_over)


def _refuse_other_fold(record: Record, path: Path, info: RunInfo) -> None:
    """Refuse a run whose records are of other folds than it says: whoever strikes one out lies."""
    numbers = info.data.fold_numbers
    if record.fold not in numbers:
        known = "none" if numbers == (None,) else ", ".join(map(str, numbers))
        raise InputError(
            f"{path}: its folds with fits are {known}, and there is a record of {record.id}; one "
            "of them was changed after it was written"
        )


def _read_arrays(
    record: Record, fit: Path, run: RunLayout, study: Study, prefix: str, notes: list[str]
) -> Predictions | None:
    """Read predictions; a complete fit whose predictions cannot be trusted keeps its metrics.

    Those of a study without a task are of no use: what its metric is of each row is not known.
    """
    sha256 = record.predictions_sha256
    if sha256 is None or record.status != "complete" or study.task == "none":
        return None
    try:
        found = read_predictions(
            predictions_of(fit), sha256, prefix=prefix, task=study.task, metric=study.metric
        )
    except InputError as error:
        notes.append(f"Taken as without predictions: {_shorten(error, run)}.")
        return None
    groups = None if study.is_ordered else found.groups  # rows in time order have none
    if groups is None and study.split is not None and study.split.kind == "groups":
        where = predictions_of(fit).relative_to(run.path)
        notes.append(
            f"Taken as without predictions: {where} names no groups, which the study keeps whole."
        )
        return None
    found = replace(found, is_without_choice=record.kind == "baseline", groups=groups)
    if (doubt := compare_score(record, found, prefix.removesuffix("_") or "val")) is not None:
        notes.append(f"{fit.relative_to(run.path)}: {doubt}.")
    if (doubt := doubt_epochs(record, found)) is not None:
        notes.append(f"{fit.relative_to(run.path)}: taken as without scores by epoch: {doubt}.")
        return replace(found, by_epoch=None)
    return found


def _shorten(error: Exception, run: RunLayout) -> str:
    """Return an error's text with paths as they are within the run's folder."""
    return str(error).replace(f"{run.path}/", "")


def _read_looks(path: Path, info: RunInfo, notes: list[str]) -> tuple[HoldoutLook, ...]:
    if not os.path.lexists(path):
        return ()
    try:
        ledger = check(LookLedger, read_json(path), path.name)
    except InputError as error:
        notes.append(f"The ledger of looks at test periods cannot be read: {error}.")
        return ()
    if (broken := ledger.find_break()) is not None:
        notes.append(f"The ledger of looks at test periods is not what was written: {broken}.")
    data, test = info.data, info.data.splits.get("test")
    if test is None:
        return ()
    period = HoldoutPeriod(data=data.fingerprint, name=data.name, first=test.first, last=test.last)
    return ledger.at(period, info.run)
