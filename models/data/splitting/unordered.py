"""Splits of rows without time: at random, by class, by groups, or as a column says."""

from dataclasses import dataclass

from models.errors import DataError


@dataclass(frozen=True, slots=True)
class RandomSplit:
    """Shares of the rows, drawn with a seed.

    Raises
    ------
    DataError
        If the shares leave nothing, or the seed is below 0.
    """

    val: float = 0.2
    test: float = 0.2  # 0 for no test rows
    seed: int = 0

    def __post_init__(self) -> None:
        _refuse_shares("random split", self.val, self.test, self.seed)


@dataclass(frozen=True, slots=True)
class StratifiedSplit:
    """Shares of the rows, drawn with a seed so that every class has its share of each.

    Raises
    ------
    DataError
        If the shares leave nothing, or the seed is below 0.
    """

    val: float = 0.2
    test: float = 0.2  # 0 for no test rows
    seed: int = 0

    def __post_init__(self) -> None:
        _refuse_shares("stratified split", self.val, self.test, self.seed)


@dataclass(frozen=True, slots=True)
class GroupSplit:
    """Shares of the groups, whatever their size, drawn with a seed; each is whole on one side.

    Raises
    ------
    DataError
        If the shares leave nothing, or the seed is below 0.
    """

    column: str  # names the group of each row
    val: float = 0.2
    test: float = 0.2  # 0 for no test rows
    seed: int = 0

    def __post_init__(self) -> None:
        _refuse_shares("split by groups", self.val, self.test, self.seed)


@dataclass(frozen=True, slots=True)
class ColumnSplit:
    """What a column says: train, val or test, or the number of the fold that a row validates."""

    column: str


UnorderedSplit = RandomSplit | StratifiedSplit | GroupSplit | ColumnSplit


def _refuse_shares(what: str, val: float, test: float, seed: int) -> None:
    if not (val > 0 and test >= 0 and val + test < 1):
        raise DataError(
            f"{what}: found val={val} and test={test}; expected a share above 0 to validate on, "
            "one of 0 or more to test on, and a sum below 1"
        )
    if seed < 0:
        raise DataError(f"{what}: found seed {seed}; expected 0 or more")
