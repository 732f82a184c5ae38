"""A search in three phases, as the commands that run them: explore, refine, validate.

Many configurations with one seed each, and several seeds for the best alone: to find a good
configuration is harder than to average noise out, and the best can always be run again. Where the
guides contradict themselves, this holds here: a total of 200 that is spent as 100 + 50 + 5 x 3 =
165 is 165; "3 seeds", "1 to 3" and "5 seeds" for the best are 3, the fewest whose spread says
something; the mean of three runs is reported with an interval, not with a deviation alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from trial_sets.records.search_info import SamplerName

VALIDATED, SEEDS = 5, 3  # the best configurations, and seeds of each
EXPLORE_SHARE = 2 / 3  # of the trials, the rest refines
GUIDE_TOTAL = 165  # fits: 100 explore, 50 refine, 15 validate


@dataclass(frozen=True, slots=True)
class BudgetSplit:
    """Fits of each phase."""

    explore: int
    refine: int
    validated: int  # configurations, each with `SEEDS` seeds

    @property
    def n_fits(self) -> int:
        """Fits of all phases together."""
        return self.explore + self.refine + self.validated * SEEDS


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase: what it is for, and the command that runs it, as words."""

    name: str
    purpose: str
    command: tuple[str, ...]


def split_budget(n_fits: int) -> BudgetSplit:
    """Divide a budget of fits as 100, 50 and 5 x 3 of 165, with one configuration at the least.

    Raises
    ------
    ValueError
        If there are fewer than five fits: one to explore, one to refine, three seeds of the best.
    """
    if n_fits < SEEDS + 2:
        raise ValueError(f"n_fits={n_fits}: three phases need {SEEDS + 2}")
    validated = min(VALIDATED, max(1, round(VALIDATED * n_fits / GUIDE_TOTAL)))
    rest = n_fits - SEEDS * validated
    explore = min(rest - 1, max(1, round(EXPLORE_SHARE * rest)))
    return BudgetSplit(explore, rest - explore, validated)


def list_phases(
    study: str,
    split: BudgetSplit,
    *,
    sampler: SamplerName = "random",
    options: Sequence[str] = (),
    storage: str = "outputs/STUDY/RUN/_search-explore/optuna.journal",
    best_file: str = "best.json",
) -> tuple[Phase, ...]:
    """Return the phases of a search as commands.

    A grid leaves nothing to refine, and so has two phases; what would be tuned by hand, which is
    five fits in all, is explored at random.

    Parameters
    ----------
    study
        As ``--study`` takes it.
    split
        Fits of each phase.
    sampler
        Of the first phase; the second goes on from its trials with TPE, which draws near the best.
    options
        Words that the commands share, such as those that say which data.
    storage
        Where the first phase's trials will be.
    best_file
        A file of trials that holds the best configurations of the second phase; the first has one
        of this name beside its storage.
    """
    if sampler == "grid":
        explore = _explore(study, "grid", (), "every point of the grid, one seed each", options)
        best = str(PurePath(storage).with_name(PurePath(best_file).name))
        return explore, _validate(study, split, best, options)
    purpose = f"{split.explore} trials over the whole space, one seed each"
    trials = ("--trials", str(split.explore))
    drawn: SamplerName = "random" if sampler == "manual" else sampler
    return (
        _explore(study, drawn, trials, purpose, options),
        Phase(
            "Refine",
            f"{split.refine} more, near the best of them",
            (
                *("run_search", "--study", study, "--name", "refine", "--sampler", "tpe"),
                *("--trials", str(split.refine), "--study-from", storage, *options),
            ),
        ),
        _validate(study, split, best_file, options),
    )


def _explore(
    study: str,
    sampler: SamplerName,
    trials: tuple[str, ...],
    purpose: str,
    options: Sequence[str],
) -> Phase:
    search = ("run_search", "--study", study, "--name", "explore", "--sampler", sampler)
    return Phase("Explore", purpose, (*search, *trials, *options))


def _validate(study: str, split: BudgetSplit, best_file: str, options: Sequence[str]) -> Phase:
    return Phase(
        "Validate",
        f"the best {split.validated}, with {SEEDS} seeds each, beside the base",
        (
            *("run_supplementary", "--study", study, "--trials", best_file),
            *("--seeds", str(SEEDS), *options),
        ),
    )
