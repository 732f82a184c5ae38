from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analysis.frames.frame import TrialFrame
from analysis.searches.order import order_frame, order_search
from analysis.searches.search import Search
from tests.analysis.searched import Told
from trial_sets.records.record import Failure

VALUES = {"learning_rate": 1e-3, "batch_size": 64}


def test_the_order_is_of_what_the_sampler_chose(
    make_search: Callable[..., Search], run: Path
) -> None:
    """Neither the default nor a repetition, a failed or an infeasible one is a try."""
    told = [Told({**VALUES, "dropout": 0.01 * n}, round(0.5 + 0.01 * n, 2)) for n in range(8)]
    told[0].said["default"] = True
    failure = Failure(kind="error", message="m")
    told[3] = Told({**VALUES, "dropout": 0.03}, status="failed", failure=failure)
    told[4] = Told({**VALUES, "dropout": 0.02}, 0.52, status="repeated",
                   said={"fit": "trial-00002"})  # fmt: skip
    found = order_search(make_search(*told, run=run))
    assert found is not None
    assert found.numbers == (1, 2, 5, 6, 7)
    assert found.scores == (0.51, 0.52, 0.55, 0.56, 0.57)
    assert (found.curve.place, found.trend.n) == (5, 5)
    assert found.trend.rho == pytest.approx(1)


def test_a_pruned_try_has_its_place_and_leaves_no_trend(
    make_search: Callable[..., Search], run: Path
) -> None:
    """A pruner leaves the better trials the later it is, so that those alone say nothing."""
    told = [Told({**VALUES, "dropout": 0.01 * n}, round(0.5 + 0.01 * n, 2)) for n in range(7)]
    told[3] = Told({**VALUES, "dropout": 0.03}, 0.53, status="pruned")
    found = order_search(make_search(*told, run=run))
    assert found is not None
    assert found.numbers == (0, 1, 2, 3, 4, 5, 6)
    assert found.scores == (0.5, 0.51, 0.52, None, 0.54, 0.55, 0.56)
    assert found.curve.best.tolist() == [0.5, 0.51, 0.52, 0.52, 0.54, 0.55, 0.56]
    assert found.n_pruned == 1
    assert np.isnan(found.trend.p_value)


def test_four_tries_have_no_order(make_search: Callable[..., Search], run: Path) -> None:
    told = [Told({**VALUES, "dropout": 0.01 * n}, 0.5 + 0.01 * n) for n in range(4)]
    assert order_search(make_search(*told, run=run)) is None


def test_a_frame_has_the_order_of_its_numbers(make_trials: Callable[..., TrialFrame]) -> None:
    metric = [0.5, 0.7, 0.6, 0.65, 0.62, 0.61]
    frame = make_trials(metric=metric, params={"x": np.arange(6.0)},
                        trial=["5", "0", "1", "2", "3", "4"])  # fmt: skip
    found = order_frame(frame)
    assert found is not None
    assert found.numbers == (0, 1, 2, 3, 4, 5)
    assert found.scores == (0.7, 0.6, 0.65, 0.62, 0.61, 0.5)
    assert found.curve.place == 1


def test_a_frame_keeps_the_places_of_pruned_trials(
    make_trials: Callable[..., TrialFrame],
) -> None:
    frame = make_trials(metric=[0.5, 0.7, np.nan, 0.65, 0.62, 0.61], params={"x": np.arange(6.0)},
                        state=["complete"] * 2 + ["pruned"] + ["complete"] * 3)  # fmt: skip
    found = order_frame(frame)
    assert found is not None
    assert (len(found.numbers), found.n_pruned, found.curve.place) == (6, 1, 2)
    assert np.isnan(found.trend.p_value)


def test_a_sorted_frame_has_no_order(make_trials: Callable[..., TrialFrame]) -> None:
    assert order_frame(make_trials(metric=np.arange(9.0), params={"x": np.arange(9.0)})) is None
    two = make_trials(metric=np.sin(np.arange(9.0)), params={"x": np.arange(9.0)},
                      file=["a"] * 4 + ["b"] * 5)  # fmt: skip
    assert order_frame(two) is None
