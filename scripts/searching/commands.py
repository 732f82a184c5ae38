"""The commands that a search prints: its phases, and what comes after it."""

from collections.abc import Iterator
from dataclasses import replace

from runner.planning.request import Request
from runner.search.planning import SearchPlan
from runner.summaries.trial_price import TrialPrice
from scripts.running.final_commands import (
    join_command,
    list_search_commands,
    write_proposal,
    write_run_options,
)
from trial_sets.records.request import DEFAULT_STUDY
from trial_sets.tuning.final import has_test_rows, lengthen_training
from trial_sets.tuning.phases import GUIDE_TOTAL, SEEDS, list_phases, split_budget
from trial_sets.tuning.strategy import choose_strategy

_FEWEST = SEEDS + 2  # fits of three phases


def list_phase_commands(plan: SearchPlan, price: TrialPrice) -> Iterator[tuple[str, str, str]]:
    """Yield the phases of a search: each one's name, what it is for, and its command."""
    request, run = plan.asked.request, plan.run.folder
    split = split_budget(max(_count_fits(plan, price), _FEWEST))
    phases = list_phases(
        request.study,
        split,
        sampler=choose_strategy(plan.searched.space, split.explore).sampler,
        options=_list_shared(request),
        storage=str(run.of_search("explore").journal),
        best_file=str(run.of_search("refine").best_file),
    )
    space = plan.asked.space_file
    for phase in phases:
        more = ["--space", space] if space and phase.command[0] == "run_search" else []
        yield phase.name, phase.purpose, join_command([*phase.command, *more])


def list_validation(plan: SearchPlan) -> Iterator[tuple[str, str]]:
    """Yield the commands that run the best trials with several seeds, and evaluate the winner."""
    info = plan.run.info
    yield from list_search_commands(
        plan.asked.request,
        str(plan.folder.best_file),
        n_seeds=_count_seeds(plan),
        epochs=lengthen_training(info.study.base, plan.searched.space.dimensions),
        has_test=has_test_rows(info),
    )


def write_analysis(plan: SearchPlan) -> str:
    """Return the command that reports on a search."""
    return join_command(["analyze", str(plan.folder.path / plan.folder.section)])


def write_next_round(plan: SearchPlan) -> tuple[str, str]:
    """Return what proposes a round of sets from a search."""
    folder = str(plan.folder.path / plan.folder.section)
    return write_proposal(folder, plan.run.info.study.name)


def _count_seeds(plan: SearchPlan) -> int:
    return min(SEEDS, len(plan.run.info.study.seeds))


def _count_fits(plan: SearchPlan, price: TrialPrice) -> int:
    """Return how many fits there are to spend: those asked for, what hours allow, or a guide's."""
    if plan.n_trials is not None:
        return plan.n_trials
    if plan.asked.hours is not None and price.seconds:
        return int(3600 * plan.asked.hours * plan.info.jobs / price.seconds)
    return GUIDE_TOTAL


def _list_shared(request: Request) -> list[str]:
    """Return the options that say how a run is made, but for its study."""
    return write_run_options(replace(request, study=DEFAULT_STUDY, sets_file=None, folds=None))
