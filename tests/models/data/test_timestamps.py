import numpy as np
import pandas as pd
import pytest

from models.data.tables import Table
from models.data.timestamps import find_date_column, read_dates, read_time_axis, write_date
from models.errors import DataError


def table_of(*cells: object) -> Table:
    return Table("a.csv", pd.DataFrame({"Date": pd.Series(cells)}))


READABLE = {
    "iso": (["2020-01-31", "2020-02-01"], ["2020-01-31", "2020-02-01"]),
    "bare digits": ([20200131, 20200201], ["2020-01-31", "2020-02-01"]),
    "month first": (["1/31/2020", "2/1/2020"], ["2020-01-31", "2020-02-01"]),
    "day first": (["31/1/2020", "1/2/2020"], ["2020-01-31", "2020-02-01"]),
    "dots": (["1.2.2020", "2.2.2020"], ["2020-02-01", "2020-02-02"]),
    "clock": (["1/31/2020 09:30", "1/31/2020 10:30"], ["2020-01-31T09:30", "2020-01-31T10:30"]),
    "midnight in New York": (
        ["2020-01-31 00:00:00-05:00", "2020-06-30 00:00:00-04:00"],
        ["2020-01-31", "2020-06-30"],
    ),
    "closing time": (["2020-01-31T16:00", "2020-02-03T16:00"], ["2020-01-31", "2020-02-03"]),
    "minutes with zones": (
        ["2020-01-31 09:30:00-05:00", "2020-06-30 10:30:00-04:00"],
        ["2020-01-31T14:30", "2020-06-30T14:30"],
    ),
    "minutes in UTC": (
        ["2020-01-31T09:30:00Z", "2020-01-31T09:31:00Z"],
        ["2020-01-31T09:30", "2020-01-31T09:31"],
    ),
    "parquet dates": (
        list(pd.DatetimeIndex(["2020-01-31", "2020-02-03"])),
        ["2020-01-31", "2020-02-03"],
    ),
    "parquet with a zone": (
        list(pd.DatetimeIndex(["2020-01-31", "2020-07-01"], tz="America/New_York")),
        ["2020-01-31", "2020-07-01"],
    ),
}


@pytest.mark.parametrize("case", READABLE)
def test_dates_are_read_as_they_are_written(case: str) -> None:
    cells, expected = READABLE[case]
    dates = read_dates(table_of(*cells), "Date").dates
    assert dates.dtype == "datetime64[ns]"
    assert dates.tolist() == np.array(expected, dtype="datetime64[ns]").tolist()


def test_a_reading_that_a_person_may_not_expect_is_said() -> None:
    assert "day, month, year" in read_dates(table_of("31/1/2020"), "Date").notices[0]
    stamps = table_of("2020-01-31 09:30-05:00", "2020-01-31 09:31-05:00")
    assert "read as UTC" in read_dates(stamps, "Date").notices[0]
    assert read_dates(table_of("1/31/2020"), "Date").notices == ()


UNREADABLE = {
    "nothing": (["2020-01-31", None], r"a.csv, row 2, column Date: found nothing; expected a date"),
    "no such day": (["2020-01-31", "2020-02-30"], "row 2, column Date: found '2020-02-30'"),
    "words": (["tomorrow"], "row 1, column Date: found 'tomorrow'; expected a date such as"),
    "a month without its day": (["Jan 20", "Feb 20"], "row 1, column Date: found 'Jan 20'"),
    "two digits of year": (["1/2/20"], "row 1 reads '1/2/20' and no row shows which is the day"),
    "seconds and milliseconds": ([1577836800, 1577836801000], "found '1577836800'"),
    "either order": (["1/2/2020", "3/4/2020"], "row 1 reads '1/2/2020' and no row shows which"),
    "both orders": (["31/1/2020", "1/31/2020"], "row 2 reads '1/31/2020' and other rows have the"),
    "some zones": (["2020-01-31T09:30Z", "2020-01-31T09:31"], "row 2 has no time zone but other"),
    "far future": (["2020-01-31", "3020-01-31"], "outside the years 1678 to 2261"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_date_that_is_wrong_or_open_to_doubt_is_refused(case: str) -> None:
    cells, sentence = UNREADABLE[case]
    with pytest.raises(DataError, match=sentence):
        read_dates(table_of(*cells), "Date")


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"x": [1], "Date": ["2020-01-31"]}, "Date"),
        ({"day": ["2020-01-31"], "timestamp": ["2020-01-31T10:00"]}, "timestamp"),
        ({"x": [1.5], "measured": ["2020-01-31 10:00"]}, "measured"),
        ({"x": [1.5], "measured": pd.DatetimeIndex(["2020-01-31"])}, "measured"),
        ({"time": [0.25], "measured": ["1/31/2020"]}, "measured"),
        ({"volume": [20200131], "when": ["2020-01-31"]}, "when"),
        ({"date": [20200131], "when": ["2020-01-31"]}, "date"),
        ({"unix": [1577836800], "date": ["2020-01-31"]}, "date"),
        ({"timestamp": [1577836800], "when": ["2020-01-31"]}, "when"),
        ({"note": ["1-2-20"], "when": ["2020-01-31"]}, "when"),
        ({"close_time": [1577836800], "open_time": [1577836800]}, "open_time"),
        ({"<DATE>": ["2018.01.02"], "<TIME>": ["00:00"]}, "<DATE>"),
        ({"x": [1.5], "Gmt time": ["01.01.2018 00:00:00.000"]}, "Gmt time"),
        ({"x": [1.5], "when": ["Jan 02, 2020"]}, "when"),
    ],
)
def test_the_date_column_is_found(columns: dict[str, object], expected: str) -> None:
    assert find_date_column(Table("a.csv", pd.DataFrame(columns)), None) == expected


def test_a_named_date_column_is_taken_whatever_else_there_is() -> None:
    table = Table("a.csv", pd.DataFrame({"date": ["2020-01-31"], "Shipped": ["2020-02-03"]}))
    assert find_date_column(table, "shipped") == "Shipped"
    with pytest.raises(DataError, match=r"no column 'ship' \(nearest: 'Shipped'\)"):
        find_date_column(table, "ship")


def test_a_table_without_dates_is_refused() -> None:
    table = Table("a.csv", pd.DataFrame({"x": [20200131], "y": ["red"]}))
    with pytest.raises(DataError, match="no column reads as dates; its columns are 'x', 'y'"):
        find_date_column(table, None)


def timed(*times: object, name: str = "Time") -> Table:
    days = ["2020-01-01"] * (len(times) - 1) + ["2020-01-02"]
    return Table("a.csv", pd.DataFrame({"Date": days, name: pd.Series(times)}))


@pytest.mark.parametrize(
    "times", [("09:30", "10:00", "9:30"), (93000, 100000, 93000), (930, 1000, 930)]
)
def test_days_that_stand_twice_are_completed_by_the_times_beside_them(
    times: tuple[object, ...],
) -> None:
    axis = read_time_axis(timed(*times))
    expected = ["2020-01-01T09:30", "2020-01-01T10:00", "2020-01-02T09:30"]
    assert axis.dates.tolist() == np.array(expected, dtype="datetime64[ns]").tolist()
    assert axis.columns == ("Date", "Time")


def test_times_beside_days_that_stand_once_do_not_matter() -> None:
    axis = read_time_axis(timed("09:30", "16:00", "13:00").keep(np.array([False, True, True])))
    assert axis.dates.tolist() == np.array(["2020-01-01", "2020-01-02"], "datetime64[ns]").tolist()
    assert axis.columns == ("Date",)


@pytest.mark.parametrize(
    "stamps", [[1577836800, 1577840400], ["2020-01-01 00:00", "2020-01-01 01:00"]]
)
def test_days_that_stand_twice_give_way_to_finer_stamps(stamps: list[object]) -> None:
    table = Table(
        "a.csv", pd.DataFrame({"date": ["2020-01-01"] * 2, "timestamp": stamps, "day": 1})
    )
    axis = read_time_axis(table)
    expected = np.array(["2020-01-01T00:00", "2020-01-01T01:00"], dtype="datetime64[ns]")
    assert (axis.dates.tolist(), axis.columns) == (expected.tolist(), ("timestamp",))
    assert read_time_axis(table, date_column="date").columns == ("date",)


def test_a_column_of_measured_times_is_no_clock() -> None:
    assert read_time_axis(timed(0.25, 0.5, 0.75)).columns == ("Date",)


def test_a_time_of_day_that_is_none_is_named() -> None:
    with pytest.raises(
        DataError, match=r"row 2, column Time: found 'noon'; expected a time of day"
    ):
        read_time_axis(timed("09:30", "noon", "09:30"))


def test_times_with_zones_become_utc() -> None:
    axis = read_time_axis(timed("09:30+01:00", "10:30+01:00", "09:30+01:00"))
    assert axis.dates[0] == np.datetime64("2020-01-01T08:30")
    assert "read as UTC" in axis.notices[0]


def test_a_date_is_written_with_its_time_of_day_only_where_there_is_one() -> None:
    assert write_date(np.datetime64("2020-01-31", "ns")) == "2020-01-31"
    assert write_date(np.datetime64("2020-01-31T09:30", "ns")) == "2020-01-31 09:30:00"
