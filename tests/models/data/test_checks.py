import numpy as np
import pandas as pd
import pytest

from models.data.checks import (
    drop_repeats,
    find_doubts,
    find_gap,
    find_mixture,
    refuse_impossible_prices,
    time_order,
)
from models.errors import DataError


def dates_of(*texts: str) -> np.ndarray:
    return np.array(texts, dtype="datetime64[ns]")


def test_rows_in_order_stay_and_reversed_rows_are_turned() -> None:
    days = dates_of("2020-01-01", "2020-01-02", "2020-01-05")
    order, notices = time_order("a.csv", days)
    assert (order.tolist(), notices) == ([0, 1, 2], ())
    order, notices = time_order("a.csv", days[::-1])
    assert order.tolist() == [2, 1, 0]
    assert notices == ("a.csv: rows are newest first; they were reversed",)


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (
            ["2020-01-01", "2020-01-02", "2020-01-02"],
            r"row 3 \(2020-01-02\): the date stands twice",
        ),
        (["2020-01-02", "2020-01-02"], r"row 2 \(2020-01-02\): the date stands twice"),
        (
            ["2020-01-03", "2020-01-02", "2020-01-02"],
            r"row 3 \(2020-01-02\): the date stands twice",
        ),
        (
            ["2020-01-01", "2020-01-05", "2020-01-03"],
            r"row 3 \(2020-01-03\): comes after 2020-01-05; sort the rows by date",
        ),
    ],
)
def test_dates_that_repeat_or_jump_back_are_refused(days: list[str], sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        time_order("a.csv", dates_of(*days))


def test_rows_are_named_as_they_stand_in_the_file() -> None:
    with pytest.raises(DataError, match=r"row 8 \(2020-01-01\): comes after 2020-01-03"):
        time_order("a.csv", dates_of("2020-01-02", "2020-01-03", "2020-01-01"), np.array([1, 4, 7]))


def test_a_row_that_repeats_date_and_prices_gives_way_to_the_larger_volume(
    prices: pd.DataFrame,
) -> None:
    twice = pd.concat([prices, prices.tail(2).assign(volume=[0.0, 1e12])], ignore_index=True)
    dates = np.concatenate([prices.index.to_numpy(), prices.index[-2:].to_numpy()])
    is_kept, notices = drop_repeats("a.csv", twice, dates)
    assert np.flatnonzero(~is_kept).tolist() == [899, 900]
    assert notices[0].startswith("a.csv: 2 of 902 rows repeat the date and prices of another")
    twice.loc[901, "close"] += 0.01
    assert np.flatnonzero(~drop_repeats("a.csv", twice, dates)[0]).tolist() == [900]
    assert drop_repeats("a.csv", prices, prices.index.to_numpy())[1] == ()


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("open", 0.0, r"row 11 \(2001-01-15\), column open: found 0; expected a price above 0"),
        ("low", -3.5, "column low: found -3.5; expected a price above 0"),
        ("volume", -1.0, "column volume: found -1; expected 0 or more"),
        ("high", 1.0, "column high: found 1; this is below the low of the row"),
    ],
)
def test_impossible_prices_are_refused(
    prices: pd.DataFrame, column: str, value: float, sentence: str
) -> None:
    prices.iloc[10, prices.columns.get_loc(column)] = value
    with pytest.raises(DataError, match=sentence):
        refuse_impossible_prices("a.csv", prices)


def test_clean_prices_raise_no_doubt(prices: pd.DataFrame) -> None:
    refuse_impossible_prices("a.csv", prices)
    assert find_doubts("a.csv", prices) == ()


def test_a_close_above_the_high_is_a_doubt_but_rounding_is_none(prices: pd.DataFrame) -> None:
    prices.iloc[10, prices.columns.get_loc("high")] = prices[["open", "close"]].iloc[10].max()
    close = prices.columns.get_loc("close")
    prices.iloc[10, close] = prices["high"].iloc[10] * (1 + 0.9e-4)
    assert find_doubts("a.csv", prices) == ()
    prices.iloc[10, close] = prices["high"].iloc[10] * (1 + 1.1e-4)
    notice = "a.csv: open or close lies outside low to high in 1 of 900 rows, first on 2001-01-15"
    assert find_doubts("a.csv", prices) == (notice,)


def test_days_without_volume_are_counted(prices: pd.DataFrame) -> None:
    prices.iloc[10:13, prices.columns.get_loc("volume")] = 0
    assert find_doubts("a.csv", prices) == (
        "a.csv: volume is zero in 3 of 900 rows, first on 2001-01-15",
    )


def test_an_unadjusted_split_is_noticed(prices: pd.DataFrame) -> None:
    prices.loc[prices.index[10:], ["open", "high", "low", "close"]] /= 2
    (notice,) = find_doubts("a.csv", prices)
    assert notice.startswith("a.csv: the close leaps by half or more (a split?) in 1 of 900 rows")


def test_a_hole_in_daily_dates_is_noticed_but_a_long_holiday_is_not() -> None:
    days = pd.bdate_range("2001-01-01", periods=300).to_numpy().astype("datetime64[ns]")
    assert find_gap("a.csv", np.delete(days, range(100, 105))) == ""
    notice = find_gap("a.csv", np.delete(days, [*range(100, 130), *range(200, 210)]))
    assert notice == "a.csv: 2 holes in the dates, the longest from 2001-05-18 to 2001-07-02"


def test_nights_and_weekends_are_no_holes_between_minutes() -> None:
    minutes = [
        day + np.timedelta64(minute, "m")
        for day in pd.bdate_range("2001-01-01", periods=10).to_numpy()
        for minute in range(570, 600)
    ]
    assert find_gap("a.csv", np.array(minutes)) == ""
    assert find_mixture("a.csv", np.array(minutes)) == ""


def test_weekly_rows_before_daily_ones_are_noticed() -> None:
    weekly = pd.date_range("2000-01-03", periods=52, freq="7D")
    daily = pd.bdate_range("2001-01-01", periods=200)
    assert find_mixture("a.csv", daily.to_numpy()) == ""
    assert find_mixture("a.csv", weekly.to_numpy()) == ""
    notice = find_mixture("a.csv", weekly.append(daily).to_numpy())
    assert notice == "a.csv: the steps between rows are of mixed lengths (199 daily, 52 weekly)"


def test_one_row_has_neither_holes_nor_mixture() -> None:
    assert find_gap("a.csv", dates_of("2020-01-01")) == ""
    assert find_mixture("a.csv", dates_of("2020-01-01")) == ""
