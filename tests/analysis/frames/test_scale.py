from dataclasses import replace

import numpy as np
import pytest

from analysis.frames.frame import Space
from analysis.frames.scale import (
    Scale,
    find_scale,
    format_on_scale,
    is_log_scale,
    list_untested,
    round_digits,
)
from tests.analysis.conftest import MakeTrials


def scale_of(make_trials: MakeTrials, name: str, values: list[float]) -> Scale:
    frame = make_trials(metric=[0.5] * len(values), params={name: values})
    found = find_scale(frame, name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "values", "is_log"),
    [
        ("learning_rate", [1e-5, 5e-5], True),
        ("lr", [0.1, 0.2], True),
        ("weight_decay", [0.0, 1e-5, 1e-3], True),
        ("d_model", [32, 384], True),  # more than one order of magnitude
        ("d_model", [64, 128], False),
        ("dropout", [0.1, 0.7], False),
        ("dropout", [0.01, 0.7], False),  # a share, however wide
        ("offset", [-1, 100], False),
        ("weight_decay", [0.0, 1e-4], False),  # a single positive value has no ratio
    ],
)
def test_ratios_matter_for_rates_and_wide_ranges(
    make_trials: MakeTrials, name: str, values: list[float], is_log: bool
) -> None:
    assert scale_of(make_trials, name, values).is_log is is_log


@pytest.mark.parametrize("is_log", [True, False])
def test_a_declared_scale_is_believed(make_trials: MakeTrials, is_log: bool) -> None:
    frame = make_trials(metric=[1, 2], params={"c": [1, 20]})
    told = replace(frame, spaces={"c": Space(1, 20, is_log=is_log)})
    assert is_log_scale(told, "c", np.array([1.0, 20.0])) is is_log


@pytest.mark.parametrize(
    ("name", "values", "leader", "tries"),
    [
        ("dropout", [0.1, 0.3, 0.5, 0.7], 0.5, [0.4, 0.6]),
        ("learning_rate", [1e-5, 5e-5, 1e-4, 5e-4], 1e-4, [7e-5, 2e-4]),
        ("weight_decay", [0.0, 1e-5, 1e-4, 1e-3], 1e-5, [3e-5]),  # zero has no neighbour
        ("d_model", [32, 48, 64, 96, 128, 160, 384], 128, [112, 144]),
        ("n_layers", [2, 3, 4, 6], 4, [5]),
        ("n_heads", [2, 4, 8, 16], 8, []),  # powers of two leave no gap
        ("batch_size", [32, 128, 256], 128, [64]),
        ("dropout", [0.31, 0.41], 0.31, [0.36]),  # 0.4 is too close to 0.41
        ("dropout", [0.35, 0.4, 0.45], 0.4, []),  # close enough
        ("n_layers", [2, 7], 2, [4]),
    ],
)
def test_wide_gaps_are_filled_with_round_values(
    make_trials: MakeTrials, name: str, values: list[float], leader: float, tries: list[float]
) -> None:
    gaps = list_untested(scale_of(make_trials, name, values), leader)
    assert [middle for _, _, middle in gaps] == pytest.approx(tries)


@pytest.mark.parametrize(
    ("name", "values", "direction", "beyond"),
    [
        ("learning_rate", [1e-5, 1e-4, 1e-3], 1, 3e-3),
        ("learning_rate", [1e-5, 1e-4, 1e-3], -1, 3e-6),
        ("weight_decay", [0.0, 1e-5, 1e-4], -1, None),
        ("dropout", [0.1, 0.3, 0.5], 1, 0.7),
        ("dropout", [0.1, 0.2, 0.3], -1, 0.0),
        ("dropout", [0.1, 0.3, 0.5], -1, None),  # would be negative
        ("dropout", [0.5, 0.7, 0.9], 1, None),  # would exceed one
        ("n_heads", [2, 4, 8], 1, 16),
        ("n_heads", [1, 2, 4], -1, None),  # half a head
        ("n_layers", [1, 2, 3], -1, None),
        ("n_layers", [2, 4, 6], 1, 8),
        ("d_model", [32, 48, 320, 384], 1, 464),  # the last ratio again, in steps of 16
        ("d_model", [16, 48, 384], -1, None),  # not below one step
        ("units", [0, 10, 1000], -1, None),
    ],
)
def test_steps_beyond_the_edge_stay_sensible(
    make_trials: MakeTrials, name: str, values: list[float], direction: int, beyond: float | None
) -> None:
    scale = scale_of(make_trials, name, values)
    edge = scale.values[-1 if direction > 0 else 0]
    step = scale.step_beyond(edge, direction, 10**0.5)
    assert step == (None if beyond is None else pytest.approx(beyond))
    assert scale.find_open_end(edge) == (0 if beyond is None else direction)


def test_a_single_value_has_no_step(make_trials: MakeTrials) -> None:
    assert scale_of(make_trials, "dropout", [0.3]).find_open_end(0.3) == 0


def test_only_the_ends_are_open(make_trials: MakeTrials) -> None:
    assert scale_of(make_trials, "dropout", [0.1, 0.3, 0.5]).find_open_end(0.3) == 0


def test_a_value_near_the_end_is_within_a_share_of_the_range(make_trials: MakeTrials) -> None:
    scale = scale_of(make_trials, "x", [1.0, 1.04, 1.5, 2.0])
    assert scale.is_near_end(1.04, 0.05)
    assert not scale.is_near_end(1.5, 0.05)
    assert not scale.is_near_end(float("nan"), 0.05)


def test_next_to_zero_is_no_edge_of_a_rate(make_trials: MakeTrials) -> None:
    scale = scale_of(make_trials, "weight_decay", [0.0, 1e-5, 1e-4, 1e-3])
    assert not scale.is_near_end(1e-5, 0.05)
    assert scale.is_near_end(1e-3, 0.05)


def test_text_has_no_scale(make_trials: MakeTrials) -> None:
    assert find_scale(make_trials(metric=[1, 2], params={"opt": ["a", "b"]}), "opt") is None


def test_positions_return_to_their_values(make_trials: MakeTrials) -> None:
    scale = scale_of(make_trials, "lr", [1e-5, 3e-4])
    assert scale.from_position(scale.to_position(3e-4)) == 3e-4


def test_values_are_written_like_the_tested_ones(make_trials: MakeTrials) -> None:
    assert format_on_scale(scale_of(make_trials, "width", [64, 128]), 96.0) == "96"
    assert format_on_scale(scale_of(make_trials, "x", [0.25, 0.7]), 0.259742752919) == "0.2597"
    assert round_digits(0.0316, 1) == 0.03


def declared(make_trials: MakeTrials, values: list[float], space: Space) -> Scale:
    frame = make_trials(metric=[0.5] * len(values), params={"x": values})
    found = find_scale(replace(frame, spaces={"x": space}), "x")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("values", "space", "beyond"),
    [
        ([1, 2, 3, 4], Space(1, 4, is_log=False), None),  # the declared end
        ([1, 2, 3], Space(1, 4, is_log=False), 4),
        ([1, 3, 5], Space(1, 6, is_log=False), 6),  # a whole step would leave the range
        ([1, 3, 5], Space(1, 6, is_log=False, step=2), None),
        ([0.1, 0.2, 0.3], Space(0.1, 0.9, is_log=False, step=0.1), 0.4),
        ([16, 32, 64], Space(16, 100, is_log=False), 100),
        ([1e-4, 1e-3, 1e-2], Space(1e-5, 2e-2, is_log=True), 2e-2),
        ([1e-4, 1e-3, 1e-2], Space(1e-4, 1e-2, is_log=True, reach=(1e-5, 5e-2)), 5e-2),
        ([1, 3, 5], Space(1, 5, is_log=False, step=2, reach=(1, 8)), 7),
        ([16, 32, 64], Space(16, 64, is_log=False, choices=(16, 64, 32)), None),
        ([16, 32], Space(16, 256, is_log=False, choices=(16.0, 32.0, 256.0)), 256),
    ],
)
def test_no_step_leaves_what_was_declared(
    make_trials: MakeTrials, values: list[float], space: Space, beyond: float | None
) -> None:
    scale = declared(make_trials, values, space)
    assert scale.step_beyond(values[-1], 1, 10) == beyond
    assert scale.find_open_end(values[-1]) == (0 if beyond is None else 1)


@pytest.mark.parametrize(
    ("values", "space", "middle"),
    [
        ([16, 64], Space(16, 64, is_log=False, choices=(16.0, 64.0)), None),
        ([16, 64], Space(16, 64, is_log=False, choices=(16.0, 48.0, 24.0, 64.0)), 48),
        ([0.1, 0.5], Space(0.1, 0.9, is_log=False, step=0.4), None),
        ([0.1, 0.9], Space(0.1, 0.9, is_log=False, step=0.2), 0.5),
    ],
)
def test_gaps_are_filled_with_what_was_declared(
    make_trials: MakeTrials, values: list[float], space: Space, middle: float | None
) -> None:
    assert declared(make_trials, values, space).fill_gap(*values) == middle


@pytest.mark.parametrize(
    ("space", "settled"),
    [
        (Space(0, 10, is_log=False), (2.5, 7.1)),
        (Space(0, 10, is_log=False, step=2), (2, 8)),
        (Space(3, 7, is_log=False, step=2, reach=(1, 11)), (1, 9)),
        (Space(1, 8, is_log=False, choices=(1.0, 4.0, 8.0)), (1, 8)),
    ],
)
def test_ranges_end_at_what_was_declared(
    make_trials: MakeTrials, space: Space, settled: tuple[float, float]
) -> None:
    scale = declared(make_trials, [1, 4, 8], space)
    assert scale.settle_range(2.5, 7.1) == settled
    assert scale.ends == (space.low, space.high)


def test_words_declare_nothing_of_a_number(make_trials: MakeTrials) -> None:
    words = Space(float("nan"), float("nan"), is_log=False, choices=("a", "b"))
    assert declared(make_trials, [1, 2], words).space is None
