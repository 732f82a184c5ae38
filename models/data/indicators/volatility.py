"""Indicators of volatility: how far prices move, by close, by range, and against their own past.

A threshold in per cent is reached more often when prices move more, so these carry most of what a
linear model knows about the label.
"""

import numpy as np
import talib

from models.data.indicators.indicator import Bars, FloatArray, Indicator, Tier, before, ratio


def root_mean(values: FloatArray, rows: int) -> FloatArray:
    """Return the root of the mean of the last `rows` values; running sums may end just below 0."""
    mean: FloatArray = talib.SMA(values, rows)
    return np.sqrt(np.maximum(mean, 0.0))


def deviation(bars: Bars, rows: int) -> FloatArray:
    """Return the standard deviation of the last `rows` returns."""
    spread: FloatArray = talib.STDDEV(bars.returns, rows)
    return spread


def garman_klass(bars: Bars) -> FloatArray:
    """Return each row's variance by Garman and Klass (1980), from high, low, close and open."""
    high_low: FloatArray = np.log(bars.high / bars.low)
    close_open: FloatArray = np.log(bars.close / bars.open)
    return 0.5 * high_low**2 - (2 * float(np.log(2)) - 1) * close_open**2


def rogers_satchell(bars: Bars) -> FloatArray:
    """Return each row's variance by Rogers and Satchell (1991), which admits a drift."""
    high: FloatArray = np.log(bars.high / bars.open)
    low: FloatArray = np.log(bars.low / bars.open)
    close: FloatArray = np.log(bars.close / bars.open)
    return high * (high - close) + low * (low - close)


def bands(bars: Bars) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the upper, middle and lower Bollinger band: SMA 20 of the close, two deviations."""
    return talib.BBANDS(bars.close, 20, 2.0, 2.0)


def band_position(bars: Bars) -> FloatArray:
    """Return the place of the close between the Bollinger bands, 0 at the lower, 1 at the upper."""
    upper, _, lower = bands(bars)
    return ratio(bars.close - lower, upper - lower, neutral=0.5)


def band_width(bars: Bars) -> FloatArray:
    """Return the distance of the Bollinger bands as a share of their middle."""
    upper, middle, lower = bands(bars)
    return (upper - lower) / middle


def volatility(rows: int, tier: Tier = "a50") -> Indicator:
    """Realised volatility."""
    return Indicator(
        f"volatility_{rows}",
        f"standard deviation of {rows} r",
        rows,
        lambda bars: deviation(bars, rows),
        tier,
    )


def volatility_ratio(short: int, long: int, tier: Tier = "a50") -> Indicator:
    """Recent realised volatility against its longer level."""
    return Indicator(
        f"volatility_{short}_to_{long}",
        f"volatility_{short} / volatility_{long}",
        long,
        lambda bars: ratio(deviation(bars, short), deviation(bars, long), neutral=1.0),
        tier,
    )


def parkinson(rows: int, tier: Tier = "a50") -> Indicator:
    """Volatility from the daily range (Parkinson 1980)."""
    return Indicator(
        f"parkinson_{rows}",
        f"root of (mean of ln(H / L)^2 over {rows} rows / (4 ln 2))",
        rows - 1,
        lambda bars: root_mean(np.log(bars.high / bars.low) ** 2 / (4 * np.log(2)), rows),
        tier,
    )


VOLATILITY = (
    volatility(5),
    volatility(20),
    volatility(60),
    volatility_ratio(5, 60),
    parkinson(5),
    parkinson(20),
    Indicator(
        "garman_klass_20",
        "root of the mean of (0.5 ln(H / L)^2 - (2 ln 2 - 1) ln(C / O)^2) over 20 rows",
        19,
        lambda bars: root_mean(garman_klass(bars), 20),
    ),
    Indicator(
        "downside_20",
        "root of the mean of min(r, 0)^2 over 20 rows",
        20,
        lambda bars: root_mean(np.minimum(bars.returns, 0.0) ** 2, 20),
    ),
    Indicator(
        "true_range",
        "max(H, C[1]) / min(L, C[1]) - 1",
        1,
        lambda bars: (
            np.maximum(bars.high, before(bars.close, 1))
            / np.minimum(bars.low, before(bars.close, 1))
            - 1
        ),
    ),
    Indicator(
        "natr_14",
        "100 average true range (Wilder), 14 rows / C",
        14,
        lambda bars: talib.NATR(bars.high, bars.low, bars.close, 14),
    ),
    Indicator(
        "band_width_20",
        "4 standard deviations of 20 C / SMA 20 of C",
        19,
        band_width,
    ),
    Indicator(
        "band_position_20",
        "(C - (SMA 20 - 2 deviations)) / (4 deviations), 20 C",
        19,
        band_position,
    ),
    volatility(10, "a100"),
    volatility(120, "a100"),
    volatility_ratio(20, 120, "a100"),
    parkinson(10, "a100"),
    parkinson(60, "a100"),
    Indicator(
        "rogers_satchell_20",
        "root of the mean of (ln(H / O) ln(H / C) + ln(L / O) ln(L / C)) over 20 rows",
        19,
        lambda bars: root_mean(rogers_satchell(bars), 20),
        "a100",
    ),
    Indicator(
        "overnight_volatility_20",
        "standard deviation of 20 ln(O / C[1])",
        20,
        lambda bars: talib.STDDEV(np.log(bars.open / before(bars.close, 1)), 20),
        "a100",
    ),
    Indicator(
        "volatility_of_volatility_20",
        "standard deviation of the last 20 volatility_5 / volatility_20",
        24,
        lambda bars: ratio(talib.STDDEV(deviation(bars, 5), 20), deviation(bars, 20)),
        "a100",
    ),
    Indicator(
        "smoothed_volatility_32",
        "root of EMA 32 of r^2 (decay 0.94, as RiskMetrics)",
        32,
        lambda bars: np.sqrt(talib.EMA(bars.returns**2, 32)),
        "a100",
    ),
    Indicator(
        "range_5_to_20",
        "mean of ln(H / L) over 5 rows / over 20 rows",
        19,
        lambda bars: ratio(
            talib.SMA(np.log(bars.high / bars.low), 5),
            talib.SMA(np.log(bars.high / bars.low), 20),
            neutral=1.0,
        ),
        "a100",
    ),
)
