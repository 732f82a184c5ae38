import numpy as np
import pandas as pd
import pytest

from models.data.tables import Table
from models.data.timestamps import find_date_column, read_dates
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
    dates, _ = read_dates(table_of(*cells), "Date")
    assert dates.dtype == "datetime64[ns]"
    assert dates.tolist() == np.array(expected, dtype="datetime64[ns]").tolist()


def test_a_reading_that_a_person_may_not_expect_is_said() -> None:
    assert "day, month, year" in read_dates(table_of("31/1/2020"), "Date")[1][0]
    stamps = table_of("2020-01-31 09:30-05:00", "2020-01-31 09:31-05:00")
    assert "read as UTC" in read_dates(stamps, "Date")[1][0]
    assert read_dates(table_of("1/31/2020"), "Date")[1] == ()


UNREADABLE = {
    "nothing": (["2020-01-31", None], r"a.csv, row 2, column Date: found nothing; expected a date"),
    "no such day": (["2020-01-31", "2020-02-30"], "row 2, column Date: found '2020-02-30'"),
    "words": (["tomorrow"], "row 1, column Date: found 'tomorrow'; expected a date such as"),
    "two digits of year": (["1/31/20"], "found '1/31/20'"),
    "seconds since 1970": ([1577836800], "found '1577836800'"),
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
