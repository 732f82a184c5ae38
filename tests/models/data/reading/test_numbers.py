import numpy as np
import pandas as pd
import pytest

from models.data.reading.numbers import Mark, find_mark, is_missing, parse_numbers


def column(*cells: object) -> pd.Series:
    return pd.Series(cells, dtype=object)


WRITTEN: dict[str, tuple[Mark, list[object], list[float]]] = {
    "plain": (".", ["1", "-2.5", "1e3", " 7 "], [1, -2.5, 1000, 7]),
    "thousands": (".", ["1,198.98", "614,983", "12"], [1198.98, 614983, 12]),
    "thousands of India": (".", ["12,34,567.5", "3"], [1234567.5, 3]),
    "currencies": (
        ".",
        ["$1,198.98", "-$2", "$-2", "3 €", "US$4", "Rs. 5"],
        [1198.98, -2, -2, 3, 4, 5],
    ),
    "multiples": (".", ["199.65K", "1.2m", "3B", "2T", "5"], [199650, 1.2e6, 3e9, 2e12, 5]),
    "percents": (".", ["0.10%", "-0.2 %"], [0.10, -0.2]),
    "brackets": (".", ["(3.5)", "4"], [-3.5, 4]),
    "spaces and apostrophes": (
        ".",
        ["1 234.5", "1'234", "1\u00a0234\u202f567"],
        [1234.5, 1234, 1234567],
    ),
    "a long minus": (".", ["\u22123.5"], [-3.5]),
    "decimal commas": (
        ",",
        ["1.198,98 €", "-3,5", "614.983", "1.234.567"],
        [1198.98, -3.5, 614983, 1234567],
    ),
    "truths": (".", [True, False, "2"], [1, 0, 2]),
}


@pytest.mark.parametrize("case", WRITTEN)
def test_numbers_are_read_as_people_write_them(case: str) -> None:
    mark, cells, expected = WRITTEN[case]
    assert parse_numbers(column(*cells), mark).tolist() == expected


@pytest.mark.parametrize(
    "cell",
    ["x", "$", ".", "1,2", "1,2345", "0,999", "1.2.3", "--1", "(1", "1K2", "2018-01-02", "K"],
)
def test_what_is_no_number_is_none(cell: str) -> None:
    assert np.isnan(parse_numbers(column(cell, "1.5"), ".")[0])


def test_a_share_beside_percents_is_another_unit() -> None:
    assert np.isnan(parse_numbers(column("0.1%", "0.1"), ".")[0])


def test_a_comma_is_no_number_where_nothing_shows_what_it_is() -> None:
    np.testing.assert_array_equal(parse_numbers(column("1,234", "999"), None), [np.nan, 999.0])


def test_numbers_and_dates_of_a_parquet_file_stay_what_they_are() -> None:
    assert parse_numbers(pd.Series([1.5, 2.5]), ",").tolist() == [1.5, 2.5]
    assert parse_numbers(pd.Series([True, False]), ".").tolist() == [1.0, 0.0]
    assert np.isnan(parse_numbers(pd.Series(pd.DatetimeIndex(["2020-01-01"])), ".")).all()


MARKS: dict[str, tuple[list[list[object]], Mark | None]] = {
    "both marks": ([["1,198.98"]], "."),
    "both, the other way": ([["1.198,98"]], ","),
    "a short rest": ([["1198,9"]], ","),
    "a rest behind nought": ([["0,999", "1,200"]], ","),
    "two commas": ([["1,234,567"]], "."),
    "three digits alone": ([["1,234", "2,345"]], None),
    "three digits beside a decimal point": ([["1,234", "2,345"], ["0.5"]], "."),
    "three digits beside a decimal comma": ([["1.234", "2.345"], ["0,5"]], ","),
    "whole numbers": ([["1", "2"]], "."),
    "nothing": ([], "."),
    "texts and dates": ([["x", "y"], ["02.01.2018"]], "."),
    "columns that differ": ([["1,5"], ["1.5"]], "."),
    "a column that differs from itself": ([["1,5", "1.5"]], "."),
    "empty cells": ([["-", None, "1,5"]], ","),
}


@pytest.mark.parametrize("case", MARKS)
def test_the_decimal_mark_is_told_by_all_columns_together(case: str) -> None:
    columns, expected = MARKS[case]
    assert find_mark([column(*cells) for cells in columns]) == expected


def test_marks_for_nothing_are_missing() -> None:
    cells = column("-", "N/A", None, np.nan, " ", "null", "0", "x", 1.5)
    assert is_missing(cells).tolist() == [True] * 6 + [False] * 3
    assert is_missing(pd.Series([1.0, np.nan])).tolist() == [False, True]
