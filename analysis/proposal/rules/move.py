"""A move: what one rule proposes to do with one hyperparameter, and on what evidence."""

from dataclasses import dataclass
from typing import Literal

MoveRule = Literal[
    "extend", "fill", "narrow", "shift", "widen", "regions", "coarsen", "fix", "choose", "leave"
]


@dataclass(frozen=True, slots=True)
class Move:
    """What to do with one hyperparameter.

    Attributes
    ----------
    param
        Its column in the frame.
    action
        The rule that holds.
    values
        Values to try in trials, the most promising first; numbers or words.
    low, high
        The range to search next; of words None.
    step
        The distance of the values of that range, where there is to be one.
    evidence
        Why, in one sentence with figures.
    is_established
        Whether the levels differ at equal other hyperparameters; otherwise this is a hunch that
        trials are to test.
    is_distinguishable
        Whether a step to these values could be told from noise; None where that is not known.
    """

    param: str
    action: MoveRule
    values: tuple[float | str, ...]
    low: float | None
    high: float | None
    evidence: str
    step: float | None = None
    is_established: bool = True
    is_distinguishable: bool | None = None
