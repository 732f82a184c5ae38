"""Folds in time: consecutive validation periods, each trained on all before it (walk-forward)."""

from dataclasses import dataclass, replace
from itertools import pairwise

from models.data.splitting.demands import check_split_labels
from models.data.splitting.periods import Borders, OrderedSplit, find_borders, split_rows
from models.data.splitting.samples import RowArray, Samples, SplitRows
from models.errors import DataError


@dataclass(frozen=True, slots=True)
class FoldRule:
    """How many folds there are, and where.

    Attributes
    ----------
    n_folds : int
        K; one is the split as it is.
    cuts_validation : bool
        Whether they share the validation period; else each has as many rows as it, and the last
        ends where the test period starts.

    Raises
    ------
    DataError
        If there is no fold.
    """

    n_folds: int = 1
    cuts_validation: bool = False

    def __post_init__(self) -> None:
        if self.n_folds < 1:
            raise DataError(f"folds: found {self.n_folds}; expected 1 or more")


@dataclass(frozen=True, slots=True)
class Fold:
    """The rows of one fold.

    Attributes
    ----------
    number : int or None
        From 1, in time order; None where there is one fold alone.
    first, end : int
        The first row of its validation period, and the row after its last.
    rows : SplitRows or None
        Its samples, those of the test period in the last fold alone; None where it is dropped.
    dropped : str
        Why it has no samples.
    unseen : int array or None
        Rows up to its end whose labels nobody may know who trains on it: the test rows of a split
        without order, in every fold but the last.
    """

    number: int | None
    first: int
    end: int
    rows: SplitRows | None
    dropped: str = ""
    unseen: RowArray | None = None

    @property
    def known(self) -> int | None:
        """How many rows of the data may be known to whoever trains on it: all up to its end.

        None for the last fold that is kept, whose data go on to the test period.
        """
        has_test = self.rows is not None and len(self.rows.test) > 0
        return None if has_test else self.end


def split_folds(samples: Samples, split: OrderedSplit, rule: FoldRule) -> tuple[Fold, ...]:
    """Choose the rows of every fold; see `split_rows`, whose rules hold at every border.

    The training period of a fold starts where the data's does and ends where its validation
    period starts: an expanding-window walk-forward (Tashman 2000, International Journal of
    Forecasting 16, 437-450), purged as in Lopez de Prado (2018), Advances in Financial Machine
    Learning, 7.4. A fold that lacks a class to validate on is dropped.

    Raises
    ------
    DataError
        If a border lies outside the data, the folds are too many or too short, or none is left.
    """
    borders = find_borders(samples, split)
    if rule.n_folds == 1:
        return (Fold(None, borders.val, borders.test, split_rows(samples, split)),)
    starts = _cut(samples, borders, rule)
    ends = samples.list_ends()
    test = samples.choose(ends, "test period", borders.test, borders.end)
    where = samples.describe("test period", borders.test, borders.end)
    notices = check_split_labels(samples, test, "test", where)
    folds = [
        _open_fold(samples, ends, borders.train, number, first, end)
        for number, (first, end) in enumerate(pairwise(starts), 1)
    ]
    kept = [fold for fold in folds if fold.rows is not None]
    if not kept:
        raise DataError(f"{folds[-1].dropped}; so has every other fold")
    return tuple(_add_test(one, test, notices) if one is kept[-1] else one for one in folds)


def _cut(samples: Samples, borders: Borders, rule: FoldRule) -> list[int]:
    """Return the first row of each fold, and the first of the test period.

    Raises
    ------
    DataError
        If so many do not fit.
    """
    n_folds, available = rule.n_folds, borders.test - borders.train
    length = borders.test - borders.val
    if not rule.cuts_validation:
        most = (available - samples.context - samples.horizon) // length
        if n_folds > most:
            raise DataError(
                f"{samples.file}: {n_folds} folds of {length} rows each do not leave a window to "
                f"train on before the first; found {available} rows before the test period, which "
                f"are enough for {max(1, most)}"
            )
        return [borders.test - length * left for left in range(n_folds, -1, -1)]
    shortest = samples.context + samples.horizon
    if length // n_folds < shortest:
        raise DataError(
            f"{samples.file}: {n_folds} folds of the validation period have {length // n_folds} "
            f"rows each, and a window of {samples.context} with {samples.horizon} after it for the "
            f"label needs {shortest}; found {length} rows, which are enough for "
            f"{max(1, length // shortest)}"
        )
    return [borders.val + round(length * at / n_folds) for at in range(n_folds + 1)]


def _open_fold(
    samples: Samples, ends: RowArray, train: int, number: int, first: int, end: int
) -> Fold:
    """Return a fold without the test period, or why it is dropped."""
    name = f"train period of fold {number}"
    try:
        train_rows = samples.choose(ends, name, train, first)
        where = samples.describe(name, train, first)
        notices = check_split_labels(samples, train_rows, "train", where)
    except DataError as error:
        raise DataError(f"{error}; fewer folds leave more rows before the first") from None
    name = f"val period of fold {number}"
    try:
        rows = samples.choose(ends, name, first, end)
        where = samples.describe(name, first, end)
        notices += check_split_labels(samples, rows, "val", where, is_fold=True)
    except DataError as error:
        return Fold(number, first, end, None, str(error))
    return Fold(number, first, end, SplitRows(train_rows, rows, rows[:0], tuple(notices)))


def _add_test(fold: Fold, test: RowArray, notices: list[str]) -> Fold:
    """Return the last fold with the test period, of which the others know nothing."""
    assert fold.rows is not None
    told = (*fold.rows.notices, *notices)
    return replace(fold, rows=replace(fold.rows, test=test, notices=told))
