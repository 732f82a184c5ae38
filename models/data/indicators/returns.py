"""Indicators of where the price has been: returns, their shape, and the distance from extremes."""

import numpy as np
import talib

from models.data.indicators.indicator import Bars, FloatArray, Indicator, Tier, before, ratio


def log_return(rows: int, tier: Tier = "a50") -> Indicator:
    """Log return over several rows."""
    return Indicator(
        f"return_{rows}",
        f"ln(C / C[{rows}])",
        rows,
        lambda bars: np.log(bars.close / before(bars.close, rows)),
        tier,
    )


def below_high(rows: int, tier: Tier = "a50") -> Indicator:
    """Distance of the close below the highest high."""
    return Indicator(
        f"below_high_{rows}",
        f"C / highest H of {rows} rows - 1",
        rows - 1,
        lambda bars: bars.close / talib.MAX(bars.high, rows) - 1,
        tier,
    )


def above_low(rows: int, tier: Tier = "a50") -> Indicator:
    """Distance of the close above the lowest low."""
    return Indicator(
        f"above_low_{rows}",
        f"C / lowest L of {rows} rows - 1",
        rows - 1,
        lambda bars: bars.close / talib.MIN(bars.low, rows) - 1,
        tier,
    )


def rises(bars: Bars) -> FloatArray:
    """Return 1 where the close rose, else 0; NaN in the first row."""
    returns = bars.returns
    return np.where(np.isnan(returns), np.nan, returns > 0)


def streak(bars: Bars) -> FloatArray:
    """Return the signed number of closes in a row that rose (positive) or fell (negative)."""
    signs = np.sign(bars.returns)
    rows = np.arange(len(signs))
    has_turned = np.r_[True, signs[1:] != signs[:-1]]
    return signs * (rows - np.maximum.accumulate(np.where(has_turned, rows, 0)) + 1)


def skewness(bars: Bars, rows: int) -> FloatArray:
    """Return the third standardised moment of the last `rows` returns."""
    returns = bars.returns
    mean = talib.SMA(returns, rows)
    deviation = talib.STDDEV(returns, rows)
    third = talib.SMA(returns**3, rows) - 3 * mean * talib.SMA(returns**2, rows) + 2 * mean**3
    return ratio(third, deviation**3)


RETURNS = (
    log_return(1),
    log_return(2),
    log_return(5),
    log_return(10),
    log_return(20),
    log_return(60),
    below_high(20),
    above_low(20),
    below_high(200),
    log_return(3, "a100"),
    log_return(120, "a100"),
    below_high(60, "a100"),
    above_low(60, "a100"),
    above_low(200, "a100"),
    Indicator(
        "best_return_20",
        "highest r of 20 rows",
        20,
        lambda bars: talib.MAX(bars.returns, 20),
        "a100",
    ),
    Indicator(
        "worst_return_20",
        "lowest r of 20 rows",
        20,
        lambda bars: talib.MIN(bars.returns, 20),
        "a100",
    ),
    Indicator(
        "up_share_20",
        "share of 20 rows with r > 0",
        20,
        lambda bars: talib.SMA(rises(bars), 20),
        "a100",
    ),
    Indicator(
        "streak",
        "closes in a row that rose, or minus those that fell",
        1,
        streak,
        "a100",
    ),
    Indicator(
        "skewness_60",
        "third standardised moment of 60 r",
        60,
        lambda bars: skewness(bars, 60),
        "a100",
    ),
    Indicator(
        "autocorrelation_20",
        "correlation of r with r[1] over 20 rows",
        21,
        lambda bars: talib.CORREL(bars.returns, before(bars.returns, 1), 20),
        "a100",
    ),
)
