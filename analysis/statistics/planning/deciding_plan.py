"""The cheapest folds and seeds that decide claims."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from analysis.statistics.planning.claim_power import (
    USUAL_POWER,
    ClaimTarget,
    predict_power,
)
from analysis.statistics.planning.design import Design
from analysis.statistics.planning.variance_parts import VarianceParts


@dataclass(frozen=True, slots=True)
class DecidingPlan:
    """The cheapest plan that decides some claims.

    Attributes
    ----------
    design : Design
    cost : float
        In the units of the cost function.
    """

    design: Design
    cost: float


def find_deciding_plan(
    targets: Sequence[ClaimTarget],
    parts: VarianceParts,
    *,
    plan: Callable[[int, int], Design],
    cost: Callable[[int, int], float],
    max_folds: int,
    max_seeds: int,
    power: float = USUAL_POWER,
) -> DecidingPlan | None:
    """Return the cheapest folds x seeds that decide all of some claims.

    Parameters
    ----------
    targets : sequence of ClaimTarget
        Each has to be confirmed where it is true by its `ClaimTarget.truth`, and refuted where the
        difference is zero, with the power.
    parts : VarianceParts
    plan : callable
        The design of so many folds and seeds.
    cost : callable
        What so many folds and seeds cost; more seeds cost more.
    max_folds, max_seeds : int
        Where to stop looking.
    power : float

    Returns
    -------
    DecidingPlan or None
        None if nothing within the bounds decides them.
    """

    def decides(n_folds: int, n_seeds: int) -> bool:
        design = plan(n_folds, n_seeds)
        return all(predict_power(target, parts, design).decides(power) for target in targets)

    best: DecidingPlan | None = None
    for n_folds in range(1, max_folds + 1):
        n_seeds = _find_fewest(partial(decides, n_folds), max_seeds)
        if n_seeds is not None:
            price = cost(n_folds, n_seeds)
            if best is None or price < best.cost:
                best = DecidingPlan(plan(n_folds, n_seeds), price)
    return best


def _find_fewest(decides: Callable[[int], bool], most: int) -> int | None:
    """Return the fewest seeds that are enough; more seeds never tell less."""
    low, high = 1, most
    if not decides(most):
        return None
    while low < high:
        middle = (low + high) // 2
        if decides(middle):
            high = middle
        else:
            low = middle + 1
    return high
