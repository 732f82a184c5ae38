from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.data.embedded import find_embedded_file
from models.data.prices import has_prices, read_embedded_table, read_prices
from models.data.tables import Table, read_table
from models.errors import DataError

HEADER = "Date,Open,High,Low,Close,Volume\n"
ROW = "2020-01-0{},10,12,9,11,500\n"
ROWS = [ROW.format(day) for day in (1, 2, 3)]


def table_of(text: str, tmp_path: Path) -> Table:
    path = tmp_path / "prices.csv"
    path.write_text(text)
    return read_table(path)


def test_the_embedded_prices_are_twenty_years_of_the_index() -> None:
    read = read_prices(read_embedded_table(find_embedded_file()))
    prices, notices = read.frame, read.notices
    assert prices.shape == (5031, 5)
    assert (str(prices.index[0].date()), str(prices.index[-1].date())) == (
        "1999-01-04",
        "2018-12-31",
    )
    assert prices["close"].iloc[0] == 1228.099976
    assert notices == ()


def test_an_arch_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DataError, match="the package arch, which is not installed"):
        find_embedded_file()


def test_columns_are_read_in_any_order_and_case(tmp_path: Path) -> None:
    text = "VOLUME,close,Low,HIGH,open,date\n500,11,9,12,10,2020-01-01\n"
    read = read_prices(table_of(text, tmp_path))
    prices, notices = read.frame, read.notices
    assert prices.iloc[0].to_dict() == {
        "open": 10.0,
        "high": 12.0,
        "low": 9.0,
        "close": 11.0,
        "volume": 500.0,
    }
    assert prices.dtypes.eq(np.float64).all()
    assert notices == ()


def test_other_columns_are_ignored_with_a_notice(tmp_path: Path) -> None:
    text = "Date,Open,High,Low,Close,Adj Close,Volume,rain\n2020-01-01,10,12,9,11,7,500,x\n"
    table = table_of(text, tmp_path)
    notices = read_prices(table).notices
    assert notices[0].endswith("columns beside the prices are ignored: 'Adj Close', 'rain'")
    notices = read_prices(table, label_column="rain").notices
    assert notices[0].endswith("ignored: 'Adj Close'")


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["Date", "Open", "High", "Low", "Close"], True),
        (["Date", "OPEN", "high", "low", "close", "rsi"], True),
        (["Date", "Price", "Open", "High", "Low", "Vol."], False),
        (["Date", "x", "label"], False),
    ],
)
def test_prices_are_what_has_open_high_low_and_close(columns: list[str], expected: bool) -> None:
    assert has_prices(Table("a.csv", pd.DataFrame(columns=columns))) is expected


BAD_CELLS = {
    "a word": (
        "close",
        "n.a. yet",
        r"row 2 \(2020-01-02\), column Close: found 'n.a. yet'; expected",
    ),
    "odd commas": ("open", '"1,2,34.5"', "column Open: found '1,2,34.5'; expected a number"),
    "nothing": ("open", "", r"row 2 \(2020-01-02\), column Open: found nothing; expected a num"),
    "a dash": ("close", "-", "column Close: found '-'; expected a number"),
    "odd volume": ("volume", "much", "column Volume: found 'much'; expected a number"),
    "not a number": ("low", "NaN", "column Low: found nothing; expected a number"),
    "infinity": ("high", "inf", "column High: found 'inf'; expected a number"),
}


@pytest.mark.parametrize("case", BAD_CELLS)
def test_a_cell_that_is_no_number_is_named(case: str, tmp_path: Path) -> None:
    column, cell, sentence = BAD_CELLS[case]
    values = {"open": "10", "high": "12", "low": "9", "close": "11", "volume": "500", column: cell}
    bad_row = ",".join(["2020-01-02", *values.values()]) + "\n"
    with pytest.raises(DataError, match=sentence):
        read_prices(table_of(HEADER + ROWS[0] + bad_row + ROWS[2], tmp_path))


@pytest.mark.parametrize(
    "header", ["Date,Open,High,Low,Close\n", "Date,Open,High,Low,Close,Volume\n"]
)
def test_prices_may_be_without_volume(header: str, tmp_path: Path) -> None:
    row = "2020-01-01,10,12,9,11" + ",-" * ("Volume" in header) + "\n"
    read = read_prices(table_of(header + row, tmp_path))
    assert not read.has_volume
    assert read.frame["volume"].tolist() == [0.0]


def test_a_volume_that_is_missing_beside_others_is_zero_and_said(tmp_path: Path) -> None:
    text = HEADER + ROWS[0] + "2020-01-02,10,12,9,11,-\n2020-01-03,10,12,9,11,\n"
    read = read_prices(table_of(text, tmp_path))
    assert read.frame["volume"].tolist() == [500.0, 0.0, 0.0]
    assert read.notices[0].endswith(
        "volume is missing in 2 of 3 rows, first on 2020-01-02, and taken as 0"
    )


def test_rows_without_a_price_are_left_out_and_later_rows_keep_their_number(
    tmp_path: Path,
) -> None:
    text = HEADER + ROWS[0] + "2020-01-02,null,null,null,null,0\n,,,,,\n"
    read = read_prices(table_of(text + ROWS[2], tmp_path))
    assert read.rows.tolist() == [0, 3]
    assert read.notices[0].endswith("2 of 4 rows hold no price and are left out, first row 2")
    with pytest.raises(DataError, match=r"row 4 \(2020-01-03\), column Open: found 'x'"):
        read_prices(table_of(text + ROWS[2].replace(",10,", ",x,"), tmp_path))


def test_a_file_without_any_price_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no row holds a price"):
        read_prices(table_of(HEADER + "2020-01-02,,,,,\n", tmp_path))


def test_of_two_volumes_the_one_that_says_something_is_read(tmp_path: Path) -> None:
    text = "Date,Open,High,Low,Close,TickVol,Vol\n2020-01-01,10,12,9,11,7,0\n"
    assert read_prices(table_of(text, tmp_path)).columns["volume"] == "TickVol"
    assert read_prices(table_of(text.replace(",7,0", ",7,9"), tmp_path)).columns["volume"] == "Vol"


def test_two_columns_that_may_be_one_price_are_refused(tmp_path: Path) -> None:
    text = "Date,1a. open (USD),1b. open (EUR),High,Low,Close\n2020-01-01,10,9,12,9,11\n"
    with pytest.raises(DataError, match=r"'1a. open \(USD\)', '1b. open \(EUR\)' may all be open"):
        read_prices(table_of(text, tmp_path))


def test_csv_and_parquet_give_the_same_prices(
    prices: pd.DataFrame, write: Callable[..., Path], tmp_path: Path
) -> None:
    prices.to_parquet(tmp_path / "prices.parquet")
    from_csv = read_prices(read_table(write(prices))).frame
    from_parquet = read_prices(read_table(tmp_path / "prices.parquet")).frame
    pd.testing.assert_frame_equal(from_csv, from_parquet)
    assert (from_csv.to_numpy() == prices.to_numpy()).all()


def test_spy_loads(shared_data: Path) -> None:
    read = read_prices(read_table(shared_data / "SPY_daily.csv"))
    assert len(read.frame) == 8396
    assert read.notices[0].endswith("'Adj Close'")
