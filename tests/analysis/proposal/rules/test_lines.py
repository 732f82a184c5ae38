"""What few trials with repeated seeds lead to: beyond the best, where it beats its neighbour."""

import numpy as np
import pytest

from analysis.findings.evidence import Evidence, gather_evidence
from analysis.proposal.moves import propose_moves
from analysis.proposal.rules.lines import climb_line, find_line_step
from analysis.proposal.signal import Signal
from tests.analysis.conftest import MakeTrials

SHOWN = Signal(True, 0.001, "")


def repeat(
    make_trials: MakeTrials, means: dict[tuple[float, int], float], noise: float = 0.004
) -> Evidence:
    """Give each learning rate and width three seeds about its mean; seeds move all alike."""
    shared, rng = np.repeat([[-0.05, 0.0, 0.05]], len(means), 0), np.random.default_rng(0)
    metric = np.array(list(means.values()))[:, None] + shared + rng.normal(0, noise, shared.shape)
    rates, widths = zip(*means, strict=True)
    params = {"learning_rate": np.repeat(rates, 3), "width": np.repeat(widths, 3)}
    return gather_evidence(
        make_trials(metric=metric.ravel(), params=params, seed=np.tile([0, 1, 2], len(means))),
        rope=0.01,
    )


ROUND = {(0.01, 16): 0.60, (0.03, 16): 0.66, (0.01, 32): 0.601, (0.03, 32): 0.661}


def test_the_best_is_followed_beyond_the_neighbour_that_it_beats(make_trials: MakeTrials) -> None:
    """Paired by seeds: these differ by much more than the two rates do."""
    evidence = repeat(make_trials, ROUND)
    move = climb_line(evidence, "learning_rate", 10.0)
    assert move is not None
    assert (move.action, move.values, move.low, move.high) == ("extend", (0.09,), 0.01, 0.09)
    assert "0.03 is better than 0.01 by 0.0" in move.evidence
    assert "at equal other hyperparameters and 3 seeds (paired t, p < 0.001)" in move.evidence
    assert move.evidence.endswith("and the highest tested value; try 0.09.")
    assert [one.values for one in propose_moves(evidence, SHOWN)] == [(0.09,)]


def test_the_way_on_may_lead_down(make_trials: MakeTrials) -> None:
    evidence = repeat(make_trials, {(0.01, 16): 0.6, (0.003, 16): 0.66})
    move = climb_line(evidence, "learning_rate", 10.0)
    assert move is not None
    assert move.values == (9e-4,)
    assert "the lowest tested value" in move.evidence


@pytest.mark.parametrize(
    ("means", "noise"),
    [
        ({(0.01, 16): 0.659, (0.03, 16): 0.66}, 0.004),  # less than the ROPE
        ({(0.01, 16): 0.60, (0.03, 16): 0.66}, 0.1),  # less than the error of the seeds
        ({(0.01, 16): 0.60, (0.03, 16): 0.66, (0.1, 16): 0.6}, 0.004),  # inside
        ({(0.01, 16): 0.60, (0.03, 32): 0.66}, 0.004),  # others differ too
        ({(0.01, 16): 0.60, (0.03, 16): 0.66, (0.1, 32): 0.6}, 0.004),  # something lies beyond
    ],
)
def test_what_does_not_lead_on_is_not_followed(
    make_trials: MakeTrials, means: dict[tuple[float, int], float], noise: float
) -> None:
    assert climb_line(repeat(make_trials, means, noise), "learning_rate", 10.0) is None


def test_the_gains_are_those_of_the_seeds_in_common(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[0.5, 0.6, 0.7, 0.8, 0.9],
        params={"x": [1, 1, 2, 2, 2]},
        seed=[0, 1, 1, 2, 0],
    )
    step = find_line_step(gather_evidence(frame), "x")
    assert step is not None
    assert (step.value, step.best, step.direction) == (1, 2, 1)
    assert step.gains == pytest.approx([0.4, 0.1])
    alone = make_trials(metric=[0.5, 0.7], params={"x": [1, 2]}, seed=[0, 1])
    assert find_line_step(gather_evidence(alone), "x") is None


def test_words_lie_on_no_line(make_trials: MakeTrials) -> None:
    params = {"kind": ["gini", "entropy"] * 3, "x": [1.0] * 6}
    frame = make_trials(metric=[0.6, 0.7] * 3, params=params, seed=[0, 0, 1, 1, 2, 2])
    assert climb_line(gather_evidence(frame, rope=0.01), "kind", 10.0) is None
