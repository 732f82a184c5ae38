import pandas as pd
import pytest

from models.data.reading.stamps import Stamps, find_epoch, read_stamps, write_texts
from models.errors import DataError


def read(*cells: object, date_format: str | None = None) -> Stamps:
    return read_stamps(
        pd.Series(cells), "a.csv, column t", rows=range(len(cells)), date_format=date_format
    )


@pytest.mark.parametrize(
    ("cells", "how"),
    [
        ([1577836800, 1577840400], "seconds since 1970"),
        ([1577836800000, 1577840400000], "milliseconds since 1970"),
        ([1577836800000000, 1577840400000000], "microseconds since 1970"),
        ([1577836800000000000, 1577840400000000000], "nanoseconds since 1970"),
        (["1577836800", "1577840400"], "seconds since 1970"),
        ([1577836800.0, 1577840400.0], "seconds since 1970"),
        (["1577836800.0", "1577840400.0"], "seconds since 1970"),
    ],
)
def test_numbers_since_1970_are_stamps_in_utc(cells: list[object], how: str) -> None:
    stamps = read(*cells)
    expected = [pd.Timestamp("2020-01-01 00:00"), pd.Timestamp("2020-01-01 01:00")]
    assert stamps.universal.tolist() == stamps.local.tolist() == expected
    assert stamps.how == how


@pytest.mark.parametrize(
    "cells",
    [
        [1577836800, 1577840400000],
        [12, 13],
        [20200131, 20200201],
        [202001310930, 202001310931],
        ["", "x"],
    ],
)
def test_other_numbers_are_none(cells: list[object]) -> None:
    assert find_epoch(write_texts(pd.Series(cells))) is None


def test_numbers_that_read_as_dates_are_dates() -> None:
    assert read(20200131, 20200201).local.tolist() == [
        pd.Timestamp("2020-01-31"),
        pd.Timestamp("2020-02-01"),
    ]
    assert read(202001310930.0).local.tolist() == [pd.Timestamp("2020-01-31 09:30")]


def test_days_in_their_own_zone_are_kept_across_a_change_of_the_clock() -> None:
    winter, summer = "2018-03-09 00:00:00-05:00", "2018-03-12 00:00:00-04:00"
    assert read(winter, summer).choose().tolist() == [
        pd.Timestamp("2018-03-09"),
        pd.Timestamp("2018-03-12"),
    ]
    assert read("2018-03-11 01:30:00-05:00", "2018-03-11 03:00:00-04:00").choose().tolist() == [
        pd.Timestamp("2018-03-11 06:30"),
        pd.Timestamp("2018-03-11 07:00"),
    ]


def test_stamps_of_which_only_some_name_a_zone_are_refused() -> None:
    with pytest.raises(DataError, match="row 2 has no time zone but other rows have one"):
        read("2020-01-31T09:30Z", "2020-01-31T09:31")


def test_a_format_settles_the_order() -> None:
    for date_format, month in (("%d/%m/%Y", 2), ("%m/%d/%Y", 1)):
        stamps = read("1/2/2020", date_format=date_format)
        assert stamps.local[0].month == month
        assert stamps.how == f"written {date_format!r}"


def test_a_format_may_name_the_zone() -> None:
    stamps = read("02.01.2018 00:00 +0100", "x", date_format="%d.%m.%Y %H:%M %z")
    assert stamps.local[0] == pd.Timestamp("2018-01-02")
    assert stamps.universal[0] == pd.Timestamp("2018-01-01 23:00")
    assert stamps.universal.isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("date_format", "sentence"),
    [
        ("DD/MM/YYYY", "--date-format 'DD/MM/YYYY': expected a form such as %d/%m/%Y, with a year"),
        ("%d/%m", "with a year"),
        ("mixed", "with a year"),
        ("%Y-%Q", "--date-format '%Y-%Q': expected each at most once of %Y %y .*; found '%Q'"),
        ("%Y-%", "found '%'"),
        ("%Y%Y", "found '%Y'"),
        ("%U%Y", "found '%U'"),
    ],
)
def test_a_format_that_is_none_is_refused(date_format: str, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        read("2020-01-31", date_format=date_format)
