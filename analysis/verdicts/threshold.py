"""What the p of a claim has to stay below, as often as the claim was looked at."""

from dataclasses import dataclass

from analysis.statistics.comparisons.multiplicity import ALPHA
from analysis.statistics.planning.looks import adjust_for_looks, list_thresholds
from analysis.verdicts.dating import Dating


@dataclass(frozen=True, slots=True)
class Threshold:
    """An adjusted p and what it has to stay below.

    Attributes
    ----------
    p_value : float
        Adjusted over the family, and for the looks where no plan does it.
    level : float
        That it has to stay below.
    is_planned : bool
        Whether that is the declared plan's.
    """

    p_value: float
    level: float
    is_planned: bool


def find_threshold(
    dating: Dating,
    *,
    p_alone: float,
    p_holm: float,
    n_seeds: int,
    look_number: int,
    alpha: float = ALPHA,
) -> Threshold:
    """Return what a claim is held to at a look.

    One that was stopped keeps the adjusted p and the level of the look at which it was: what its
    family came to later takes nothing from it.

    Parameters
    ----------
    dating
        The claim's.
    p_alone, p_holm
        Of the claim by itself, and adjusted over its family as it is now.
    n_seeds, look_number
        Of this look.
    alpha
        Where there is no plan.
    """
    stop = dating.stop
    if stop is not None and stop.p_holm is not None:
        return Threshold(max(stop.p_holm, p_alone), stop.threshold, stop.is_planned)
    planned = _find_planned(dating, n_seeds, look_number)
    if planned is None:
        return Threshold(adjust_for_looks(p_holm, look_number), alpha, is_planned=False)
    return Threshold(p_holm, planned, is_planned=True)


def _find_planned(dating: Dating, n_seeds: int, look_number: int) -> float | None:
    """Return what p has to stay below by the declared plan; None where the looks left it.

    Each number of seeds is looked at once: other seeds in place of some are another look.
    """
    plan = dating.plan
    looks = [len(look.seeds) for look in dating.looks if look.n_repeats > 1]
    if look_number > len(looks):  # this one is not entered yet
        looks.append(n_seeds)
    if plan is None or not set(looks) <= set(plan) or len(set(looks)) < len(looks):
        return None
    return list_thresholds(plan)[plan.index(n_seeds)]
