"""Indicators of trend: the close against its averages, directional movement, fitted lines."""

import numpy as np
import talib

from models.data.indicators.indicator import Bars, FloatArray, Indicator, Tier, before, ratio


def close_to_sma(rows: int, tier: Tier = "a50") -> Indicator:
    """Distance of the close from its simple moving average."""
    return Indicator(
        f"close_to_sma_{rows}",
        f"C / SMA {rows} of C - 1",
        rows - 1,
        lambda bars: bars.close / talib.SMA(bars.close, rows) - 1,
        tier,
    )


def close_to_ema(rows: int) -> Indicator:
    """Distance of the close from its exponential moving average."""
    return Indicator(
        f"close_to_ema_{rows}",
        f"C / EMA {rows} of C - 1",
        rows - 1,
        lambda bars: bars.close / talib.EMA(bars.close, rows) - 1,
        "a100",
    )


def slope(rows: int) -> Indicator:
    """Slope of the fitted line through the log closes."""
    return Indicator(
        f"slope_{rows}",
        f"slope a row of the least-squares line through {rows} ln(C)",
        rows - 1,
        lambda bars: talib.LINEARREG_SLOPE(np.log(bars.close), rows),
        "a100",
    )


def efficiency(bars: Bars, rows: int) -> FloatArray:
    """Return Kaufman's efficiency ratio: the net way as a share of the way gone."""
    way = talib.SUM(np.abs(bars.returns), rows)
    return ratio(np.log(bars.close / before(bars.close, rows)), way)


TREND = (
    close_to_sma(20),
    close_to_sma(50),
    close_to_sma(200),
    Indicator(
        "sma_50_to_200",
        "SMA 50 of C / SMA 200 of C - 1",
        199,
        lambda bars: talib.SMA(bars.close, 50) / talib.SMA(bars.close, 200) - 1,
    ),
    Indicator(
        "adx_14",
        "average directional movement index (Wilder), 14 rows",
        27,
        lambda bars: talib.ADX(bars.high, bars.low, bars.close, 14),
    ),
    Indicator(
        "plus_di_14",
        "upward directional indicator (Wilder), 14 rows",
        14,
        lambda bars: talib.PLUS_DI(bars.high, bars.low, bars.close, 14),
    ),
    Indicator(
        "minus_di_14",
        "downward directional indicator (Wilder), 14 rows",
        14,
        lambda bars: talib.MINUS_DI(bars.high, bars.low, bars.close, 14),
    ),
    Indicator(
        "aroon_25",
        "100 (rows since the lowest L - rows since the highest H) / 25, over 26 rows",
        25,
        lambda bars: talib.AROONOSC(bars.high, bars.low, 25),
    ),
    close_to_sma(5, "a100"),
    close_to_sma(100, "a100"),
    close_to_ema(10),
    close_to_ema(30),
    slope(20),
    slope(60),
    Indicator(
        "close_to_kama_30",
        "C / Kaufman's adaptive average of C, 30 rows - 1",
        30,
        lambda bars: bars.close / talib.KAMA(bars.close, 30) - 1,
        "a100",
    ),
    Indicator(
        "close_to_sar",
        "C / parabolic stop and reverse (0.02, 0.2) - 1",
        1,
        lambda bars: bars.close / talib.SAR(bars.high, bars.low, 0.02, 0.2) - 1,
        "a100",
    ),
    Indicator(
        "efficiency_20",
        "ln(C / C[20]) / sum of abs(r) of 20 rows",
        20,
        lambda bars: efficiency(bars, 20),
        "a100",
    ),
)
