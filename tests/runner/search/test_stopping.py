"""Stop rules hold when what they say has been seen, and not a trial before."""

import pytest

from runner.search.stopping import find_end
from runner.search.trials import SearchTrial, TrialState
from trial_sets.records.search_info import StopRule


def make(scores: list[float | None], state: TrialState = "failed") -> list[SearchTrial]:
    """Return trials of these scores; those without one are in a state of their own."""
    return [
        SearchTrial(n, {}, state if score is None else "complete", score, fit=f"trial-{n:05d}")
        for n, score in enumerate(scores)
    ]


def rule(kind: str, limit: float) -> tuple[StopRule, ...]:
    return (StopRule.model_validate({"kind": kind, "limit": limit}),)


def test_none_better_holds_after_so_many_ended_trials() -> None:
    scores: list[float | None] = [0.5, 0.9, *[0.6] * 3, None]
    assert find_end(rule("no-better", 4), make(scores), 1) is not None
    assert find_end(rule("no-better", 5), make(scores), 1) is None
    stop = find_end(rule("no-better", 4), make(scores), 1)
    assert stop is not None
    assert (stop.rule, stop.n_ended) == ("no-better=4", 6)
    assert stop.sentence == "none of the last 4 trials was better than 0.9 of trial-00001"


@pytest.mark.parametrize("state", ["pruned", "failed"])
def test_pruned_and_failed_trials_count_for_none_better_and_not_for_same_best(
    state: TrialState,
) -> None:
    trials = make([0.9, 0.5, None, None, 0.4], state)
    assert find_end(rule("no-better", 4), trials, 1) is not None
    assert find_end(rule("same-best", 2), trials, 1) is not None
    assert find_end(rule("same-best", 3), trials, 1) is None


def test_running_trials_end_nothing() -> None:
    assert find_end(rule("no-better", 2), make([0.9, 0.5, None], "running"), 1) is None


def test_a_better_trial_within_the_last_ones_goes_on() -> None:
    assert find_end(rule("same-best", 3), make([0.5, 0.6, 0.7, 0.6]), 1) is None
    assert find_end(rule("same-best", 3), make([0.5, 0.6, 0.7, 0.6]), -1) is not None


def test_a_small_gain_over_fifty_trials_ends_the_search() -> None:
    slow = [1.0, *[1.0 + 0.0005 * n for n in range(1, 51)]]
    stop = find_end(rule("gain", 0.001), make([*slow]), 1)
    assert stop is not None
    assert "from 1 to 1.025, 0.0005 a trial, less than 0.1 % of it" in stop.sentence
    assert find_end(rule("gain", 0.0004), make([*slow]), 1) is None
    assert find_end(rule("gain", 0.001), make(slow[:50]), 1) is None
    fast = [1.0, *[1.0 + 0.002 * n for n in range(1, 51)]]
    assert find_end(rule("gain", 0.001), make([*fast]), 1) is None


def test_copied_trials_count_for_the_best_alone() -> None:
    foreign = SearchTrial(0, {}, "complete", 0.99, foreign="theirs.db")
    own = [SearchTrial(n, {}, "complete", 0.5, fit=f"trial-{n:05d}") for n in (1, 2)]
    assert find_end(rule("no-better", 2), [foreign, *own], 1) is not None
    assert find_end(rule("no-better", 3), [foreign, *own], 1) is None
