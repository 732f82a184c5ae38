"""Half precision keeps the order of the rows, and with it the AUC."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.epoch_logits import MOST_BYTES, choose_step, count_most, halve_logits
from models.metrics import rank_auc

singles = st.floats(width=32, allow_nan=False, allow_infinity=False)


def restore(logits: NDArray[np.floating]) -> NDArray[np.float64]:
    center, halves = halve_logits(logits)
    return np.float64(center) + halves.astype(np.float64)


def rank(values: NDArray[np.floating]) -> list[int]:
    return np.unique(values, return_inverse=True)[1].tolist()


def test_what_half_precision_holds_comes_back_as_it_was() -> None:
    logits = np.array([0.25, -1.5, 3.0, 0.25, 0.5], dtype=np.float32)
    center, halves = halve_logits(logits)
    assert (center, center.dtype, halves.dtype) == (0.25, np.float32, np.float16)
    assert halves.tolist() == [0.0, -1.75, 2.75, 0.0, 0.25]
    assert restore(logits).tolist() == logits.tolist()


def test_what_rounding_would_tie_moves_to_the_next_number() -> None:
    step = 2.0**-10  # of half precision from 1 on
    logits = np.array([0.0, 1.0, 1.0 + step / 4, 1.0 + step / 3, -1.0, -1.0 - step / 4, 0.0])
    _, halves = halve_logits(logits)
    assert halves[1:4].tolist() == [1.0, 1.0 + step, 1.0 + 2 * step]
    assert halves[4:6].tolist() == [-1.0 + step / 2, -1.0]  # finer below 1


@pytest.mark.parametrize("spread", [1e-7, 1e-5, 1e-3, 0.1, 3.0, 1e5, 1e30])
@pytest.mark.parametrize("middle", [0.0, -0.3, 4.0])
def test_the_auc_is_that_of_the_log_odds_whatever_their_spread(
    rng: np.random.Generator, spread: float, middle: float
) -> None:
    logits = rng.normal(middle, spread, 211).astype(np.float32)
    labels = (rng.random(211) < 0.4).astype(np.int8)
    assert rank(restore(logits)) == rank(logits)
    assert rank_auc(labels, restore(logits)) == rank_auc(labels, logits)


@pytest.mark.parametrize("spread", [1e-5, 0.1, 3.0])
def test_among_many_rows_rounding_hardly_moves_the_auc(
    rng: np.random.Generator, spread: float
) -> None:
    logits = rng.normal(0.2, spread, 20_000).astype(np.float32)
    labels = (rng.random(20_000) < 0.3).astype(np.int8)
    assert rank_auc(labels, restore(logits)) == pytest.approx(rank_auc(labels, logits), abs=1e-5)


@given(st.lists(singles, min_size=1, max_size=40))
def test_any_log_odds_keep_their_order_and_stay_finite(values: list[float]) -> None:
    logits = np.array(values, dtype=np.float32)
    center, halves = halve_logits(logits)
    assert np.isfinite(center)
    assert np.isfinite(halves).all()
    assert rank(restore(logits)) == rank(logits)


@given(n_epochs=st.integers(1, 2_000), n_rows=st.integers(MOST_BYTES // 4_000, MOST_BYTES))
def test_the_step_is_the_smallest_that_fits(n_epochs: int, n_rows: int) -> None:
    def come_to(step: int) -> int:
        return n_epochs if step == 1 else n_epochs // step + 2  # with the selected and the last

    step, most = choose_step(n_epochs, n_rows), count_most(n_rows)
    assert come_to(step) <= most or come_to(step) <= 2
    assert step == 1 or come_to(step - 1) > most
    assert most == 2 or 2 * most * n_rows <= MOST_BYTES


@pytest.mark.parametrize(
    ("n_epochs", "n_rows", "step"),
    [(50, 211, 1), (100, 250_000, 1), (101, 250_000, 2), (500, 250_000, 6), (50, 10**7, 51)],
)
def test_usual_fits_keep_every_epoch(n_epochs: int, n_rows: int, step: int) -> None:
    assert choose_step(n_epochs, n_rows) == step
