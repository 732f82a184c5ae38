import pytest

from models.data.reading.dates import looks_like_date, write_iso
from models.errors import DataError

YEARS = "years 1950 to 2049"


def iso(*texts: str) -> tuple[list[str], str]:
    return write_iso(texts, "a.csv, column Date", range(len(texts)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-01-31", "2020-01-31"),
        ("2020-1-31", "2020-01-31"),
        ("2018.01.02", "2018-01-02"),
        ("2018/1/2 9:30", "2018-01-02T09:30:00"),
        ("20180102", "2018-01-02"),
        ("20180102 093005", "2018-01-02T09:30:05"),
        ("201801020930", "2018-01-02T09:30:00"),
        ("20180102093005", "2018-01-02T09:30:05"),
        ("Jan 02, 2020", "2020-01-02"),
        ("Jan 2,2020", "2020-01-02"),
        ("January 2, 2020", "2020-01-02"),
        ("Sept. 2 2020", "2020-09-02"),
        ("02-Jan-2018", "2018-01-02"),
        ("02Jan2018", "2018-01-02"),
        ("2 January 2018 16:00", "2018-01-02T16:00:00"),
        ("2018-Jan-02", "2018-01-02"),
        ("1st May 2018", "2018-05-01"),
        ("Tue, Jan 02, 2018", "2018-01-02"),
        ("Thu Jan 02 2020 00:00:00 GMT-0500 (EST)", "2020-01-02T00:00:00-05:00"),
    ],
)
def test_a_date_that_shows_its_order_is_rewritten(text: str, expected: str) -> None:
    assert iso(text) == ([expected], "")
    assert looks_like_date(text)


def test_years_of_two_digits_are_of_the_past() -> None:
    assert iso("2-Jan-18", "2-JAN-50") == (["2018-01-02", "1950-01-02"], YEARS)
    assert iso("2/28/14", "1/31/50") == (["2014-02-28", "1950-01-31"], f"month, day, year, {YEARS}")


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "Jan 20", "12345678", "2020-13-01", "2020-01-31 noon", "Foo 02, 2020"]
)
def test_what_is_no_date_stays_as_it_is(text: str) -> None:
    assert iso(text) == ([text], "")
    assert not looks_like_date(text)


@pytest.mark.parametrize(
    ("texts", "expected", "order"),
    [
        (["1/31/2020", "2/1/2020"], ["2020-01-31", "2020-02-01"], "month, day, year"),
        (["31/1/2020", "1/2/2020"], ["2020-01-31", "2020-02-01"], "day, month, year"),
        (["1.2.2020", "2.2.2020"], ["2020-02-01", "2020-02-02"], "day, month, year"),
        (["1.31.2020"], ["2020-01-31"], "month, day, year"),
        (["12/31/18", "01/01/19"], ["2018-12-31", "2019-01-01"], f"month, day, year, {YEARS}"),
        (["31/12/18", "01/01/19", "02/01/19"], ["2018-12-31", "2019-01-01", "2019-01-02"],
         f"day, month, year, {YEARS}"),
        (["18-01-02", "18-02-01", "19-01-03"], ["2018-01-02", "2018-02-01", "2019-01-03"],
         f"year, month, day, {YEARS}"),
        (["10.09.08", "11.09.08"], ["2008-09-10", "2008-09-11"],
         f"day, month, year, {YEARS}"),
        (["1/13/2020 4:00 PM", "2020-01-14"], ["2020-01-13T16:00:00", "2020-01-14"],
         "month, day, year"),
    ],
)  # fmt: skip
def test_all_rows_together_show_which_number_is_the_day(
    texts: list[str], expected: list[str], order: str
) -> None:
    assert iso(*texts) == (expected, order)


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (
            ["1/2/2020", "3/4/2020"],
            "row 1 reads '1/2/2020' and no row shows which is the day; say it with --date-format "
            "%d/%m/%Y or %m/%d/%Y, or write a date such as 2020-01-31",
        ),
        (["x", "1-2-20"], "row 2 reads '1-2-20' .* %d-%m-%y or %m-%d-%y or %y-%m-%d, or write"),
        (["31/1/2020", "1/31/2020"], "row 2 reads '1/31/2020' and other rows have the day first"),
        (["1/31/2020", "2/31/2020", "31/1/2020"], "row 3 reads .* other rows have the month first"),
    ],
)
def test_rows_that_leave_it_open_or_differ_are_refused(texts: list[str], sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        iso(*texts)
