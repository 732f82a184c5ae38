"""Indicators of the row's own bar: gap, body, shadows, and how far bars reach past the last close.

The label asks how far the next high reaches above the close, so the same reach in the past is its
most direct predictor.
"""

import numpy as np
import talib

from models.data.indicators.indicator import Bars, FloatArray, Indicator, Tier, before, ratio


def body(bars: Bars) -> FloatArray:
    """Return the signed body as a share of the bar's range."""
    return ratio(bars.close - bars.open, bars.high - bars.low)


def close_location(bars: Bars) -> FloatArray:
    """Return the place of the close in the bar, 0 at the low, 1 at the high."""
    return ratio(bars.close - bars.low, bars.high - bars.low, neutral=0.5)


def upper_shadow(bars: Bars) -> FloatArray:
    """Return the part of the bar above its body as a share of its range."""
    return ratio(bars.high - np.maximum(bars.open, bars.close), bars.high - bars.low)


def lower_shadow(bars: Bars) -> FloatArray:
    """Return the part of the bar below its body as a share of its range."""
    return ratio(np.minimum(bars.open, bars.close) - bars.low, bars.high - bars.low)


def reach_up(rows: int, tier: Tier = "a50") -> Indicator:
    """Mean reach of the highs above the close before."""
    return Indicator(
        f"reach_up_{rows}",
        f"mean of ln(H / C[1]) over {rows} rows",
        rows,
        lambda bars: talib.SMA(np.log(bars.high / before(bars.close, 1)), rows),
        tier,
    )


def reach_down(rows: int, tier: Tier = "a50") -> Indicator:
    """Mean reach of the lows below the close before."""
    return Indicator(
        f"reach_down_{rows}",
        f"mean of ln(C[1] / L) over {rows} rows",
        rows,
        lambda bars: talib.SMA(np.log(before(bars.close, 1) / bars.low), rows),
        tier,
    )


BAR = (
    Indicator(
        "gap",
        "ln(O / C[1])",
        1,
        lambda bars: np.log(bars.open / before(bars.close, 1)),
    ),
    Indicator("body", "(C - O) / (H - L)", 0, body),
    Indicator("close_location", "(C - L) / (H - L)", 0, close_location),
    reach_up(5),
    reach_up(20),
    reach_down(20),
    Indicator("upper_shadow", "(H - max(O, C)) / (H - L)", 0, upper_shadow, "a100"),
    Indicator("lower_shadow", "(min(O, C) - L) / (H - L)", 0, lower_shadow, "a100"),
    reach_up(60, "a100"),
    reach_down(5, "a100"),
)
