"""Parts of rows without order: who tests, and who validates in which fold.

Nothing is drawn but from `numpy.random.Generator(PCG64(seed))` over the samples in the order of the
file, so that the same file and seed give the same rows; the same rows in another order do not.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.data.splitting.demands import check_split_labels
from models.data.splitting.folds import Fold, FoldRule
from models.data.splitting.samples import SPLITS, RowArray, Samples, SplitName, SplitRows
from models.data.splitting.unordered import (
    ColumnSplit,
    GroupSplit,
    RandomSplit,
    StratifiedSplit,
    UnorderedSplit,
)
from models.errors import DataError, place


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Disjoint rows that together are all samples, each in the order of the file."""

    test: RowArray
    validations: tuple[RowArray, ...]  # of each fold
    others: RowArray  # that train in every fold


def split_parts(samples: Samples, split: UnorderedSplit, rule: FoldRule) -> tuple[Fold, ...]:
    """Choose the rows of every fold.

    The test rows are set aside first. Without folds a share of the rest validates; with K folds the
    rest is cut into K parts, each of which validates once what is trained on the others. The last
    fold alone has the test rows.

    Raises
    ------
    DataError
        If the rows, classes or groups are too few, or the column does not say what is needed.
    """
    parts = _draw(samples, split, rule.n_folds)
    n_folds = len(parts.validations)
    numbers = [None] if n_folds == 1 and rule.n_folds == 1 else range(1, n_folds + 1)
    return tuple(_open_part(samples, split, parts, at, n) for at, n in enumerate(numbers))


def _draw(samples: Samples, split: UnorderedSplit, n_folds: int) -> Parts:
    rows = samples.list_ends()
    if not len(rows):
        raise DataError(f"{samples.file}: no row has all features and a label")
    match split:
        case ColumnSplit():
            return _follow_column(samples, rows, split, n_folds)
        case GroupSplit():
            return _draw_groups(samples, rows, split, n_folds)
        case StratifiedSplit():
            return _draw_classes(samples, rows, split, n_folds)
        case RandomSplit():
            rng = np.random.Generator(np.random.PCG64(split.seed))
            drawn = rng.permutation(rows)
            n_test, n_val = _count(samples.file, "rows", len(rows), split, n_folds)
            if n_folds > 1:
                cut = np.array_split(drawn[n_test:], n_folds)
                return _gather(drawn[:n_test], cut, drawn[:0])
            validation, others = drawn[n_test : n_test + n_val], drawn[n_test + n_val :]
            return _gather(drawn[:n_test], [validation], others)


def _draw_classes(samples: Samples, rows: RowArray, split: StratifiedSplit, n_folds: int) -> Parts:
    """Lay the rows class by class, each in a random order, and take from them at even steps.

    A class then has its share of every part to within a row, and so has every part of all rows.
    """
    if samples.task == "regression":
        raise DataError(
            f"{samples.file}: a stratified split needs classes, and task regression has numbers; "
            "expected a random split"
        )
    rng = np.random.Generator(np.random.PCG64(split.seed))
    drawn = rng.permutation(rows)
    laid = drawn[np.argsort(samples.labels[drawn], kind="stable")]
    n_test, n_val = _count(samples.file, "rows", len(rows), split, n_folds)
    is_test = _step_evenly(len(laid), n_test)
    test, rest = laid[is_test], laid[~is_test]
    if n_folds > 1:
        return _gather(test, [rest[at::n_folds] for at in range(n_folds)], rest[:0])
    is_val = _step_evenly(len(rest), n_val)
    return _gather(test, [rest[is_val]], rest[~is_val])


def _draw_groups(samples: Samples, rows: RowArray, split: GroupSplit, n_folds: int) -> Parts:
    assert samples.belongs is not None
    of_rows = samples.belongs[rows]
    names = np.unique(of_rows)
    rng = np.random.Generator(np.random.PCG64(split.seed))
    drawn = rng.permutation(names)
    where = place(samples.file, column=split.column)
    n_test, n_val = _count(where, "groups", len(names), split, n_folds)

    def collect(groups: npt.NDArray[np.str_]) -> RowArray:
        chosen: RowArray = rows[np.isin(of_rows, groups)]
        return chosen

    if n_folds > 1:
        cut = np.array_split(drawn[n_test:], n_folds)
        return _gather(collect(drawn[:n_test]), list(map(collect, cut)), rows[:0])
    validation, others = drawn[n_test : n_test + n_val], drawn[n_test + n_val :]
    return _gather(collect(drawn[:n_test]), [collect(validation)], collect(others))


def _follow_column(samples: Samples, rows: RowArray, split: ColumnSplit, n_folds: int) -> Parts:
    """Return the parts as a column names them; see `models.data.splitting.cells`."""
    assert samples.belongs is not None
    said, where = samples.belongs[rows], place(samples.file, column=split.column)
    test, train = rows[said == "test"], rows[said == "train"]
    folds = sorted({int(name) for name in np.unique(said) if name not in SPLITS})
    if not folds:
        if n_folds > 1:
            raise DataError(f"{where}: names no folds, and {n_folds} are asked for")
        for name, found in (("train", train), ("val", rows[said == "val"])):
            if not len(found):
                raise DataError(f"{where}: no row with all features and a label says {name}")
        return _gather(test, [rows[said == "val"]], train)
    if folds != list(range(1, len(folds) + 1)) or len(folds) < 2:
        listed = ", ".join(map(str, folds[:8]))
        found = f"the folds {listed}" if len(folds) > 1 else f"fold {listed} alone"
        raise DataError(f"{where}: found {found}; expected 1, 2 and so on without a gap")
    if n_folds not in {1, len(folds)}:
        raise DataError(f"{where}: names {len(folds)} folds, and {n_folds} are asked for")
    return _gather(test, [rows[said == str(number)] for number in folds], train)


def _count(
    where: str,
    what: str,
    n: int,
    split: RandomSplit | StratifiedSplit | GroupSplit,
    n_folds: int,
) -> tuple[int, int]:
    """Return how many rows or groups test, and how many validate where there are no folds."""
    n_test = max(1, round(split.test * n)) if split.test else 0
    n_val = max(1, round(split.val * n))
    tested = ", and one part to test on" if split.test else ""
    few = f"{where}: {n} {what} are too few" if n > 1 else f"{where}: 1 {what[:-1]} is too few"
    if n_folds == 1 and n - n_test - n_val < 1:
        raise DataError(f"{few} to train and validate on{tested}, each of its own {what}")
    if n_folds > 1 and n - n_test < n_folds:
        raise DataError(f"{few} for {n_folds} folds{tested}, each of its own {what}")
    return n_test, n_val


def _step_evenly(n: int, n_taken: int) -> npt.NDArray[np.bool_]:
    """Say which of n in a row are taken, so that any stretch has its share to within one."""
    steps = np.arange(n + 1) * n_taken // n if n else np.zeros(1, dtype=np.int64)
    return np.diff(steps) > 0


def _gather(test: RowArray, validations: list[RowArray], others: RowArray) -> Parts:
    return Parts(np.sort(test), tuple(map(np.sort, validations)), np.sort(others))


def _open_part(
    samples: Samples, split: UnorderedSplit, parts: Parts, at: int, number: int | None
) -> Fold:
    """Return one fold, whose labels are enough for a score."""
    rest = [rows for other, rows in enumerate(parts.validations) if other != at]
    train = np.sort(np.concatenate([parts.others, *rest]))
    is_last = at == len(parts.validations) - 1
    test = parts.test if is_last else parts.test[:0]
    chosen: dict[SplitName, RowArray] = {"train": train, "val": parts.validations[at]}
    if len(test):
        chosen["test"] = test
    notices = []
    for name, rows in chosen.items():
        of = "" if number is None or name == "test" else f" of fold {number}"
        where = f"{samples.file}: the {name} part{of}"
        notices += _check_part(samples, rows, name, where, split, is_fold=number is not None)
    told = SplitRows(train, parts.validations[at], test, tuple(notices))
    unseen = None if is_last else parts.test
    return Fold(number, 0, len(samples.labels), told, unseen=unseen)


def _check_part(
    samples: Samples,
    rows: RowArray,
    name: SplitName,
    where: str,
    split: UnorderedSplit,
    *,
    is_fold: bool,
) -> list[str]:
    try:
        return check_split_labels(samples, rows, name, where, is_fold=is_fold and name == "val")
    except DataError as error:
        has_classes = samples.task != "regression"
        if not (isinstance(split, RandomSplit) and has_classes):
            raise
        raise DataError(f"{error}; a stratified split gives each its share") from None
