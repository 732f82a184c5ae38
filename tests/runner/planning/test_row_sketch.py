"""Values in rows are known again, whatever they are called and wherever they lie."""

import numpy as np
import pytest

from runner.planning.row_sketch import sketch_rows, sketch_whole_rows
from trial_sets.records.looks import SKETCHED, RowSketch

ROWS = np.arange(100, 400)


def make_features(rng: np.random.Generator) -> np.ndarray:
    return rng.normal(size=(500, 6))


def measure(one: RowSketch, other: RowSketch) -> float:
    assert one.measure_shared(other) == other.measure_shared(one)
    return one.measure_shared(other)


def test_a_sketch_is_small_and_knows_its_rows(rng: np.random.Generator) -> None:
    sketch = sketch_rows(make_features(rng), ROWS)
    assert sketch.values == 300 * 6
    assert len(sketch.smallest) == 12 * SKETCHED
    assert measure(sketch, sketch) == 1.0


def test_other_values_share_nothing(rng: np.random.Generator) -> None:
    one, other = (sketch_rows(make_features(rng), ROWS) for _ in range(2))
    assert measure(one, other) == 0.0


def test_a_row_less_another_order_of_columns_and_the_last_bits_change_little(
    rng: np.random.Generator,
) -> None:
    features = make_features(rng)
    changed = np.delete(features, 250, axis=0)[:, ::-1] * (1 + 1e-12)
    assert measure(sketch_rows(features, ROWS), sketch_rows(changed, ROWS)) > 0.9


def test_part_of_the_rows_is_known(rng: np.random.Generator) -> None:
    features = make_features(rng)
    part = sketch_rows(features, ROWS[:100])
    assert measure(sketch_rows(features, ROWS), part) > 0.6


def test_zeros_and_ones_tell_nothing(rng: np.random.Generator) -> None:
    flags = rng.integers(0, 2, size=(500, 6)).astype(np.float64)
    assert measure(sketch_rows(flags, ROWS), sketch_rows(flags, ROWS)) == 0.0


def test_missing_and_extreme_values_are_no_matter(rng: np.random.Generator) -> None:
    features = make_features(rng)
    features[::3, 0], features[:, 1], features[:, 2] = np.nan, 1e300, 1e-300
    sketch = sketch_rows(features, ROWS)
    assert measure(sketch, sketch) == 1.0


def test_whole_rows_are_told_apart_where_their_values_are_few(rng: np.random.Generator) -> None:
    """A picture of 17 shades of grey: every row has all of them, and no two rows are alike."""
    pictures = rng.integers(0, 17, size=(400, 64)).astype(float)
    first, second, both = np.arange(200), np.arange(200, 400), np.arange(100, 300)
    assert sketch_rows(pictures, first, is_ordered=False).values == 17
    whole = sketch_whole_rows(pictures, first)
    assert whole.values == 200
    assert whole.measure_shared(sketch_whole_rows(pictures, second)) == 0
    assert whole.measure_shared(sketch_whole_rows(pictures, both)) == pytest.approx(0.5, abs=0.15)
    pictures[0, 0] = np.nan
    assert sketch_whole_rows(pictures, first).values == 200
