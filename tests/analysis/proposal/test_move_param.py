from dataclasses import replace

import numpy as np
import pytest

from analysis.findings.evidence import Evidence, gather_evidence
from analysis.frames.frame import Space
from analysis.proposal.moves import move_param
from analysis.proposal.rules.move import Move
from analysis.proposal.rules.seen_param import SeenParam
from tests.analysis.conftest import MakeTrials


def graded(make_trials: MakeTrials, name: str, centres: dict[float, float]) -> Evidence:
    """Give each value ten configurations about its centre."""
    noise = np.random.default_rng(0).normal(0, 0.002, 10 * len(centres))
    metric = np.repeat(list(centres.values()), 10) + noise
    params = {name: np.repeat(list(centres), 10), "salt": [f"s{n}" for n in range(len(metric))]}
    return gather_evidence(make_trials(metric=metric, params=params), n_top=10)


def sampled(make_trials: MakeTrials, name: str, values: np.ndarray, metric: np.ndarray) -> Evidence:
    return gather_evidence(make_trials(metric=metric, params={name: values}))


def propose_round(
    evidence: Evidence, *, factor: float = 10.0, detectable: float | None = None
) -> tuple[Move, ...]:
    """Return the moves whatever the hyperparameters explain together."""
    seen = (
        SeenParam.of(evidence, table, factor=factor, detectable=detectable)
        for table in evidence.ranked_tables
    )
    return tuple(move for one in seen if one.scale is not None for move in move_param(one))


def only(steps: tuple[Move, ...]) -> Move:
    (step,) = steps
    return step


def test_a_best_value_at_the_edge_extends_by_the_root_of_k(make_trials: MakeTrials) -> None:
    evidence = graded(make_trials, "weight_decay", {8e-4: 0.6, 9e-4: 0.65, 1e-3: 0.7})
    step = only(propose_round(evidence))
    assert (step.action, step.values) == ("extend", (3e-3,))
    assert (step.low, step.high) == (8e-4, 3e-3)
    assert "1e-3 leads (100.0% of the top 6 of 30 configurations, mean 0.7000)" in step.evidence
    assert only(propose_round(evidence, factor=4)).values == (2e-3,)


def test_a_linear_edge_extends_by_one_step(make_trials: MakeTrials) -> None:
    evidence = graded(make_trials, "dropout", {0.50: 0.6, 0.55: 0.65, 0.60: 0.7})
    assert only(propose_round(evidence)).values == pytest.approx((0.65,))


def test_wide_gaps_beside_the_best_are_filled(make_trials: MakeTrials) -> None:
    evidence = graded(make_trials, "dropout", {0.1: 0.6, 0.3: 0.65, 0.5: 0.7, 0.7: 0.65})
    step = only(propose_round(evidence))
    assert (step.action, step.values, step.low, step.high) == ("fill", (0.4, 0.6), 0.3, 0.7)


def test_an_edge_beside_a_gap_gives_both(make_trials: MakeTrials) -> None:
    evidence = graded(make_trials, "lr", {1e-5: 0.6, 1e-4: 0.65, 1e-3: 0.7})
    assert [step.action for step in propose_round(evidence)] == ["extend", "fill"]


def test_a_log_cluster_narrows_about_its_centre(make_trials: MakeTrials) -> None:
    lr = 10 ** np.linspace(-5, -1, 101)
    evidence = sampled(make_trials, "lr", lr, -np.abs(np.log10(lr) + 3))
    step = only(propose_round(evidence))
    assert step.action == "narrow"
    assert (step.low, step.high) == pytest.approx((10**-3.5, 10**-2.5), rel=0.01)
    assert "about 1e-3; narrow the range to 3.16e-4 to 3.16e-3" in step.evidence
    wide = only(propose_round(evidence, factor=100))
    assert (wide.low, wide.high) == pytest.approx((1e-4, 1e-2), rel=0.01)


def test_a_linear_cluster_narrows_to_itself_with_a_margin(make_trials: MakeTrials) -> None:
    dropout = np.linspace(0, 1, 101)
    step = only(propose_round(sampled(make_trials, "dropout", dropout, -np.abs(dropout - 0.4))))
    assert (step.action, step.low, step.high) == ("narrow", 0.22, 0.58)


def test_a_cluster_on_one_value_fixes_it(make_trials: MakeTrials) -> None:
    evidence = graded(make_trials, "depth", {1: 0.6, 2: 0.7, 3: 0.6, 4: 0.6})
    step = only(propose_round(evidence))
    assert (step.action, step.low, step.high) == ("fix", 2, 2)
    assert step.evidence.endswith("configurations have 2; fix it there.")


def test_a_range_that_is_narrow_anyway_is_kept(make_trials: MakeTrials) -> None:
    metric = [0.7] * 6 + [0.5] * 22 + [0.4, 0.3]
    params = {"depth": [6] * 28 + [5, 7], "salt": [f"s{n}" for n in range(30)]}
    evidence = gather_evidence(make_trials(metric=metric, params=params))
    step = only(propose_round(evidence))
    assert (step.action, step.low, step.high) == ("leave", 5, 7)


def test_good_trials_everywhere_keep_or_widen_the_range(make_trials: MakeTrials) -> None:
    """The middle fifth is bad and the rest alike."""
    epochs = np.linspace(30, 50, 101)
    metric = np.random.default_rng(0).uniform(size=101) - 2.0 * (np.abs(epochs - 40) < 2)
    inner = metric.copy()
    inner[[0, -1]] = 0
    kept = only(propose_round(sampled(make_trials, "epochs", epochs, inner)))
    assert (kept.action, kept.low, kept.high) == ("leave", 30, 50)
    metric[[0, -1]] = 1
    widened = only(propose_round(sampled(make_trials, "epochs", epochs, metric)))
    assert widened.action == "widen"
    assert widened.low < 30
    assert widened.high > 50


def test_coarser_steps_reach_a_wider_range_on_their_own_grid(make_trials: MakeTrials) -> None:
    layers = np.resize([1.0, 2.0, 3.0, 4.0], 80)
    salt = np.random.default_rng(0).uniform(size=80)
    metric = np.random.default_rng(1).normal(0.7, 0.01, 80)
    frame = make_trials(metric=metric, params={"n_layers": layers, "salt": salt})
    steps = [one for one in propose_round(gather_evidence(frame)) if one.param == "n_layers"]
    assert [(step.action, step.step) for step in steps] == [("coarsen", 2), ("widen", 2)]
    assert (steps[1].low, steps[1].high, steps[1].values) == (1, 5, (5.0,))


def test_where_no_value_leads_a_hunch_is_called_one(make_trials: MakeTrials) -> None:
    """The best twelve of sixty all have 0.5, which was tried 45 times and is as bad elsewhere."""
    dropout = np.array([0.1, 0.3, 0.7] * 5 + [0.5] * 45)
    metric = np.append(np.full(15, 0.7), np.linspace(0.6, 0.8, 45))
    params = {"dropout": dropout, "salt": [f"s{n}" for n in range(60)]}
    step = only(propose_round(gather_evidence(make_trials(metric=metric, params=params))))
    assert (step.action, step.values) == ("fill", (0.4, 0.6))
    assert not step.is_established
    assert "cannot be told apart at equal other hyperparameters (F test p = " in step.evidence
    assert ": a hunch to test; " in step.evidence


def test_the_merged_leader_is_followed_not_the_one_with_most_copies(
    make_trials: MakeTrials,
) -> None:
    a = np.repeat([0.1, 0.3, 0.5, 0.7], 10)
    metric = 0.7 - 0.1 * np.abs(a - 0.3) + 0.001 * np.tile(np.arange(10), 4)
    metric[39] = 0.75
    params = {"dropout": [*a, *[0.7] * 30], "salt": [*range(40), *[39] * 30]}
    evidence = gather_evidence(make_trials(metric=[*metric, *[0.75] * 30], params=params), n_top=20)
    table = evidence.tables[0]
    assert (table.leader.label, table.merged_leader.label) == ("0.7", "0.3")
    steps = [step for step in propose_round(evidence) if step.param == "dropout"]
    assert [step.values for step in steps] == [(0.2, 0.4)]


def test_zeros_are_of_the_top_without_a_place_on_a_log_scale(make_trials: MakeTrials) -> None:
    decay = np.array([0.0] * 10 + list(10 ** np.linspace(-5, -1, 90)))
    metric = -np.abs(np.log10(np.where(decay > 0, decay, 1e-5)) + 4.0)
    metric[:4] = 1.0
    salt = [f"s{n}" for n in range(100)]
    evidence = gather_evidence(
        make_trials(metric=metric, params={"weight_decay": decay, "salt": salt})
    )
    step = propose_round(evidence)[0]
    assert step.evidence.startswith("weight_decay: most of the top 20 of 100 configurations lie ")
    assert ", 4 at 0 aside, about 1.03e-4; narrow the range to " in step.evidence


def test_a_top_of_zeros_is_fixed_at_zero(make_trials: MakeTrials) -> None:
    decay = np.array([0.0] * 30 + list(10 ** np.linspace(-5, -1, 70)))
    metric = np.where(decay == 0, 1.0, 0.0) + 0.001 * np.arange(100)
    salt = [f"s{n}" for n in range(100)]
    evidence = gather_evidence(
        make_trials(metric=metric, params={"weight_decay": decay, "salt": salt})
    )
    step = propose_round(evidence)[0]
    assert (step.action, step.low, step.high) == ("fix", 0.0, 0.0)
    assert step.evidence == "weight_decay: all of the top 20 configurations have 0; fix it there."


def test_a_declared_range_bounds_the_narrowed_one(make_trials: MakeTrials) -> None:
    x = np.linspace(0.30, 0.69, 101)
    frame = make_trials(metric=-x, params={"x": x})
    told = replace(frame, spaces={"x": Space(0.25, 0.7, is_log=False)})
    step = only(propose_round(gather_evidence(told)))
    assert (step.action, step.low) == ("shift", 0.265)


def test_a_rate_that_is_best_at_its_edge_goes_beyond_it_by_the_root_of_k(
    make_trials: MakeTrials,
) -> None:
    """Between the best and the new end, not back to where it was worse."""
    rate = np.geomspace(1e-5, 1e-2, 40)
    frame = make_trials(metric=np.log10(rate), params={"rate": rate})
    told = replace(frame, spaces={"rate": Space(1e-5, 1e-2, is_log=True, reach=(1e-6, 1))})
    step = only(propose_round(gather_evidence(told)))
    assert (step.action, step.high, step.values) == ("shift", 0.03, (0.03, 0.017))
    stopped = replace(frame, spaces={"rate": Space(1e-5, 1e-2, is_log=True)})
    step = only(propose_round(gather_evidence(stopped)))
    assert step.high <= 1e-2


def test_nothing_is_tried_next_to_the_best(make_trials: MakeTrials) -> None:
    width = np.round(np.geomspace(4, 64, 40))
    peak = -np.abs(np.log(width / 21))
    step = only(propose_round(sampled(make_trials, "width", width, peak)))
    assert all(abs(np.log(value / 21)) > 0.1 for value in step.values)


def test_no_value_outside_a_list_of_choices_is_proposed(make_trials: MakeTrials) -> None:
    choices = Space(8, 64, is_log=False, choices=(8.0, 16.0, 64.0))
    evidence = graded(make_trials, "width", {8: 0.6, 16: 0.65, 64: 0.7})
    told = replace(evidence.frame, spaces={"width": choices})
    values = [step.values for step in propose_round(evidence)]
    assert values == [(128,), (32,)]
    assert only(propose_round(gather_evidence(told, n_top=10))).action == "fix"


def test_the_range_that_is_kept_is_the_declared_one(make_trials: MakeTrials) -> None:
    x = np.linspace(0.30, 0.69, 60)
    frame = make_trials(metric=np.random.default_rng(0).normal(size=60), params={"x": x})
    told = replace(frame, spaces={"x": Space(0.25, 0.75, is_log=False)})
    step = only(propose_round(gather_evidence(told)))
    assert (step.action, step.low, step.high) == ("leave", 0.25, 0.75)


def test_steps_below_the_detectable_difference_are_said_so(make_trials: MakeTrials) -> None:
    evidence = graded(make_trials, "dropout", {0.1: 0.690, 0.3: 0.692, 0.5: 0.70, 0.7: 0.69})
    assert only(propose_round(evidence)).is_distinguishable is None
    blurred = only(propose_round(evidence, detectable=0.03))
    assert blurred.is_distinguishable is False
    assert "is less than the 0.0300 that could be detected" in blurred.evidence
    assert only(propose_round(evidence, detectable=0.001)).is_distinguishable is True
    halfway = only(propose_round(evidence, detectable=0.007))  # less than 0.01, more than half
    assert halfway.is_distinguishable is False


def test_text_and_small_rounds_get_no_proposal(make_trials: MakeTrials) -> None:
    text = make_trials(metric=range(30), params={"opt": ["a", "b"] * 15})
    assert propose_round(gather_evidence(text)) == ()
    small = make_trials(metric=[1, 2, 3], params={"a": [1, 2, 3]})
    assert propose_round(gather_evidence(small)) == ()
