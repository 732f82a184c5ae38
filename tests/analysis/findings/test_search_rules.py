from collections.abc import Callable, Iterator

import numpy as np
import pytest

from analysis.findings.evidence import Evidence, gather_evidence
from analysis.findings.finding import Finding
from analysis.findings.search_rules import (
    report_agreement,
    report_copies,
    report_interactions,
    report_large_top,
    report_pooling,
    report_pruning,
    report_stall,
)
from analysis.frames.frame import TrialFrame
from tests.analysis.conftest import MakeTrials

Rule = Callable[[Evidence], Iterator[Finding]]


def sentences(rule: Rule, frame: TrialFrame, n_top: int | None = None) -> list[str]:
    return [finding.sentence for finding in rule(gather_evidence(frame, n_top=n_top))]


def test_copies_in_the_top_are_counted(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[3, 3, 3, 2, 1], params={"a": [1, 1, 1, 2, 3]})
    assert sentences(report_copies, frame, 4) == [
        "The top 4 trials are 2 distinct configurations; one stands there 3 times with the same "
        "result each time."
    ]


def test_copies_that_differ_are_not_called_the_same(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[3.2, 3.1, 3, 2, 1], params={"a": [1, 1, 1, 2, 3]})
    assert sentences(report_copies, frame, 4)[0].endswith("one stands there 3 times.")


def test_seeds_are_no_copies(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[3, 3, 2, 2], params={"a": [1, 1, 2, 2]}, seed=[0, 1, 0, 1])
    assert sentences(report_copies, frame, 3) == []


def test_pooled_budgets_are_warned_about(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[1, 2, 3], params={"a": [1, 2, 3]}, budget=["20M", "2M", "2M"])
    assert sentences(report_pooling, frame) == [
        "The tables pool trials of 2 budgets, 2M (2) and 20M (1), which need not agree; --filter "
        "'budget == 2M' shows one."
    ]


def test_an_effect_that_turns_with_the_budget_is_an_interaction(
    make_trials: MakeTrials, rng: np.random.Generator
) -> None:
    a, b = rng.choice([1.0, 2.0, 3.0], 80), rng.uniform(1, 2, 80)
    slope = np.repeat([1.0, -1.0], 40)
    frame = make_trials(
        metric=slope * a + 0.1 * rng.standard_normal(80),
        params={"a": a, "b": b},
        budget=["2M"] * 40 + ["20M"] * 40,
    )
    assert sentences(report_interactions, frame) == [
        "a acts differently by budget (F test p < 0.001 after Holm over 2): the best mean is that "
        "of 3 at 2M and 1 at 20M."
    ]


def test_equal_effects_are_no_interaction(
    make_trials: MakeTrials, rng: np.random.Generator
) -> None:
    a = rng.choice([1.0, 2.0, 3.0], 80)
    frame = make_trials(
        metric=a + 0.1 * rng.standard_normal(80), params={"a": a}, tier=["a50", "a100"] * 40
    )
    assert sentences(report_interactions, frame) == []


def test_what_was_tried_at_one_budget_alone_cannot_interact(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[1.0, 2.0, 3.0, 4.0], params={"a": [1, 1, 2, 2]}, budget=["2M", "2M", "20M", "20M"]
    )
    assert sentences(report_interactions, frame) == []


def test_a_budget_without_a_hyperparameter_cannot_interact(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[1.0, 2.0, 3.0, 4.0],
        params={"a": [None, None, 1, 2], "b": [None, None, 3, 3]},
        budget=["2M", "20M", None, None],
    )
    assert sentences(report_interactions, frame) == []


def test_nearly_all_pruned_is_too_many(make_trials: MakeTrials) -> None:
    states = ["pruned"] * 9 + ["complete"]
    frame = make_trials(metric=range(10), params={"a": range(10)}, state=states)
    assert sentences(report_pruning, frame)[0].startswith("9 of 10 trials were pruned")
    half = make_trials(metric=[1, 2], params={"a": [1, 2]}, state=["pruned", "complete"])
    assert sentences(report_pruning, half) == []


def test_searches_that_agree_are_robust(make_trials: MakeTrials) -> None:
    files = ["a.db", "a.db", "b.db", "b.db"]
    frame = make_trials(metric=[1, 3, 2, 4], params={"a": [1, 2, 1, 2]}, file=files)
    assert sentences(report_agreement, frame) == [
        "a.db and b.db found the same best configuration: a robust result."
    ]
    apart = make_trials(metric=[3, 1, 2, 4], params={"a": [1, 2, 1, 2]}, file=files)
    assert sentences(report_agreement, apart) == []


def test_a_search_that_stopped_improving_is_said(make_trials: MakeTrials) -> None:
    metric = [1.0, 5.0, *np.linspace(2, 3, 40)]
    frame = make_trials(metric=metric, params={"a": range(42)}, file=["a.db"] * 42)
    assert sentences(report_stall, frame) == [
        "a.db: nothing better in the last 40 of 42 trials than the best (5.0000), where chance "
        "leaves the best that early in 4.8% of searches; the search has converged or is stuck."
    ]
    rising = make_trials(metric=range(42), params={"a": range(42)}, file=["a.db"] * 42)
    assert sentences(report_stall, rising) == []


@pytest.mark.parametrize(("place", "is_said"), [(1, True), (2, True), (3, False), (13, False)])
def test_a_best_that_chance_leaves_so_early_is_no_stall(
    make_trials: MakeTrials, place: int, is_said: bool
) -> None:
    """Of 44 trials the second is below 5 % and the third above."""
    metric = np.linspace(2, 3, 44)
    metric[place - 1] = 5
    frame = make_trials(metric=metric, params={"a": range(44)}, file="a.db")
    assert bool(sentences(report_stall, frame)) is is_said


def test_copies_are_no_further_tries(make_trials: MakeTrials) -> None:
    """The second of fifty trials, but of seven configurations."""
    a = [0, 1, 2, 3, 4, 5, 6] + [6] * 43
    frame = make_trials(metric=[1, 5, 2, 2, 2, 2, 3] + [3] * 43, params={"a": a}, file="a.db")
    assert sentences(report_stall, frame) == []
    more = [*range(60), *range(60)]
    metric = [5.0 if value == 1 else 2 + value / 100 for value in more]
    twice = make_trials(metric=metric, params={"a": more}, file="a.db")
    assert "in the last 58 of 60 distinct configurations" in sentences(report_stall, twice)[0]


def test_trials_are_taken_in_the_order_of_their_numbers(make_trials: MakeTrials) -> None:
    """A table that is sorted by its metric has its best trial first, whenever it was run."""

    def judge(trials: list[str]) -> list[str]:
        metric, params = np.linspace(5, 2, 42), {"a": range(42)}
        frame = make_trials(metric=metric, params=params, file="a.csv", trial=trials)
        return sentences(report_stall, frame)

    assert judge([f"T{n}" for n in range(42)]) == []
    assert judge([str(n) for n in (20, *range(20), *range(21, 42))]) == []
    assert "in the last 40 of 42 trials" in judge([str(n) for n in (1, 0, *range(2, 42))])[0]


def test_a_top_of_most_trials_is_warned_about(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=range(70), params={"a": [1, 2] * 35})
    assert sentences(report_large_top, frame)[0].startswith("The top 60 holds more than half")
    assert sentences(report_large_top, frame, 10) == []
