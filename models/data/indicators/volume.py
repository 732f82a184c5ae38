"""Indicators of volume: against its own average, and signed by the direction of the price."""

import numpy as np
import talib

from models.data.indicators.indicator import Bars, FloatArray, Indicator, Tier, ratio


def money_flow(bars: Bars) -> FloatArray:
    """Return Chaikin's money flow of each row: volume weighted by the place of the close."""
    location = ratio(2 * bars.close - bars.high - bars.low, bars.high - bars.low)
    return location * bars.volume


def share_of_volume(flow: FloatArray, bars: Bars, rows: int) -> FloatArray:
    """Return the sum of a signed flow as a share of the volume of the same rows."""
    return ratio(talib.SUM(flow, rows), talib.SUM(bars.volume, rows))


def balance(bars: Bars, rows: int) -> FloatArray:
    """Return the change of on-balance volume as a share of the volume of the same rows."""
    return share_of_volume(np.sign(bars.returns) * bars.volume, bars, rows)


def distance_from_vwap(bars: Bars, rows: int) -> FloatArray:
    """Return the close against the volume-weighted average price of the last rows."""
    typical = (bars.high + bars.low + bars.close) / 3
    paid = talib.SUM(typical * bars.volume, rows)
    return ratio(bars.close * talib.SUM(bars.volume, rows), paid, neutral=1.0) - 1


def illiquidity(bars: Bars, rows: int) -> FloatArray:
    """Return |r| per volume (Amihud 2002) against its own average."""
    impact = ratio(np.abs(bars.returns), bars.volume)
    return ratio(talib.SMA(impact, 5), talib.SMA(impact, rows), neutral=1.0)


def volume_ratio(rows: int, tier: Tier = "a50") -> Indicator:
    """Volume against its average."""
    return Indicator(
        f"volume_to_sma_{rows}",
        f"V / SMA {rows} of V",
        rows - 1,
        lambda bars: ratio(bars.volume, talib.SMA(bars.volume, rows), neutral=1.0),
        tier,
    )


VOLUME = (
    volume_ratio(20),
    Indicator(
        "volume_5_to_60",
        "SMA 5 of V / SMA 60 of V",
        59,
        lambda bars: ratio(talib.SMA(bars.volume, 5), talib.SMA(bars.volume, 60), neutral=1.0),
    ),
    Indicator(
        "on_balance_20",
        "change of on-balance volume in 20 rows / their sum of V",
        20,
        lambda bars: balance(bars, 20),
    ),
    Indicator(
        "mfi_14",
        "money flow index, 14 rows",
        14,
        lambda bars: talib.MFI(bars.high, bars.low, bars.close, bars.volume, 14),
    ),
    Indicator(
        "return_volume_correlation_20",
        "correlation of r with V over 20 rows",
        20,
        lambda bars: talib.CORREL(bars.returns, bars.volume, 20),
    ),
    volume_ratio(5, "a100"),
    volume_ratio(60, "a100"),
    Indicator(
        "chaikin_flow_20",
        "sum of V (2 C - H - L) / (H - L) of 20 rows / their sum of V",
        19,
        lambda bars: share_of_volume(money_flow(bars), bars, 20),
        "a100",
    ),
    Indicator(
        "close_to_vwap_20",
        "C / volume-weighted mean of (H + L + C) / 3 of 20 rows - 1",
        19,
        lambda bars: distance_from_vwap(bars, 20),
        "a100",
    ),
    Indicator(
        "illiquidity_5_to_60",
        "mean of abs(r) / V over 5 rows / over 60 rows",
        60,
        lambda bars: illiquidity(bars, 60),
        "a100",
    ),
)
