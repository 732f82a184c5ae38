"""The rows of every fold, whatever kind of split they come from."""

from models.data.splitting.folds import Fold, FoldRule, split_folds
from models.data.splitting.parts import split_parts
from models.data.splitting.periods import OrderedSplit, SplitDates, SplitFractions
from models.data.splitting.samples import Samples
from models.data.splitting.unordered import UnorderedSplit

Split = OrderedSplit | UnorderedSplit


def is_ordered(split: Split) -> bool:
    """Say whether a split goes by time: its rows need dates, and may have windows."""
    return isinstance(split, SplitDates | SplitFractions)


def choose_folds(samples: Samples, split: Split, rule: FoldRule) -> tuple[Fold, ...]:
    """Choose the rows of every fold; see `split_folds` and `split_parts`.

    Raises
    ------
    DataError
        If the rows do not allow of such a split.
    """
    if isinstance(split, SplitDates | SplitFractions):
        return split_folds(samples, split, rule)
    return split_parts(samples, split, rule)
