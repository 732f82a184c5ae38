import pandas as pd
import pytest

from models.data.reading.clock import write_clock, write_clocks


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("", ""),
        (" 9:30", "T09:30:00"),
        ("T09:30:15.250", "T09:30:15.250"),
        (" 4:00:00 PM", "T16:00:00"),
        (" 12:30 a.m.", "T00:30:00"),
        (" 12-AM", "T00:00:00"),
        (" 12-PM", "T12:00:00"),
        (" 01-PM", "T13:00:00"),
        (" 093005", "T09:30:05"),
        ("0930", "T09:30:00"),
        (" 16", "T16:00:00"),
        (", 09:30", "T09:30:00"),
        (" 00:00:00 GMT+0100", "T00:00:00+01:00"),
        (" 00:00 GMT-0500 (EST)", "T00:00:00-05:00"),
        (" 00:00:00 UTC", "T00:00:00+00:00"),
        (" 00:00:00-05", "T00:00:00-05:00"),
        (" 00:00:00.000 GMT+0", "T00:00:00.000+00:00"),
        (" 00:00 GMT+530", "T00:00:00+05:30"),
    ],
)
def test_times_of_day_are_rewritten(rest: str, expected: str) -> None:
    assert write_clock(rest) == expected


@pytest.mark.parametrize("rest", [" noon", " 9", " 13:00 PM", " 0-AM", " 9:3", "123", " 9:30 EST"])
def test_what_is_no_time_of_day_is_none(rest: str) -> None:
    assert write_clock(rest) is None


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([0, 1, 23], ["0000", "0100", "2300"]),
        ([0, 905, 1600], ["0000", "0905", "1600"]),
        ([0, 93000, 160000], ["000000", "093000", "160000"]),
        (["09:30", " 16:00 "], ["09:30", "16:00"]),
        ([0.25, 0.5], ["0.25", "0.5"]),
    ],
)
def test_whole_numbers_are_filled_up_to_times(cells: list[object], expected: list[str]) -> None:
    assert write_clocks(pd.Series(cells)).tolist() == expected
