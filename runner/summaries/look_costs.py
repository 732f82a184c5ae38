"""What each look of a plan of looks costs, if every claim goes on to it."""

from collections.abc import Iterator, Sequence

from runner.planning.plan import Plan
from trial_sets.configuration import StrictModel


class LookCost(StrictModel):
    """The fits that a look adds to those of the look before."""

    number: int  # from 1
    seeds: int  # that the claims are judged on
    fits: int
    fits_to_run: int
    seconds: float | None  # of what is to run, on the plan's workers, without early stopping


def list_look_costs(plan: Plan, looks: Sequence[int]) -> tuple[LookCost, ...]:
    """Return what each look of a plan adds.

    Parameters
    ----------
    plan
        With the fits of the last look.
    looks
        Numbers of seeds at each.
    """
    return tuple(_list_costs(plan, looks))


def _list_costs(plan: Plan, looks: Sequence[int]) -> Iterator[LookCost]:
    before = 0
    for number, n_seeds in enumerate(looks, 1):
        seeds = plan.info.study.seeds[before:n_seeds]
        fits = [planned for planned in plan.fits if planned.fit.seed in seeds]
        missing = [planned for planned in fits if planned.action == "run"]
        seconds = plan.estimate_s(missing)
        yield LookCost(
            number=number,
            seeds=n_seeds,
            fits=len(fits),
            fits_to_run=len(missing),
            seconds=None
            if seconds is None
            else seconds / min(plan.count_workers(), len(missing) or 1),
        )
        before = n_seeds
