"""On which seeds a look at a claim is: never on those alone that came out well."""

from collections.abc import Sequence

from analysis.runs.run import Run
from analysis.verdicts.dating import Dating
from trial_sets.claims.binding import BoundClaim


def choose_seeds(
    run: Run, bound: BoundClaim, dating: Dating, n_seeds: int
) -> tuple[int, ...] | None:
    """Return the seeds of a look, sorted; None for all that the claim's trials have.

    The first so many, in the order that was fixed with the claim, where the plan that was fixed
    with it has such a look, where it was judged on just these before, or where there are no
    others. Else whoever has seen the results could choose where to stop.

    Parameters
    ----------
    run
        The run.
    bound, dating
        The claim, and when it was fixed.
    n_seeds
        How many are wanted.
    """
    first = _list_order(run, dating)[:n_seeds]
    is_planned = dating.plan is not None and n_seeds in dating.plan
    seen = {look.seeds for look in dating.looks if look.run == run.info.run}
    chosen = tuple(sorted(first))
    if is_planned or chosen in seen or not find_seeds(run, bound) - set(first):
        return chosen
    return None


def are_first(run: Run, dating: Dating, seeds: Sequence[int]) -> bool:
    """Return whether seeds are the first so many, in the order that was fixed with a claim."""
    return set(seeds) == set(_list_order(run, dating)[: len(seeds)])


def count_needed(run: Run, bound: BoundClaim, dating: Dating) -> int:
    """Return the seeds of the smallest look that leaves out none of those that are there.

    In the order that was fixed with the claim; with seeds that are not in it, more than it has.
    """
    order, found = _list_order(run, dating), find_seeds(run, bound)
    if undeclared := found - set(order):
        return len(order) + len(undeclared)
    return max((at for at, seed in enumerate(order, 1) if seed in found), default=0)


def _list_order(run: Run, dating: Dating) -> tuple[int, ...]:
    """Return the study's seeds as they were fixed with the claim, and behind them later ones."""
    return tuple(dict.fromkeys([*(dating.seeds or ()), *run.info.study.seeds]))


def find_seeds(run: Run, bound: BoundClaim) -> set[int]:
    """Return the seeds that any trial of a claim, but a control, has been run with."""
    trials = bound.own_trials
    return {seed for trial in trials for seed in run.list_fits(trial.configuration.key)}
