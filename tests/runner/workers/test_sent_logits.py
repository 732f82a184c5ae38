"""Log-odds by epoch arrive as they were sent, or are refused."""

import base64
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import models.epoch_logits
from models.epoch_logits import EpochLogits
from runner.workers.sent_logits import SentLogits

N = 4


def sent(**changes: Any) -> SentLogits:
    """Return two epochs of four rows as they are sent, some of it changed."""
    parts: dict[str, Any] = {
        "epochs": np.array([1, 3], "<i4"),
        "centers": np.array([0.5, -0.25], "<f4"),
        "halves": np.arange(8, dtype="<f2"),
    }
    encoded = {
        name: part if isinstance(part, str) else base64.b64encode(part.tobytes()).decode()
        for name, part in {**parts, **changes}.items()
    }
    return SentLogits(**encoded)


def test_what_was_sent_arrives() -> None:
    given_logits = EpochLogits(
        np.array([1, 2, 7], np.int32),
        np.array([0.1, 0.0, -3e38], np.float32),
        np.array([[1.5, -6e-8, 65504.0, 0.0]] * 3, np.float16),
    )
    line = SentLogits.of(given_logits).model_dump_json()
    found = SentLogits.model_validate_json(line).receive(N, 7, 2)
    for name in ("epochs", "centers", "halves"):
        assert np.array_equal(getattr(found, name), getattr(given_logits, name))
        assert getattr(found, name).dtype == getattr(given_logits, name).dtype


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"halves": np.arange(7, dtype="<f2")}, "2 centers and 7 log-odds of 2 epochs, expected"),
        ({"centers": np.zeros(3, "<f4")}, "3 centers and 8 log-odds of 2 epochs, expected 2 and 8"),
        ({"epochs": np.array([1, 2, 3], "<i4")}, "2 centers and 8 log-odds of 3 epochs, expected"),
        ({"epochs": np.array([], "<i4")}, "the epochs do not grow from 1 to at most 5"),
        ({"epochs": np.array([0, 3], "<i4")}, "the epochs do not grow from 1"),
        ({"epochs": np.array([3, 3], "<i4")}, "the epochs do not grow from 1"),
        ({"epochs": np.array([3, 6], "<i4")}, "the epochs do not grow from 1 to at most 5"),
        ({"epochs": np.array([2**31 - 1, -(2**31)], "<i4")}, "the epochs do not grow from 1"),
        ({"epochs": np.array([1, 2], "<i4")}, "the selected epoch 3 is missing"),
        ({"centers": np.array([0, np.nan], "<f4")}, "some are not finite"),
        ({"halves": np.array([np.inf] * 8, "<f2")}, "some are not finite"),
        ({"halves": "AAA"}, "halves are no array in base64: Incorrect padding"),
        ({"halves": "AAAA"}, "halves are no array in base64: buffer size must be a multiple"),
        ({"epochs": "*" * 12}, "epochs are no array in base64"),
        ({"centers": "\u00e9\ud800"}, "centers are no array in base64: string argument"),
    ],
)
def test_what_is_not_what_it_says_is_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=f"log-odds by epoch: {why}"):
        sent(**changes).receive(N, 5, 3)


def test_no_more_than_is_kept_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models.epoch_logits, "MOST_BYTES", 2 * N * 2)
    ten = {"centers": np.zeros(3, "<f4"), "halves": np.zeros(12, "<f2")}
    assert sent().receive(N, 5, 3).epochs.tolist() == [1, 3]
    with pytest.raises(ValueError, match="3 epochs, expected at most 2"):
        sent(epochs=np.array([1, 2, 3], "<i4"), **ten).receive(N, 5, 3)


def test_a_fit_of_no_known_epoch_has_none() -> None:
    with pytest.raises(ValueError, match="the epochs do not grow"):
        sent().receive(N, 0, None)


parts = st.one_of(st.binary(max_size=40).map(lambda b: base64.b64encode(b).decode()), st.text())


@given(epochs=parts, centers=parts, halves=parts)
def test_any_text_arrives_whole_or_is_refused(epochs: str, centers: str, halves: str) -> None:
    try:
        found = SentLogits(epochs=epochs, centers=centers, halves=halves).receive(1, 2**31, 1)
    except ValueError:
        return
    assert found.halves.shape == (len(found.epochs), 1)
    assert np.isfinite(found.halves).all()
