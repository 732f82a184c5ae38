"""Which sampler fits a space and a budget, and what speaks against one.

Where the guides contradict themselves, this holds here:

- One criterion cuts the number of hyperparameters at 2 and 4, a matrix of budgets at 3 and 6: the
  first decides, and the matrix where it says more (a long budget gives 3 or 4 a model-based
  sampler; without a known range nothing is finer than random).
- "Any time without knowledge: random" and "medium time, unknown: Bayesian": random.
- A grid "below 50 configurations" and "above 100 always random": a grid to 50 points where there
  are one or two hyperparameters, none above 100.
- The budget is called hours and computed as hours over seconds an epoch: it is hours here.
- A page runs TPE for 10 trials, and a guide allows no Bayesian search below 20: TPE draws its first
  10 trials at random, so that 10 trials of it are 10 trials of random, and nothing speaks against.
- Random search is called ten times, fifteen times and two times worse or better than others: no
  such factor is said here.
- Gaussian processes are called good at "5 to 10 and more" hyperparameters by one guide and slow by
  another: what a model-based search means here is TPE, and a GP is advised for up to four.
"""

from dataclasses import dataclass

from trial_sets.linting.space import MOST_POINTS
from trial_sets.records.search_info import SamplerName
from trial_sets.space import SearchSpace
from trial_sets.tuning.size import SpaceSize, measure_size
from trial_sets.tuning.tiers import find_kind
from trial_sets.wording import join_words

FEW, SOME = 2, 4  # hyperparameters: a grid or by hand; random; above it TPE
EASY_GRID = 50  # points that a grid may have without a second thought
FEWEST_FOR_MODEL = 20  # trials, below which a model of the scores learns too little
ENOUGH_FOR_MODEL = 100  # trials, from which it gains on random search
SHORT_HOURS, MEDIUM_HOURS, LONG_HOURS = 10.0, 100.0, 1000.0
MANY_FOR_GP = 10  # hyperparameters
STARTUP = 10  # trials that TPE and GP draw at random before their model counts
_MOST_SHOWN = 6
_MODELS: frozenset[SamplerName] = frozenset({"tpe", "gp", "cmaes"})


@dataclass(frozen=True, slots=True)
class Strategy:
    """A sampler, why it fits, and what a budget of this size is good for."""

    sampler: SamplerName
    reason: str
    budget: str = ""  # what the guides do with the hours; empty where none are known


def choose_strategy(
    space: SearchSpace, n_trials: int | None = None, hours: float | None = None
) -> Strategy:
    """Return the sampler that fits.

    Parameters
    ----------
    space
        What is searched.
    n_trials
        Trials that the budget allows, where that is known.
    hours
        Of one device, that all trials may take together.
    """
    size, budget = measure_size(space), "" if hours is None else describe_budget(hours)
    sampler, reason = _choose(space, size, n_trials, hours)
    return Strategy(sampler, reason, budget)


def _choose(
    space: SearchSpace, size: SpaceSize, n_trials: int | None, hours: float | None
) -> tuple[SamplerName, str]:
    """Return a sampler and why: by the number of hyperparameters, then by the budget."""
    n, said = len(space.dimensions), _count_words(len(space.dimensions))
    if n <= FEW:
        return _choose_for_few(space, size, said)
    if n_trials is not None and n_trials < FEWEST_FOR_MODEL:
        return "random", (
            f"{n_trials} trials: below {FEWEST_FOR_MODEL} a model of the scores has too little to "
            f"learn from (TPE draws its first {STARTUP} at random anyway)"
        )
    if n_trials is None and hours is not None and hours < SHORT_HOURS:
        return "random", f"{said} in less than {SHORT_HOURS:g} hours: draw at random"
    is_long = (hours or 0) >= MEDIUM_HOURS or (n_trials or 0) >= ENOUGH_FOR_MODEL
    if n > SOME or is_long:
        why = f"above {SOME}" if n > SOME else "with a long budget"
        return "tpe", f"{said}: {why} a model of the scores finds better points sooner"
    return "random", f"{said}: every draw at random tries a new value of each, a grid repeats a few"


def _choose_for_few(space: SearchSpace, size: SpaceSize, said: str) -> tuple[SamplerName, str]:
    if not size.is_infinite and size.combinations <= EASY_GRID:
        return "grid", f"{said} and {size.combinations} points: a grid tries them all"
    if [find_kind(name) for name in space.dimensions] == ["rate"]:
        return "manual", (
            "the learning rate alone: a range test and at most five fits, each lower where the "
            "loss oscillates or stalls, are faster than a search"
        )
    if size.is_infinite:
        names = join_words(size.continuous)
        return "random", f"{said}: draw at random, or give {names} steps or choices for a grid"
    return "random", f"{said} but {size.combinations:,} points, above the {EASY_GRID} of a grid"


def _count_words(n: int) -> str:
    return f"{n} hyperparameter{'s' * (n > 1)}"


def describe_budget(hours: float) -> str:
    """Say what the guides do with so many hours of one device."""
    if hours < 1:
        return "under an hour: tune by hand"
    if hours < SHORT_HOURS:
        return (
            f"under {SHORT_HOURS:g} hours: tune the learning rate alone, by a range test and 5 to "
            "10 rates of one seed each"
        )
    if hours < MEDIUM_HOURS:
        return (
            f"{SHORT_HOURS:g} to {MEDIUM_HOURS:g} hours: 50 to 100 random trials of 3 or 4 "
            "hyperparameters, one seed each"
        )
    if hours < LONG_HOURS:
        return (
            f"{MEDIUM_HOURS:g} to {LONG_HOURS:g} hours: 200 to 300 trials of TPE over 4 or 5 "
            "hyperparameters, then 2 or 3 seeds of the best five"
        )
    return (
        f"{LONG_HOURS:g} hours and more: 500 and more trials of TPE with a pruner, then 3 and more "
        "seeds of the best"
    )


def weigh_sampler(
    sampler: SamplerName, space: SearchSpace, n_trials: int | None = None
) -> tuple[str, ...]:
    """Return what speaks against a sampler in a space, or has to be known of it, as sentences."""
    size = measure_size(space)
    if sampler == "grid":
        return _weigh_grid(space, size)
    said: list[str] = []
    if sampler in _MODELS and n_trials is not None and n_trials < FEWEST_FOR_MODEL:
        said.append(
            f"{n_trials} trials are few for {sampler}: below {FEWEST_FOR_MODEL} its model learns "
            "little, and what it finds is what random draws find"
        )
    if sampler == "gp":
        said += _weigh_gp(space)
    unordered = list_unordered(space)
    if sampler == "cmaes" and (unordered or space.is_conditional):
        said.append(
            "cmaes moves numbers that are always there; choices and conditional dimensions are "
            "drawn at random beside it"
        )
    if sampler == "manual" and any(find_kind(name) != "rate" for name in space.dimensions):
        said.append("manual tunes the learning rate alone and leaves the rest at the base's values")
    return tuple(said)


def list_unordered(space: SearchSpace) -> list[str]:
    """Return the dimensions whose values have no order: texts and switches."""
    return [name for name, dim in space.dimensions.items() if dim.kind in {"str", "bool"}]


def _weigh_grid(space: SearchSpace, size: SpaceSize) -> tuple[str, ...]:
    said = []
    if size.is_infinite:
        said.append(f"a grid needs a step or choices for {join_words(size.continuous)}")
    if len(space.dimensions) > SOME or size.grid_points > MOST_POINTS:
        said.append(
            f"a grid grows as levels to the power of hyperparameters, here to "
            f"{size.grid_points:,} points; above {MOST_POINTS} draw at random"
        )
    return tuple(said)


def _weigh_gp(space: SearchSpace) -> list[str]:
    """Say what is known of Gaussian processes that bears on a space."""
    said = [
        "a GP goes on from the best score so far, and another seed gives the same values another "
        "score: the best may be luck, so validate it with several seeds",
        "a GP rests on its kernel (here the Matern 5/2 of Optuna): where scores jump or bend "
        "otherwise it is misled",
    ]
    if unordered := list_unordered(space):
        names = join_words(unordered, most=_MOST_SHOWN)
        said.insert(0, f"a GP takes distances between values, and {names} have none: TPE fits them")
    if space.is_conditional:
        said.append("a GP knows no conditional dimensions: TPE does")
    if len(space.dimensions) > MANY_FOR_GP:
        said.append(
            f"{len(space.dimensions)} hyperparameters are many for a GP: it slows down and needs "
            "more trials with each"
        )
    return said
