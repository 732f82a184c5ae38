"""What the p of a claim has to stay below, as often as the claim was looked at."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.numbers import format_p
from analysis.statistics.comparisons.multiplicity import ALPHA
from analysis.statistics.planning.looks import (
    adjust_for_looks,
    count_charged,
    list_thresholds,
)
from analysis.verdicts.dating import Dating, Look

_ROUNDING = 1e-6  # relative; what other machines compute of the same results


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

    One that was stopped keeps the adjusted p of the look at which it was: what its family came to
    later takes nothing from it. The level is what the rules give for that look, whatever the stop
    says.

    Parameters
    ----------
    dating
        The claim's.
    p_alone, p_holm
        Of the claim by itself, and adjusted over its family as it is now.
    n_seeds, look_number
        Of this look.
    alpha
        Where there is no plan; no plan's level is above it.
    """
    planned = _find_planned(dating, n_seeds, look_number)
    least, p_value = p_alone, p_holm
    if planned is None:
        least, p_value = (_charge(dating, p, look_number) for p in (p_alone, p_holm))
    if dating.stop is not None and dating.stop.p_holm is not None:
        p_value = max(dating.stop.p_holm, least)
    level = alpha if planned is None else min(planned, alpha)
    return Threshold(p_value, level, is_planned=planned is not None)


def doubt_stop(
    dating: Dating, *, p_alone: float, n_seeds: int, look_number: int, alpha: float = ALPHA
) -> str | None:
    """Say why a stop is not one that the rules give, a clause; None where it may be.

    Its plan is that which the claim was fixed with, its level what that has for the look, or
    without a plan `alpha`, and its p not below that of the claim by itself.

    Parameters
    ----------
    dating
        As it was at the stop, which it has.
    p_alone
        From the results of the look.
    n_seeds, look_number, alpha
        As in `find_threshold`.
    """
    stop = dating.stop
    assert stop is not None
    if stop.is_planned and stop.plan != dating.plan:
        return "by a plan of looks that the claim was not fixed with"
    least = find_threshold(
        replace(dating, stop=None),
        p_alone=p_alone,
        p_holm=p_alone,
        n_seeds=n_seeds,
        look_number=look_number,
        alpha=alpha,
    )
    is_level = math.isclose(stop.threshold, least.level, rel_tol=_ROUNDING)
    if stop.is_planned != least.is_planned or not is_level:
        return f"at a level of {stop.threshold:g}, where the rules give {least.level:.3g}"
    if stop.p_holm is not None and stop.p_holm < least.p_value * (1 - _ROUNDING):
        return f"by {format_p(stop.p_holm)}, less than its results give, {format_p(least.p_value)}"
    return None


def find_last_level(
    dating: Dating, plan: Sequence[int] | None, look_number: int, alpha: float = ALPHA
) -> float:
    """Return what p will have to stay below at the last look, before what Holm makes of it.

    Parameters
    ----------
    dating
        The claim's.
    plan
        That holds for it; None where its looks are charged.
    look_number
        Of the last look.
    alpha
        Where there is no plan.
    """
    if plan is not None:
        return min(list_thresholds(plan)[-1], alpha)
    return alpha / count_charged(*_count_looks(dating, look_number))


def _find_planned(dating: Dating, n_seeds: int, look_number: int) -> float | None:
    """Return what p has to stay below by the declared plan; None where the looks left it.

    Each number of seeds is looked at once: other seeds in place of some are another look. A look
    in another run, at other folds or rows, is one beside the plan.
    """
    plan, before = dating.plan, dating.list_before(look_number)
    looks = [*(len(look.seeds) for look in before), n_seeds]
    if plan is None or not set(looks) <= set(plan) or len(set(looks)) < len(looks):
        return None
    if any(_is_elsewhere(dating, look) for look in before):
        return None
    return list_thresholds(plan)[plan.index(n_seeds)]


def _charge(dating: Dating, p_value: float, look_number: int) -> float:
    """Multiply p by the looks that it was one of, of each run for itself."""
    return adjust_for_looks(p_value, *_count_looks(dating, look_number))


def _count_looks(dating: Dating, look_number: int) -> tuple[int, tuple[int, ...]]:
    """Return the looks up to one: in its run, and in each other."""
    before = dating.list_before(look_number)
    elsewhere = Counter(look.run for look in before if _is_elsewhere(dating, look))
    return look_number - elsewhere.total(), tuple(elsewhere.values())


def _is_elsewhere(dating: Dating, look: Look) -> bool:
    return dating.run is not None and look.run != dating.run
