"""How a search stands, read without changing anything, even where another runner is at it."""

from contextlib import suppress

from runner.batch.baseline_fits import read_baselines
from runner.search.outcome import SearchOutcome
from runner.search.planning import SearchPlan
from runner.search.trials import SearchTrial
from runner.storage.claims import find_claim
from runner.summaries.search_summary import SearchStanding, SearchSummary, summarize_search
from trial_sets.tuning.size import measure_size


def count_expected(plan: SearchPlan) -> int | None:
    """Return how many trials a search will have if nothing ends it early; None if nobody knows."""
    if plan.info.sampler != "grid":
        return plan.n_trials
    size = measure_size(plan.info.space)
    if not size.is_exact:
        return plan.n_trials
    n_points = size.combinations + int(plan.info.default is not None)
    return n_points if plan.n_trials is None else min(n_points, plan.n_trials)


def summarize_outcome(plan: SearchPlan, outcome: SearchOutcome) -> SearchSummary:
    """Return what a search has come to, with what the baselines of its run have."""
    study, baselines = plan.run.info.study, read_baselines(plan.run)
    return summarize_search(
        SearchStanding(study, plan.info, plan.folder, outcome, count_expected(plan), baselines)
    )


def list_interrupted(plan: SearchPlan, outcome: SearchOutcome) -> list[SearchTrial]:
    """Return the trials that have begun and nobody runs: the same command goes on with them."""
    return [trial for trial in outcome.list_state("running") if not _is_run(plan, trial)]


def _is_run(plan: SearchPlan, trial: SearchTrial) -> bool:
    with suppress(OSError):
        found = find_claim(plan.folder.fit(trial.name, plan.info.fit_seed))
        return found is not None and found.sight != "ended"
    return False
