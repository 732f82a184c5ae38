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
    prices, notices = read_prices(read_embedded_table())
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
    prices, notices = read_prices(table_of(text, tmp_path))
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
    _, notices = read_prices(table)
    assert notices[0].endswith("columns beside the prices are ignored: 'Adj Close', 'rain'")
    _, notices = read_prices(table, label_column="rain")
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
    "a comma": ("open", '"1,234.5"', "column Open: found '1,234.5'; expected a number"),
    "nothing": (
        "volume",
        "",
        r"row 2 \(2020-01-02\), column Volume: found nothing; expected a num",
    ),
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


def test_prices_without_volume_are_refused_with_the_way_out(tmp_path: Path) -> None:
    text = "Date,Open,High,Low,Close,Volumen\n2020-01-01,10,12,9,11,500\n"
    with pytest.raises(
        DataError, match=r"no column 'volume' \(nearest: 'Volumen'\).* add one, of zeros"
    ):
        read_prices(table_of(text, tmp_path))


def test_csv_and_parquet_give_the_same_prices(
    prices: pd.DataFrame, write: Callable[..., Path], tmp_path: Path
) -> None:
    prices.to_parquet(tmp_path / "prices.parquet")
    from_csv, _ = read_prices(read_table(write(prices)))
    from_parquet, _ = read_prices(read_table(tmp_path / "prices.parquet"))
    pd.testing.assert_frame_equal(from_csv, from_parquet)
    assert (from_csv.to_numpy() == prices.to_numpy()).all()


def test_spy_loads(shared_data: Path) -> None:
    prices, notices = read_prices(read_table(shared_data / "SPY_daily.csv"))
    assert len(prices) == 8396
    assert notices[0].endswith("'Adj Close'")
