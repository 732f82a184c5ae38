import numpy as np
import pandas as pd

from analysis.frames.values import is_number_column, normalize_values


def test_numbers_of_any_kind_become_floats() -> None:
    column, note = normalize_values(pd.Series([1, 2.5, None, np.float32(3)], dtype="object"))
    assert column.dtype == "float64"
    np.testing.assert_array_equal(column, [1, 2.5, np.nan, 3])
    assert note is None


def test_mixed_columns_become_text() -> None:
    column, _ = normalize_values(pd.Series([1, "x", True, [1, 2], {"b": 1}, None], dtype="object"))
    assert list(column[:5]) == ["1", "x", "True", "[1, 2]", '{"b": 1}']
    assert pd.isna(column[5])
    assert not is_number_column(column)


def test_flags_are_text() -> None:
    column, _ = normalize_values(pd.Series([True, False]))
    assert list(column) == ["True", "False"]
    assert not is_number_column(pd.Series([True, False]))


def test_numbers_beyond_bearing_are_missing_and_said() -> None:
    column, note = normalize_values(pd.Series([10**400, 1, np.inf], dtype="object"))
    np.testing.assert_array_equal(column, [np.nan, 1, np.nan])
    assert note == "2 infinite or too large values count as missing"


def test_numbers_whose_square_vanishes_are_zero() -> None:
    column, note = normalize_values(pd.Series([1e-300, -1e-160, 1e-149]))
    np.testing.assert_array_equal(column, [0, 0, 1e-149])
    assert note is None


def test_an_empty_column_is_a_number_column() -> None:
    column, _ = normalize_values(pd.Series([None, None], dtype="object"))
    assert column.isna().all()
    assert is_number_column(column)
