from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from analysis.frames.frame import Space, TrialFrame
from analysis.searches.importance import grid_param, weigh_params

MakeTrials = Callable[..., TrialFrame]


def test_what_decides_is_told_and_what_does_not_is_not(
    make_trials: MakeTrials, rng: np.random.Generator
) -> None:
    rate, other = 10 ** rng.uniform(-5, -1, size=150), rng.uniform(size=150)
    kind = rng.choice(["a", "b"], size=150)
    metric = -((np.log10(rate) + 3) ** 2)
    frame = make_trials(metric=metric, params={"other": other, "rate": rate, "kind": kind})
    found = weigh_params(replace(frame, spaces={"rate": Space(1e-5, 1e-1, is_log=True)}))
    assert found is not None
    assert found.rows[0].param == "rate"
    assert [row.is_told for row in found.rows] == [True, False, False]
    assert sum(row.share for row in found.rows) == pytest.approx(1)
    assert (found.n, found.n_top) == (150, 15)


@pytest.mark.parametrize("n", [19, 20])
def test_twenty_trials_are_needed(make_trials: MakeTrials, n: int) -> None:
    frame = make_trials(metric=np.sin(np.arange(float(n))), params={"x": np.arange(float(n))})
    assert (weigh_params(frame) is None) == (n < 20)


def test_seeds_are_no_trials(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=np.sin(np.arange(40.0)), params={"x": np.arange(40.0)}, seed=[0, 1] * 20
    )
    assert weigh_params(frame) is None


def test_cells_follow_what_was_declared(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=np.arange(4.0),
        params={"n": [1, 2, 3, 5], "choice": [8.0, 16.0, 8.0, 32.0], "word": ["b", "a", None, "b"]},
    )
    spaces = {
        "n": Space(1, 5, is_log=False, step=1.0),
        "choice": Space(8, 64, is_log=False, choices=(8.0, 16.0, 32.0, 64.0)),
    }
    frame = replace(frame, spaces=spaces)
    columns = {name: grid_param(frame, frame.configured, name) for name in frame.params}
    assert columns["n"].cells.tolist() == [0, 1, 2, 4]
    assert (columns["n"].n_cells, columns["n"].is_ordered) == (5, True)
    assert columns["choice"].cells.tolist() == [0, 1, 0, 2]
    assert (columns["choice"].n_cells, columns["choice"].is_ordered) == (4, False)
    assert columns["word"].cells.tolist() == [1, 0, -1, 1]


def test_nothing_declared_is_what_was_tried(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=np.arange(3.0), params={"learning_rate": [1e-4, 1e-3, 1e-2]})
    found = grid_param(frame, frame.configured, "learning_rate")
    assert found.cells.tolist() == [0, 24, 49]
