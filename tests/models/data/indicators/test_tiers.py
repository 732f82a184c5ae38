"""The indicators against hand-computed values, pandas and scipy, and against the future."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from models.data.indicators.indicator import Bars, Indicator, Lack
from models.data.indicators.tiers import (
    TIERS,
    compute_tier,
    indicator_table,
    lacks_weeks,
    list_indicators,
    name_tier,
    tier_columns,
)
from models.errors import DataError

INDICATORS = {indicator.name: indicator for indicator in TIERS["a100"]}


def test_the_tiers_have_the_channels_that_their_names_promise() -> None:
    assert len(TIERS["a50"]) == 50
    assert len(TIERS["a100"]) == len(INDICATORS) == 100
    assert len(tier_columns("a50")) == 55
    assert tier_columns("a100")[:55] == tier_columns("a50")
    assert tier_columns("a50")[:5] == ("open", "high", "low", "close", "volume")
    with pytest.raises(DataError, match=r"tier: found 'a5'; .* 'a50', 'a100' \(nearest: 'a50'\)"):
        tier_columns("a5")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lacking", "suffix", "channels"),
    [
        ([], "", (55, 105)),
        (["volume"], "-no-volume", (49, 94)),
        (["weeks"], "-no-weeks", (52, 101)),
        (["weeks", "volume"], "-no-volume-no-weeks", (46, 90)),
    ],
)
def test_a_tier_is_less_what_the_prices_lack(
    bars: Bars, lacking: list[Lack], suffix: str, channels: tuple[int, int]
) -> None:
    for tier, count in zip(TIERS, channels, strict=True):
        assert name_tier(tier, lacking) == f"{tier}{suffix}"
        names = tier_columns(tier, lacking)
        assert len(names) == count
        whole, values = compute_tier(bars, tier), compute_tier(bars, tier, lacking)
        places = [tier_columns(tier).index(name) for name in names]
        np.testing.assert_array_equal(values, whole[:, places])


def test_no_indicator_without_volume_feels_the_volume(
    prices: pd.DataFrame, as_bars: Callable[[pd.DataFrame], Bars]
) -> None:
    none = compute_tier(as_bars(prices.assign(volume=0.0)), "a100", ["volume"])
    np.testing.assert_array_equal(none, compute_tier(as_bars(prices), "a100", ["volume"]))
    assert not [one for one in list_indicators("a100", ["volume"]) if " V" in f" {one.formula}"]


def test_weeks_are_lacking_where_few_rows_have_a_weekly_value(
    prices: pd.DataFrame, as_bars: Callable[[pd.DataFrame], Bars]
) -> None:
    assert not lacks_weeks(as_bars(prices), "a100")
    hourly = prices.set_axis(pd.date_range("2020-01-01", periods=900, freq="h"))
    assert lacks_weeks(as_bars(hourly), "a50")
    assert not lacks_weeks(as_bars(prices.iloc[:200]), "a100")


def test_the_committed_table_of_indicators_is_current() -> None:
    committed = (Path(__file__).parents[4] / "docs" / "indicators.md").read_text()
    assert committed == indicator_table(), (
        "run: python -c 'from models.data.indicators.tiers import indicator_table as t; "
        "print(t(), end=str())' > docs/indicators.md"
    )


def test_no_formula_breaks_the_table() -> None:
    rows = [line for line in indicator_table().splitlines() if line.startswith("| `")]
    assert len(rows) == 100
    assert {row.count("|") for row in rows} == {4}


@pytest.mark.parametrize("indicator", TIERS["a100"], ids=lambda indicator: indicator.name)
def test_the_first_value_comes_after_the_declared_look_back(
    bars: Bars, indicator: Indicator
) -> None:
    values = indicator.compute(bars)
    assert np.isnan(values[: indicator.look_back]).all()
    assert np.isfinite(values[indicator.look_back :]).all()


@pytest.mark.parametrize("tier", ["a50", "a100"])
def test_every_channel_has_a_value_from_row_199(bars: Bars, tier: str) -> None:
    is_whole = np.isfinite(compute_tier(bars, tier)).all(axis=1)  # type: ignore[arg-type]
    assert int(np.argmax(is_whole)) == 199


@pytest.mark.parametrize("row", [0, 7, 199, 200, 431, 898])
def test_nothing_before_a_row_feels_what_comes_after_it(
    prices: pd.DataFrame,
    as_bars: Callable[[pd.DataFrame], Bars],
    rng: np.random.Generator,
    row: int,
) -> None:
    past = compute_tier(as_bars(prices), "a100")[: row + 1]
    changed = prices.copy()
    later = changed.iloc[row + 1 :]
    changed.iloc[row + 1 :, :4] *= np.exp(0.2 * rng.standard_normal((len(later), 1)))
    changed.iloc[row + 1 :, 4] *= rng.lognormal(size=len(later))
    features = compute_tier(as_bars(changed), "a100")
    assert features[: row + 1].tobytes() == past.tobytes()
    assert (features[row + 1 :] != compute_tier(as_bars(prices), "a100")[row + 1 :]).any()


def test_weekly_values_do_not_feel_the_row_s_own_week(
    prices: pd.DataFrame, as_bars: Callable[[pd.DataFrame], Bars]
) -> None:
    friday = 204
    assert prices.index[friday].day_name() == "Friday"
    changed = prices.copy()
    changed.iloc[friday - 4 : friday + 1, :4] *= 1.1
    for name in ("week_return_1", "week_return_4", "week_return_12", "week_range"):
        values, after = (INDICATORS[name].compute(as_bars(p)) for p in (prices, changed))
        np.testing.assert_array_equal(after[: friday + 1], values[: friday + 1])
    returns = (INDICATORS["week_return_1"].compute(as_bars(p)) for p in (prices, changed))
    assert np.subtract(*(r[friday + 1] for r in returns)) == pytest.approx(-np.log(1.1))


def test_a_price_that_never_moves_and_a_volume_of_zero_have_finite_indicators(
    prices: pd.DataFrame, as_bars: Callable[[pd.DataFrame], Bars]
) -> None:
    flat = prices.assign(open=10.0, high=10.0, low=10.0, close=10.0, volume=0.0)
    assert np.isfinite(compute_tier(as_bars(flat), "a100")[199:]).all()


def test_indicators_do_not_depend_on_the_unit_of_price_or_volume(
    prices: pd.DataFrame, as_bars: Callable[[pd.DataFrame], Bars]
) -> None:
    scaled = prices * [8.0, 8.0, 8.0, 8.0, 1024.0]
    values, after = (compute_tier(as_bars(p), "a100")[199:, 5:] for p in (prices, scaled))
    np.testing.assert_allclose(after, values, rtol=1e-6, atol=1e-9)


# Monday to Friday, then Monday to Wednesday of the next week.
OPEN = np.array([10.0, 10.0, 11.0, 10.5, 11.5, 11.0, 12.0, 12.0])
HIGH = np.array([10.5, 11.5, 11.0, 12.0, 12.0, 12.5, 12.0, 13.0])
LOW = np.array([9.5, 10.0, 10.0, 10.5, 10.5, 11.0, 10.0, 11.0])
CLOSE = np.array([10.0, 11.0, 10.5, 11.5, 11.0, 12.0, 10.0, 13.0])
VOLUME = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])

BY_HAND = {
    "return_1": (1, np.log(11 / 10)),
    "return_5": (6, np.log(10 / 11)),
    "gap": (4, np.log(11.5 / 11.5)),
    "body": (6, (10 - 12) / (12 - 10)),
    "close_location": (4, (11 - 10.5) / (12 - 10.5)),
    "upper_shadow": (5, (12.5 - 12) / (12.5 - 11)),
    "lower_shadow": (1, 0.0),
    "true_range": (6, 12 / 10 - 1),
    "reach_up_5": (5, np.mean(np.log([11.5 / 10, 11 / 11, 12 / 10.5, 12 / 11.5, 12.5 / 11]))),
    "streak": (2, -1),
    "close_to_sma_5": (4, 11 / 10.8 - 1),
    "volume_to_sma_5": (4, 5 / 3),
    # Wilder over 2 rows: mean gain 1/2, loss 1/4; then (1/2 + 1)/2 and 1/8; then 3/8 and 5/16.
    "rsi_2": (4, 100 * 0.375 / (0.375 + 0.3125)),
    # The first week: high 12, low 9.5.
    "week_range": (6, np.log(12 / 9.5)),
    "weekday": (6, 1),
    "days_since": (5, 3),
    "parkinson_5": (
        4,
        np.sqrt(
            np.mean(np.log([10.5 / 9.5, 11.5 / 10, 11 / 10, 12 / 10.5, 12 / 10.5]) ** 2)
            / (4 * np.log(2))
        ),
    ),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_indicators_agree_with_those_computed_by_hand(name: str) -> None:
    days = np.array("2024-01-01", dtype="datetime64[D]") + np.array([0, 1, 2, 3, 4, 7, 8, 9])
    bars = Bars(days.astype("datetime64[ns]"), OPEN, HIGH, LOW, CLOSE, VOLUME)
    row, expected = BY_HAND[name]
    assert INDICATORS[name].compute(bars)[row] == pytest.approx(expected, abs=1e-12)


def log_returns(prices: pd.DataFrame) -> pd.Series:
    return np.log(prices["close"]).diff()


ORACLES: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "volatility_20": lambda p: log_returns(p).rolling(20).std(ddof=0),
    "volatility_5_to_60": lambda p: (
        log_returns(p).rolling(5).std(ddof=0) / log_returns(p).rolling(60).std(ddof=0)
    ),
    "downside_20": lambda p: np.sqrt((log_returns(p).clip(upper=0) ** 2).rolling(20).mean()),
    "garman_klass_20": lambda p: np.sqrt(
        (
            0.5 * np.log(p["high"] / p["low"]) ** 2
            - (2 * np.log(2) - 1) * np.log(p["close"] / p["open"]) ** 2
        )
        .rolling(20)
        .mean()
    ),
    "overnight_volatility_20": lambda p: (
        np.log(p["open"] / p["close"].shift()).rolling(20).std(ddof=0)
    ),
    "smoothed_volatility_32": lambda p: np.sqrt(
        # TA-Lib begins an exponential average with the plain mean of its first rows.
        pd.concat(
            [
                (log_returns(p) ** 2).rolling(32).mean().iloc[[32]],
                (log_returns(p) ** 2).iloc[33:],
            ]
        )
        .ewm(alpha=2 / 33, adjust=False)
        .mean()
        .reindex(p.index)
    ),
    "band_width_20": lambda p: (
        4 * p["close"].rolling(20).std(ddof=0) / p["close"].rolling(20).mean()
    ),
    "band_position_20": lambda p: (
        (p["close"] - p["close"].rolling(20).mean()) / (4 * p["close"].rolling(20).std(ddof=0))
        + 0.5
    ),
    "close_to_sma_200": lambda p: p["close"] / p["close"].rolling(200).mean() - 1,
    "below_high_200": lambda p: p["close"] / p["high"].rolling(200).max() - 1,
    "above_low_20": lambda p: p["close"] / p["low"].rolling(20).min() - 1,
    "up_share_20": lambda p: (
        (log_returns(p) > 0).rolling(20).mean().where(log_returns(p).rolling(20).count() == 20)
    ),
    "skewness_60": lambda p: log_returns(p).rolling(60).apply(stats.skew, raw=True),
    "autocorrelation_20": lambda p: log_returns(p).rolling(20).corr(log_returns(p).shift()),
    "return_volume_correlation_20": lambda p: log_returns(p).rolling(20).corr(p["volume"]),
    "efficiency_20": lambda p: np.log(p["close"]).diff(20) / log_returns(p).abs().rolling(20).sum(),
    "slope_20": lambda p: (
        np.log(p["close"]).rolling(20).apply(lambda y: np.polyfit(np.arange(20), y, 1)[0], raw=True)
    ),
    "on_balance_20": lambda p: (
        (np.sign(log_returns(p)) * p["volume"]).rolling(20).sum() / p["volume"].rolling(20).sum()
    ),
    "close_to_vwap_20": lambda p: (
        p["close"]
        / (
            (p[["high", "low", "close"]].mean(axis=1) * p["volume"]).rolling(20).sum()
            / p["volume"].rolling(20).sum()
        )
        - 1
    ),
    "chaikin_flow_20": lambda p: (
        (p["volume"] * (2 * p["close"] - p["high"] - p["low"]) / (p["high"] - p["low"]))
        .rolling(20)
        .sum()
        / p["volume"].rolling(20).sum()
    ),
    "week_return_4": lambda p: (
        np.log(p["close"].groupby(p.index.to_period("W")).last())
        .diff(4)
        .shift()
        .reindex(p.index.to_period("W"))
        .set_axis(p.index)
    ),
}


@pytest.mark.parametrize("name", ORACLES)
def test_indicators_agree_with_pandas(prices: pd.DataFrame, bars: Bars, name: str) -> None:
    values = INDICATORS[name].compute(bars)
    expected = ORACLES[name](prices).to_numpy(dtype=float)
    np.testing.assert_allclose(values, expected, rtol=1e-6, atol=1e-10)
