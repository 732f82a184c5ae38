from collections.abc import Callable, Iterator

import numpy as np
import pytest

from analysis.findings.evidence import Evidence, gather_evidence
from analysis.findings.finding import Finding
from analysis.findings.value_rules import (
    report_confounding,
    report_edge,
    report_gaps,
    report_leader,
    report_no_effect,
    report_regions,
)
from tests.analysis.conftest import MakeTrials

Rule = Callable[[Evidence], Iterator[Finding]]


def peaked(
    make_trials: MakeTrials, name: str, centres: dict[float, float], n: int = 10
) -> Evidence:
    """Give each value n configurations whose metric lies about its centre."""
    noise = np.random.default_rng(0).normal(0, 0.002, n * len(centres))
    metric = np.repeat(list(centres.values()), n) + noise
    params = {name: np.repeat(list(centres), n), "salt": np.arange(len(metric)) % n}
    return gather_evidence(make_trials(metric=metric, params=params), n_top=n)


def sentences(rule: Rule, evidence: Evidence, param: str) -> list[str]:
    return [finding.sentence for finding in rule(evidence) if finding.param == param]


def test_a_leader_is_given_with_its_test(make_trials: MakeTrials) -> None:
    evidence = peaked(make_trials, "dropout", {0.1: 0.6, 0.3: 0.7})
    assert sentences(report_leader, evidence, "dropout") == [
        "dropout: 0.3 leads with 100.0% of the top 4 of 20 configurations (the levels differ at "
        "equal other hyperparameters, F test p < 0.001)."
    ]


def copied(make_trials: MakeTrials, effect: float) -> Evidence:
    """Return forty configurations, of which one of value 1 was run twenty times more."""
    rng = np.random.default_rng(4)
    a = np.tile([1.0, 2.0], 20)
    metric = 0.5 + effect * a + 0.01 * rng.standard_normal(40)
    metric[0] = 0.9
    frame = make_trials(
        metric=[*metric, *[0.9] * 20],
        params={"a": [*a, *[1.0] * 20], "b": [*range(40), *[0] * 20]},
    )
    return gather_evidence(frame, n_top=20)


def test_copies_do_not_lead(make_trials: MakeTrials) -> None:
    assert sentences(report_leader, copied(make_trials, 0.1), "a") == [
        "a: 2 leads with 87.5% of the top 8 of 40 configurations (the levels differ at equal other "
        "hyperparameters, F test p < 0.001); copies counted, 1 has 100.0% of the top 21 trials."
    ]


def test_what_was_tried_most_is_said_not_to_lead(make_trials: MakeTrials) -> None:
    (sentence,) = sentences(report_leader, copied(make_trials, 0.0), "a")
    assert sentence.startswith("a: 1 was tried most (40 of 60 trials) and has 100.0% of the top 21")
    assert (
        " trials, 37.5% of the top 8 of 40 configurations; no value leads: its levels " in sentence
    )
    assert "cannot be told apart at equal other hyperparameters (F test p = " in sentence


def test_what_was_not_tried_most_is_given_with_its_trials(
    make_trials: MakeTrials, rng: np.random.Generator
) -> None:
    metric = rng.permutation(np.linspace(0.6, 0.7, 60))
    is_top = metric > np.sort(metric)[-6]
    a = np.where(is_top, 2.0, np.where(np.arange(60) % 10 == 0, 2.0, 1.0))
    metric[(a == 2) & ~is_top] -= 0.2
    evidence = gather_evidence(make_trials(metric=metric, params={"a": a, "b": range(60)}), n_top=5)
    (sentence,) = sentences(report_leader, evidence, "a")
    n = int((a == 2).sum())
    assert sentence.startswith(f"a: 2 ({n} of 60 trials have it) has 100.0% of the top 5 trials")


def test_a_value_that_reaches_the_top_less_often_than_tried_does_not_lead(
    make_trials: MakeTrials,
) -> None:
    """The levels differ, by one that is bad; five of the top eight are 1's, and 30 of all 42."""
    metric = [0.72] * 5 + [0.70] * 25 + [0.72] * 3 + [0.70] * 3 + [0.5] * 6
    params = {"a": [1] * 30 + [2] * 6 + [3] * 6, "salt": [f"s{n}" for n in range(42)]}
    evidence = gather_evidence(make_trials(metric=metric, params=params))
    (sentence,) = sentences(report_leader, evidence, "a")
    assert sentence.endswith(
        "no value leads: 1 is no more frequent in the top than among all configurations."
    )
    assert evidence.tables[0].has_effect


def test_levels_that_cannot_be_compared_do_not_lead(make_trials: MakeTrials) -> None:
    params = {"a": [1, 2] * 10, "twin": ["p", "q"] * 10, "salt": range(20)}
    evidence = gather_evidence(make_trials(metric=range(20), params=params))
    (sentence,) = sentences(report_leader, evidence, "a")
    assert sentence.endswith("its levels cannot be compared at equal other hyperparameters.")


def test_a_shared_lead_is_said(make_trials: MakeTrials) -> None:
    centres = {1.0: 0.6, 2.0: 0.7, 3.0: 0.7, 4.0: 0.6}
    metric = np.repeat(list(centres.values()), 10) + np.tile(np.arange(10) * 1e-3, 4)
    params = {"a": np.repeat(list(centres), 10), "salt": [f"s{n}" for n in range(40)]}
    (sentence,) = sentences(
        report_leader, gather_evidence(make_trials(metric=metric, params=params)), "a"
    )
    assert "a: 2 leads with 50.0% of the top 8 of 40 configurations, as much as 3 (" in sentence


def test_a_lucky_seed_does_not_lead(make_trials: MakeTrials) -> None:
    """Every configuration of 1 has a seed at 0.9 and one at 0.3, all of 2 two at 0.7."""
    a, salt = np.repeat([1.0, 2.0], 20), np.repeat(range(20), 2)
    metric = np.where(a == 1, np.tile([0.9, 0.3], 20), 0.7) + 0.001 * salt
    frame = make_trials(metric=metric, params={"a": a, "salt": salt}, seed=[0, 1] * 20)
    (sentence,) = sentences(report_leader, gather_evidence(frame, n_top=5), "a")
    assert sentence.startswith("a: 2 leads with 100.0% of the top 4 of 20 configurations")
    assert sentence.endswith("; each seed counted, 1 has 100.0% of the top 5 trials.")


def test_gaps_beside_the_leader_are_named(make_trials: MakeTrials) -> None:
    centres = {0.1: 0.6, 0.3: 0.65, 0.5: 0.7, 0.7: 0.65}
    assert sentences(report_gaps, peaked(make_trials, "dropout", centres), "dropout") == [
        "dropout: 0.5 leads; 0.4 and 0.6 were never tried."
    ]
    rates = {1e-5: 0.6, 1e-4: 0.7, 1.1e-4: 0.6}
    assert sentences(report_gaps, peaked(make_trials, "lr", rates), "lr") == [
        "lr: 1e-4 leads; 3e-5 was never tried (midway on a log scale)."
    ]


def test_without_a_wide_gap_nothing_is_said(make_trials: MakeTrials) -> None:
    evidence = peaked(make_trials, "n_layers", {2: 0.6, 3: 0.7, 4: 0.6})
    assert sentences(report_gaps, evidence, "n_layers") == []


@pytest.mark.parametrize(("best", "end"), [(0.7, "highest"), (0.3, "lowest")])
def test_a_leader_at_the_edge_is_reported(make_trials: MakeTrials, best: float, end: str) -> None:
    centres = {0.3: 0.6, 0.5: 0.6, 0.7: 0.6} | {best: 0.7}
    assert sentences(report_edge, peaked(make_trials, "dropout", centres), "dropout") == [
        f"dropout: the leading value {best} is the {end} of what was tested; the optimum may lie "
        "beyond it."
    ]


def test_an_edge_with_nothing_beyond_is_none(make_trials: MakeTrials) -> None:
    evidence = peaked(make_trials, "weight_decay", {0.0: 0.7, 1e-5: 0.6, 1e-4: 0.6})
    assert sentences(report_edge, evidence, "weight_decay") == []


def test_the_best_trial_at_the_edge_of_a_sampled_range_is_named(
    make_trials: MakeTrials, rng: np.random.Generator
) -> None:
    lr, noise = 10 ** np.linspace(-5, -3, 100), rng.uniform(size=99)
    frame = make_trials(metric=np.append(noise + np.linspace(0, 1, 99), 2.5), params={"lr": lr})
    found = sentences(report_edge, gather_evidence(frame), "lr")
    assert found == [
        "lr: the best trial (trial T99, 2.5000) has 1e-3, the edge of what was tested; the optimum "
        "may lie beyond it."
    ]
    chance = make_trials(metric=np.append(noise, 2.0), params={"lr": lr})
    assert sentences(report_edge, gather_evidence(chance), "lr") == []


def test_no_effect_is_claimed_with_what_it_excludes(
    make_trials: MakeTrials, rng: np.random.Generator
) -> None:
    metric = 0.7 + 0.002 * rng.standard_normal(200)
    frame = make_trials(metric=metric, params={"a": [1, 2] * 100, "b": range(200)})
    (sentence,) = sentences(report_no_effect, gather_evidence(frame), "a")
    assert sentence.startswith("a: no effect can be told from chance")
    assert sentence.endswith("any effect is below 0.005.")
    wide = make_trials(metric=20 * metric, params={"a": [1, 2] * 100, "b": range(200)})
    (sentence,) = sentences(report_no_effect, gather_evidence(wide), "a")
    assert sentence.endswith("are not excluded.")


def test_an_effect_is_not_called_none(make_trials: MakeTrials) -> None:
    evidence = peaked(make_trials, "dropout", {0.1: 0.6, 0.3: 0.7})
    assert sentences(report_no_effect, evidence, "dropout") == []


def test_two_regions_need_a_tested_and_lower_valley(make_trials: MakeTrials) -> None:
    evidence = peaked(make_trials, "depth", {2: 0.70, 4: 0.60, 6: 0.7001})
    (sentence,) = sentences(report_regions, evidence, "depth")
    assert "two separate good regions, 2 (" in sentence
    assert "4 (10 configurations, mean 0.5991) is lower than both" in sentence


def test_a_hardly_tested_valley_is_a_gap(make_trials: MakeTrials) -> None:
    metric = [0.70] * 10 + [0.5] * 2 + [0.70] * 10
    params = {"depth": [2] * 10 + [4] * 2 + [6] * 10, "salt": range(22)}
    evidence = gather_evidence(make_trials(metric=metric, params=params), n_top=10)
    (sentence,) = sentences(report_regions, evidence, "depth")
    assert "4 between them has only 2 configurations: an untested gap, not two optima" in sentence


def test_a_valley_within_noise_shows_no_regions(
    make_trials: MakeTrials, rng: np.random.Generator
) -> None:
    spread = 0.01 * rng.standard_normal(30)
    metric = np.concatenate([0.7 + spread[:10], 0.697 + spread[10:20] * 0.1, 0.7 + spread[20:]])
    params = {"depth": [2] * 10 + [4] * 10 + [6] * 10, "salt": range(30)}
    evidence = gather_evidence(make_trials(metric=metric, params=params), n_top=8)
    (sentence,) = sentences(report_regions, evidence, "depth")
    assert "two separate regions are not shown: 4 (10 configurations" in sentence


def test_a_slight_dip_is_no_valley(make_trials: MakeTrials) -> None:
    metric = [0.9] * 4 + [0.1] + [0.9] * 2 + [0.1] * 18 + [0.9] * 3 + [0.1]
    params = {"depth": [1] * 5 + [2] * 20 + [3] * 4, "salt": range(29)}
    evidence = gather_evidence(make_trials(metric=metric, params=params), n_top=9)
    assert sentences(report_regions, evidence, "depth") == []


def test_one_peak_is_no_two_regions(make_trials: MakeTrials) -> None:
    evidence = peaked(make_trials, "depth", {2: 0.60, 4: 0.70, 6: 0.65})
    assert sentences(report_regions, evidence, "depth") == []


def test_text_has_no_regions_gaps_or_edges(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=range(30), params={"opt": ["a", "b", "c"] * 10})
    evidence = gather_evidence(frame)
    for rule in (report_regions, report_gaps, report_edge):
        assert sentences(rule, evidence, "opt") == []


def test_without_a_lead_no_gap_and_no_leading_edge_is_named(make_trials: MakeTrials) -> None:
    metric = 0.7 + 0.01 * np.random.default_rng(1).standard_normal(40)
    params = {"dropout": [0.1, 0.3, 0.5, 0.7] * 10, "salt": range(40)}
    evidence = gather_evidence(make_trials(metric=metric, params=params))
    assert evidence.tables[0].lead is None
    assert sentences(report_gaps, evidence, "dropout") == []
    assert sentences(report_edge, evidence, "dropout") == []


def test_peaks_of_levels_that_cannot_be_told_apart_are_no_regions(make_trials: MakeTrials) -> None:
    """The twin decides as well: the levels of depth are not to be told from its own."""
    depth = np.repeat([2.0, 4.0, 6.0], 10)
    metric = np.where(depth == 4, 0.6, 0.7) + 0.001 * np.tile(np.arange(10), 3)
    params = {"depth": depth, "twin": [f"t{d}" for d in depth], "salt": range(30)}
    evidence = gather_evidence(make_trials(metric=metric, params=params), n_top=10)
    (sentence,) = sentences(report_regions, evidence, "depth")
    assert sentence.endswith(
        "two separate regions are not shown: its levels cannot be compared at equal other "
        "hyperparameters."
    )


def test_a_value_tried_at_one_budget_only_is_confounded(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[0.9] * 5 + [0.5] * 5,
        params={"a": [1] * 5 + [2] * 5},
        budget=["2M"] * 6 + ["20M"] * 4,
    )
    assert sentences(report_confounding, gather_evidence(frame), "a") == [
        "a: 1, which has most of the top, was tried at budget 2M only, so that its effect cannot "
        "be told from the budget's."
    ]
