import numpy as np
import pytest

from analysis.frames.copies import mark_top
from tests.analysis.conftest import MakeTrials


def test_copies_merge_to_their_mean(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.7, 0.8, 0.6], params={"a": [1, 1, 2], "b": ["x", "x", "x"]})
    merged = frame.merge_copies()
    assert list(merged["metric"]) == pytest.approx([0.75, 0.6])
    assert list(merged["a"]) == [1, 2]


def test_an_origin_can_tell_configurations_apart(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.7, 0.8], params={"a": [1, 1]}, budget=["2M", "20M"])
    assert len(frame.merge_copies()) == 1
    assert len(frame.merge_copies("budget")) == 2


def test_baselines_and_failures_are_no_configurations(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[0.7, 0.9, 0.5], params={"a": [1, None, 2]}, state=["complete", "complete", "failed"]
    )
    assert list(frame.merge_copies()["metric"]) == [0.7]


def test_a_hyperparameter_may_be_called_anything(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.7, 0.8], params={"n_rows": [1, 2], "a b|c": [1, 2]})
    assert len(frame.merge_copies()) == 2


def test_ties_at_the_boundary_stay_in_the_top() -> None:
    marked = mark_top(np.array([5.0, 3.0, 4.0, 3.0, 1.0]), 3)
    assert marked.tolist() == [True, True, True, True, False]


def test_a_top_of_everything_holds_everything() -> None:
    assert mark_top(np.array([1.0, 2.0]), 5).all()
