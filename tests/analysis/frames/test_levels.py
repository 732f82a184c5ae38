import numpy as np
import pandas as pd

from analysis.frames.levels import cut_levels


def test_few_numbers_are_levels_in_numeric_order() -> None:
    levels = cut_levels(pd.Series([10.0, 2.0, np.nan, 2.0]))
    assert levels.labels == ("2", "10")
    assert levels.codes.tolist() == [1, 0, -1, 0]
    assert levels.values == (2.0, 10.0)
    assert levels.count(levels.codes).tolist() == [2, 1]


def test_numbers_that_a_sampler_drew_are_cut_however_few(rng: np.random.Generator) -> None:
    levels = cut_levels(pd.Series([*rng.random(9), 0.5]))
    assert levels.is_binned
    assert levels.count(levels.codes).tolist() == [2, 2, 2, 2, 2]
    three = cut_levels(pd.Series([0.12345678, 0.23456789, 0.34567891]))
    assert three.labels == ("0.123", "0.235", "0.346")
    thirds = cut_levels(pd.Series([1 / 3, 0.5, 1.0, 2.0]))
    assert not thirds.is_binned


def test_a_large_grid_with_repeats_is_listed() -> None:
    levels = cut_levels(pd.Series(np.repeat(np.arange(20.0), 4)))
    assert len(levels.labels) == 20
    assert not levels.is_binned


def test_many_numbers_are_cut_into_five_equal_ranges(rng: np.random.Generator) -> None:
    values = pd.Series(rng.uniform(0.001, 0.1, 500))
    levels = cut_levels(values)
    assert levels.is_binned
    assert levels.count(levels.codes).tolist() == [100] * 5
    assert levels.labels[0].startswith("1.")
    assert " to " in levels.labels[0]
    expected = pd.qcut(values, 5, labels=False).to_numpy()
    np.testing.assert_array_equal(levels.codes, expected)


def test_a_value_on_an_edge_belongs_below(rng: np.random.Generator) -> None:
    values = pd.Series(rng.permutation(np.arange(101.0)))
    np.testing.assert_array_equal(
        cut_levels(values).codes, pd.qcut(values, 5, labels=False).to_numpy()
    )


def test_a_range_names_the_values_inside_it() -> None:
    levels = cut_levels(pd.Series(np.arange(100.0)))
    assert levels.labels == ("0 to 19", "20 to 39", "40 to 59", "60 to 79", "80 to 99")
    assert levels.values == (9.5, 29.5, 49.5, 69.5, 89.5)


def test_ranges_of_a_heavily_repeated_value_merge() -> None:
    levels = cut_levels(pd.Series(np.concatenate([np.zeros(90), np.arange(1.0, 31.0)])))
    assert levels.count(levels.codes).sum() == 120
    assert levels.count(levels.codes).min() > 0


def test_texts_are_levels_in_alphabetical_order() -> None:
    levels = cut_levels(pd.Series(["sgd", "adam", None, "sgd"], dtype="str"))
    assert levels.labels == ("adam", "sgd")
    assert levels.codes.tolist() == [1, 0, -1, 1]
    assert levels.values is None


def test_fewer_levels_may_be_asked_for() -> None:
    numbers = cut_levels(pd.Series(np.arange(12.0)), 4)
    assert numbers.labels == ("0 to 2", "3 to 5", "6 to 8", "9 to 11")
    grid = cut_levels(pd.Series(np.repeat(np.arange(6.0), 10)), 5)
    assert (grid.is_binned, len(grid.labels)) == (True, 5)
    texts = cut_levels(pd.Series(["a", "b", "b", "c", "c", "d"], dtype="str"), 3)
    assert texts.labels == ("b", "c", "(2 others)")


def test_rare_texts_share_a_level() -> None:
    texts = [f"t{n:02}" for n in range(20)] + ["t19"] * 5
    levels = cut_levels(pd.Series(texts, dtype="str"))
    assert len(levels.labels) == 12
    assert levels.labels[-1] == "(9 others)"
    assert levels.count(levels.codes)[-1] == 9
