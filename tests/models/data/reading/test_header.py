import pytest

from models.data.reading.header import read_header
from models.errors import DataError

ROW = "2018-01-02,10,12,9,11,500\n"
NAMES = ["Date", "Open", "High", "Low", "Close", "Volume"]
LINE = ",".join(NAMES) + "\n"


@pytest.mark.parametrize(
    ("above", "n_lines", "notice"),
    [
        ("https://www.CryptoDataDownload.com\n", 2, "'https://www.CryptoDataDownload.com'"),
        ("Timestamps are UTC timezone,https://a.com\n", 2, "'Timestamps are UTC timezone,https://"),
        ("# daily\n# of ABC\n", 3, "'# daily' and 1 more"),
        ("sep=,\n", 2, "'sep=,'"),
        ("x" * 100 + "\n", 2, f"'{'x' * 60}...'"),
    ],
)
def test_what_stands_above_the_header_is_left_out_and_said(
    above: str, n_lines: int, notice: str
) -> None:
    header = read_header("a.csv", above + LINE + ROW * 3)
    assert (header.names, header.n_lines) == (NAMES, n_lines)
    assert header.notices[0].startswith(f"a.csv: left out what stands above the header: {notice}")


TWO_LINES = {
    "without index": ("Date,Close,Open,High,Low\n,ABC,ABC,ABC,ABC\n", "Date"),
    "with a counter": ("Price,Close,Open,High,Low\nTicker,ABC,ABC,ABC,ABC\n", ""),
    "tickers first": ("Ticker,ABC,ABC,ABC,ABC\nPrice,Close,Open,High,Low\n", ""),
    "three lines": ("Price,Close,Open,High,Low\nTicker,ABC,ABC,ABC,ABC\nDate,,,,\n", "Date"),
}


@pytest.mark.parametrize("case", TWO_LINES)
def test_header_lines_of_prices_and_tickers_are_one_header(case: str) -> None:
    text, first = TWO_LINES[case]
    header = read_header("a.csv", text + "2018-01-02,1,2,3,0\n" * 3)
    assert header.names == [first, "Close", "Open", "High", "Low"]
    assert header.n_lines == text.count("\n")
    assert header.notices[0].endswith("header lines were read as those of a price download of ABC")


def test_several_tickers_in_the_header_keep_their_columns_apart() -> None:
    header = read_header("a.csv", "Price,Close,Close\nTicker,SPY,QQQ\nDate,,\n2020-01-02,1,2\n")
    assert header.names == ["Date", "Close_SPY", "Close_QQQ"]


def test_a_row_of_texts_below_a_header_stays_a_row() -> None:
    assert read_header("a.csv", "day,room,label\n,hall,x\n2020-01-02,hall,1\n").n_lines == 1


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (LINE + ROW.replace("\n", ",\n") * 3, [*NAMES, ""]),
        ("Open,High,Low,Close\n" + "2018-01-02,1,3,0,2\n" * 3, ["", *NAMES[1:5]]),
        (LINE + "7,2018-01-02,10,12,9,11,500\n" * 3, ["", *NAMES]),
    ],
)
def test_a_cell_more_than_the_header_is_named_where_the_rows_show_it(
    text: str, names: list[str]
) -> None:
    assert read_header("a.csv", text).names == names


def test_a_cell_more_that_nothing_explains_is_left_to_be_refused() -> None:
    assert read_header("a.csv", LINE + ROW.replace("\n", ",9\n") * 3).names == NAMES


@pytest.mark.parametrize("text", ["prose\n", "", "\n\n", "a b c\n1 2 3\n"])
def test_a_text_without_a_delimiter_has_no_header(text: str) -> None:
    with pytest.raises(DataError, match="the first line holds no comma"):
        read_header("a.csv", text)
