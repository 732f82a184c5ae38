"""A history keeps what it may, and always the selected and the last epoch."""

import numpy as np
import pytest

import models.epoch_logits
from models.training.history import LogitHistory, ValueHistory

N = 5


def collect(n_planned: int, n_run: int, selected: int) -> list[int]:
    history = LogitHistory(n_planned, N)
    for epoch in range(1, n_run + 1):
        history.add(epoch, np.full(N, epoch), is_selected=epoch in {1, selected})
    found = history.gather()
    assert found is not None
    assert found.halves.shape == (len(found.epochs), N)
    assert found.centers.tolist() == found.epochs.tolist()
    assert not found.halves.any()
    return found.epochs.tolist()


@pytest.fixture
def room_for_six(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models.epoch_logits, "MOST_BYTES", 2 * N * 6)


def test_every_epoch_is_kept_where_there_is_room() -> None:
    assert collect(9, 9, 4) == list(range(1, 10))
    assert collect(9, 3, 2) == [1, 2, 3]


@pytest.mark.usefixtures("room_for_six")
@pytest.mark.parametrize(
    ("n_planned", "n_run", "selected", "kept"),
    [
        (6, 6, 4, [1, 2, 3, 4, 5, 6]),
        (9, 9, 4, [2, 4, 6, 8, 9]),
        (9, 9, 5, [2, 4, 5, 6, 8, 9]),
        (12, 7, 5, [3, 5, 6, 7]),
        (100, 100, 30, [21, 30, 42, 63, 84, 100]),
        (6, 20, 5, [1, 2, 3, 4, 5, 20]),
        (9, 40, 31, [2, 4, 6, 8, 31, 40]),
    ],
    ids=["room", "every second", "selected too", "early", "long", "longer than planned", "longer"],
)
def test_else_every_nth_with_the_selected_and_the_last(
    n_planned: int, n_run: int, selected: int, kept: list[int]
) -> None:
    assert collect(n_planned, n_run, selected) == kept


def test_before_the_first_epoch_there_is_nothing() -> None:
    assert LogitHistory(3, N).gather() is None


def test_a_row_of_a_stack_is_not_held_on_to() -> None:
    logits = np.zeros((64, N), dtype=np.float32)
    history = LogitHistory(1, N)
    history.add(1, logits[3], is_selected=True)
    logits += 1
    found = history.gather()
    assert found is not None
    assert found.centers.tolist() == [0.0]


@pytest.mark.parametrize("shape", [(N,), (N, 3)])
def test_values_are_kept_in_single_precision(shape: tuple[int, ...]) -> None:
    history = ValueHistory(4, N, n_outputs=3 if len(shape) == 2 else 1)
    scores = np.random.default_rng(0).normal(size=(3, *shape))
    for epoch, values in enumerate(scores, start=1):
        history.add(epoch, values, is_selected=epoch == 2)
    found = history.gather()
    assert found is not None
    assert (found.values.dtype, found.values.shape) == (np.float32, (3, *shape))
    assert found.epochs.tolist() == [1, 2, 3]
    np.testing.assert_array_equal(found.values, scores.astype(np.float32))


@pytest.mark.usefixtures("room_for_six")
@pytest.mark.parametrize(("n_outputs", "kept"), [(1, [5, 6, 10]), (3, [5, 10])])
def test_values_take_the_room_of_their_precision(n_outputs: int, kept: list[int]) -> None:
    """Six epochs of half precision are three of single precision, and one with three classes."""
    history = ValueHistory(10, N, n_outputs)
    for epoch in range(1, 11):
        history.add(epoch, np.full((N, n_outputs), epoch), is_selected=epoch in {1, 5})
    found = history.gather()
    assert found is not None
    assert found.epochs.tolist() == kept


def test_before_the_first_epoch_there_are_no_values() -> None:
    assert ValueHistory(3, N).gather() is None
