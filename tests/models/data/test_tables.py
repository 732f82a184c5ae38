import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from models.data.tables import read_table
from models.errors import DataError

Write = Callable[..., Path]

ROWS = "Date,x\n2020-01-01,1.5\n2020-01-02,2.5\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", ROWS),
        ("a.txt", ROWS.replace(",", ";")),
        ("a.tsv", ROWS.replace(",", "\t")),
        ("A.CSV", ROWS.replace("\n", "\r\n")),
        ("a.csv", "\ufeff" + ROWS),
        ("a.csv", "\n\n" + ROWS + "\n\n"),
        ("a.csv", ROWS.replace("\n", "\r")),
        ("a.csv.gz", gzip.compress(ROWS.encode(), mtime=0)),
        ("a.csv", ROWS.encode("utf-16")),
    ],
)
def test_text_files_of_many_habits_hold_the_same_table(
    write: Write, name: str, content: str | bytes
) -> None:
    frame = read_table(write(content, name)).frame
    assert frame.columns.tolist() == ["Date", "x"]
    assert frame["x"].tolist() == [1.5, 2.5]


def test_parquet_gives_the_columns_of_csv_and_the_index_too(write: Write, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    dates = pd.DatetimeIndex(["2020-01-01", "2020-01-02"], name="Date")
    pd.DataFrame({"x": [1.5, 2.5]}, index=dates).to_parquet(path)
    frame = read_table(path).frame
    assert set(frame.columns) == {"Date", "x"}
    assert frame["Date"].tolist() == dates.tolist()


def test_numbers_are_read_to_the_last_bit(write: Write) -> None:
    values = [0.1 + 0.2, 1 / 3, 24.175373077392578]
    text = "Date,x\n" + "".join(f"2020-01-0{i + 1},{v!r}\n" for i, v in enumerate(values))
    assert read_table(write(text)).frame["x"].tolist() == values


@pytest.mark.parametrize(
    "header",
    [
        "Price,Close,Open\nTicker,SPY,SPY\nDate,,\n",
        "Ticker,SPY,SPY\nPrice,Close,Open\nDate,,\n",
        ",Close,Open\n,SPY,SPY\nDatetime,,\n",
    ],
)
def test_the_three_header_lines_of_a_price_download_are_understood(
    write: Write, header: str
) -> None:
    table = read_table(write(header + "2020-01-02,4,5\n"))
    assert [name.casefold() for name in table.frame.columns[1:]] == ["close", "open"]
    assert table.frame.iloc[0].tolist()[1:] == [4, 5]
    assert "three header lines" in table.notices[0]
    assert "SPY" in table.notices[0]


def test_columns_are_found_without_regard_to_case(write: Write) -> None:
    table = read_table(write("DATE, Close \n2020-01-01,1\n"))
    assert table.column("close") == "Close"
    assert table.has_column("cLOSE")
    with pytest.raises(DataError, match=r"no column 'closed' \(nearest: 'Close'\)"):
        table.column("closed")


def test_columns_that_differ_only_in_case_are_refused_when_asked_for(write: Write) -> None:
    table = read_table(write("date,close,Close\n2020-01-01,1,2\n"))
    with pytest.raises(DataError, match="'close', 'Close' differ only in case"):
        table.column("close")


BAD_FILES = {
    "no bytes": ("a.csv", "", "the file is empty"),
    "blank lines": ("a.csv", "\n\n", "the first line holds no comma"),
    "no rows": ("a.csv", "Date,x\n", "a header but no row below it"),
    "prose": ("a.csv", "hello world\n", "holds no comma, semicolon or tab; expected CSV"),
    "no header": ("a.csv", "2020-01-01,1.5\n", "first line holds values; expected .* column names"),
    "latin-1": ("a.csv", ROWS.encode() + b"caf\xe9,1\n", "line 4: byte 0xe9 is not UTF-8"),
    "half of utf-16": ("a.csv", ROWS.encode("utf-16")[:-1], "the text is broken UTF-16"),
    "a picture": ("a.csv", b"\x89PNG\r\n\x00\x00", "not a text file"),
    "torn gzip": (
        "a.csv.gz",
        gzip.compress(ROWS.encode(), mtime=0)[:20],
        "not a complete gzip file",
    ),
    "text as gzip": ("a.csv.gz", ROWS, "not a complete gzip file"),
    "one long row": ("a.csv", ROWS + "2020-01-03,1,9\n", "line 4 has 3 cells; expected 2"),
    "long rows": ("a.csv", "Date,x\n2020-01-01,1,9\n2020-01-02,1,9\n", "more cells than"),
    "open quote": ("a.csv", 'Date,x\n2020-01-01,"1\n', "a quotation mark is never closed"),
    "twin columns": ("a.csv", "Date,x,x\n2020-01-01,1,2\n", "more than one column is named 'x'"),
    "nameless column": ("a.csv", "Date,x,\n2020-01-01,1,2\n", "column 3 has no name"),
    "odd header": (
        "a.csv",
        "Kurs,Schluss\nName,SPY\nDate,\n2020-01-02,1\n",
        "names a column Close",
    ),
    "endless name": ("a.csv", "Date," + "x" * 200_000 + "\n", "the first lines are no CSV header"),
    "spreadsheet": ("a.xlsx", b"PK", r"suffix '.xlsx' is not one of .csv"),
    "no suffix": ("prices", ROWS, "suffix '' is not one of"),
    "text as parquet": ("a.parquet", ROWS, "not a Parquet file that can be read"),
    "pickle as parquet": ("a.pq", b"\x80\x04N.", "not a Parquet file that can be read"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_what_is_no_table_is_refused_in_one_sentence(write: Write, case: str) -> None:
    name, content, sentence = BAD_FILES[case]
    path = write(content, name)
    with pytest.raises(DataError, match=sentence) as caught:
        read_table(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_missing_file_brings_up_the_one_that_was_meant(write: Write) -> None:
    path = write(ROWS, "prices.csv")
    with pytest.raises(DataError, match=r"there is no such file \(nearest: 'prices.csv'\)"):
        read_table(path.with_name("price.csv"))


def test_a_file_in_a_missing_folder_is_missing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no such file$"):
        read_table(tmp_path / "nowhere" / "a.csv")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(DataError, match="this is a folder"):
        read_table(tmp_path / "a.csv")


def test_parquet_text_that_is_not_utf_8_is_refused(write: Write) -> None:
    buffer = io.BytesIO()
    pd.DataFrame({"x": ["2001-01-01", "2001-01-02"]}).to_parquet(buffer, compression="none")
    broken = buffer.getvalue().replace(b"2001-01-02", b"2001-01-\x800", 1)
    with pytest.raises(DataError, match="not a Parquet file that can be read"):
        read_table(write(broken, "a.parquet"))


def test_a_parquet_file_that_was_cut_is_refused(write: Write) -> None:
    buffer = io.BytesIO()
    pd.DataFrame({"x": range(100)}).to_parquet(buffer)
    with pytest.raises(DataError, match="not a Parquet file"):
        read_table(write(buffer.getvalue()[:-20], "a.parquet"))
