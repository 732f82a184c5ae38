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


def test_a_leader_without_copies_is_given_with_its_trials(make_trials: MakeTrials) -> None:
    evidence = peaked(make_trials, "dropout", {0.1: 0.6, 0.3: 0.7})
    assert sentences(report_leader, evidence, "dropout") == [
        "dropout: 0.3 leads with 100.0% of the top 10 trials (10 of 20 trials have it)."
    ]


def test_a_leader_made_of_copies_loses_its_lead(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[0.9] * 4 + [0.8, 0.7, 0.6, 0.5],
        params={"a": [1] * 4 + [2, 2, 2, 1], "b": [0] * 4 + [1, 2, 3, 4]},
    )
    assert sentences(report_leader, gather_evidence(frame, n_top=4), "a") == [
        "a: 1 leads with 100.0% of the top 4 trials, but not when copies are merged: it then holds "
        "25.0% of the top 4 of 5 configurations, and 2 leads with 75.0%."
    ]


@pytest.mark.parametrize(
    ("merged_rival", "ending"),
    [
        (
            0.1,
            "and keeps the lead when copies are merged (66.7% of the top 3 of 6 configurations).",
        ),
        (0.8, "but shares it when copies are merged (50.0% of the top 4 of 6 configurations)."),
    ],
)
def test_a_lead_can_be_kept_or_shared(
    make_trials: MakeTrials, merged_rival: float, ending: str
) -> None:
    frame = make_trials(
        metric=[0.9, 0.9, 0.85, 0.8, merged_rival, 0.1, 0.1],
        params={"a": [1, 1, 1, 2, 2, 1, 2], "b": [0, 0, 1, 2, 3, 4, 5]},
    )
    assert sentences(report_leader, gather_evidence(frame, n_top=3), "a")[0].endswith(ending)


def test_seeds_are_averaged_not_copies(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=range(20), params={"a": [1, 2] * 10}, seed=list(range(20)))
    assert (
        "when seeds are averaged"
        in sentences(report_leader, gather_evidence(frame, n_top=5), "a")[0]
    )


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
    lr = 10 ** np.linspace(-5, -3, 100)
    frame = make_trials(metric=np.append(rng.uniform(size=99), 2.0), params={"lr": lr})
    found = sentences(report_edge, gather_evidence(frame), "lr")
    assert found == [
        "lr: the best trial (trial T99, 2.0000) has 1e-3, the edge of what was tested; the optimum "
        "may lie beyond it."
    ]


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


def test_a_leader_tried_at_one_budget_only_is_confounded(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[0.9] * 5 + [0.5] * 5,
        params={"a": [1] * 5 + [2] * 5},
        budget=["2M"] * 6 + ["20M"] * 4,
    )
    assert sentences(report_confounding, gather_evidence(frame), "a") == [
        "a: the leading value 1 was tried at budget 2M only, so that its effect cannot be told "
        "from the budget's."
    ]
