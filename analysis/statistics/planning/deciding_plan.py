"""The cheapest folds and seeds that decide claims."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from analysis.statistics.planning.claim_power import (
    USUAL_POWER,
    ClaimPower,
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
    powers : tuple of ClaimPower
        Of each claim.
    """

    design: Design
    cost: float
    powers: tuple[ClaimPower, ...]


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

    def weigh(n_folds: int, n_seeds: int) -> tuple[ClaimPower, ...] | None:
        design, powers = plan(n_folds, n_seeds), []
        for target in targets:
            powers.append(predict_power(target, parts, design))
            if not powers[-1].decides(power):
                return None
        return tuple(powers)

    best: DecidingPlan | None = None
    for n_folds in range(1, max_folds + 1):
        found = _find_fewest(partial(weigh, n_folds), max_seeds)
        if found is not None:
            n_seeds, powers = found
            price = cost(n_folds, n_seeds)
            if best is None or price < best.cost:
                best = DecidingPlan(plan(n_folds, n_seeds), price, powers)
    return best


def _find_fewest(
    weigh: Callable[[int], tuple[ClaimPower, ...] | None], most: int
) -> tuple[int, tuple[ClaimPower, ...]] | None:
    """Return the fewest seeds that are enough; more seeds never tell less."""
    low, high, found = 1, most, weigh(most)
    if found is None:
        return None
    while low < high:
        middle = (low + high) // 2
        if (powers := weigh(middle)) is None:
            low = middle + 1
        else:
            high, found = middle, powers
    return high, found
