import numpy as np
import pytest
from scipy import stats

from analysis.trends.slices import slice_trials
from tests.analysis.conftest import MakeTrials
from trial_sets.errors import InputError


def test_the_mean_and_interval_are_those_of_distinct_configurations(
    make_trials: MakeTrials,
) -> None:
    frame = make_trials(
        metric=[0.6, 0.7, 0.8, 0.8, 0.5],
        params={"dropout": [0.1, 0.1, 0.1, 0.1, 0.3], "depth": [1, 2, 3, 3, 1]},
    )
    data = slice_trials(frame, "dropout")
    expected = stats.t.interval(0.95, 2, loc=0.7, scale=stats.sem([0.6, 0.7, 0.8]))
    assert data.labels == ("0.1", "0.3")
    assert data.counts.tolist() == [4, 1]
    assert data.n_configurations.tolist() == [3, 1]
    np.testing.assert_allclose(data.means, [0.7, 0.5])
    np.testing.assert_allclose((data.lows[0], data.highs[0]), expected)
    assert np.isnan([data.lows[1], data.highs[1]]).all()


def test_text_has_no_values(make_trials: MakeTrials) -> None:
    data = slice_trials(make_trials(metric=[1, 2], params={"opt": ["sgd", "adam"]}), "opt")
    assert data.values is None
    assert not data.is_log
    assert data.labels == ("adam", "sgd")


def test_learning_rates_are_sliced_by_their_logarithm(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[1, 2], params={"learning_rate": [1e-4, 1e-5], "depth": [1, 2]})
    assert slice_trials(frame, "learning_rate").is_log
    assert not slice_trials(frame, "depth").is_log


def test_trials_without_a_metric_or_the_hyperparameter_are_left_out(
    make_trials: MakeTrials,
) -> None:
    frame = make_trials(metric=[0.6, np.nan, 0.8], params={"a": [1.0, 1.0, np.nan], "b": [1, 2, 3]})
    data = slice_trials(frame, "a")
    assert data.points[["level", "value", "metric"]].to_numpy().tolist() == [[0, 1.0, 0.6]]


def test_a_slice_needs_a_hyperparameter_that_was_set(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[np.nan], params={"a": [1]})
    with pytest.raises(InputError, match="b is not a hyperparameter of the input; it has a"):
        slice_trials(frame, "b")
    with pytest.raises(InputError, match="no finished trial sets a"):
        slice_trials(frame, "a")
