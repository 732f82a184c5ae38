"""Indicators of momentum: oscillators of speed and of the place of the close within its range."""

import talib

from models.data.indicators.indicator import Indicator, Tier


def rsi(rows: int, tier: Tier = "a50") -> Indicator:
    """Relative strength index."""
    return Indicator(
        f"rsi_{rows}",
        f"relative strength index (Wilder) of C, {rows} rows",
        rows,
        lambda bars: talib.RSI(bars.close, rows),
        tier,
    )


def macd(part: int, name: str, formula: str) -> Indicator:
    """One of the three series of moving-average convergence/divergence, as a share of the close."""
    return Indicator(
        name,
        f"100 ({formula}) / C",
        33,
        lambda bars: 100 * talib.MACD(bars.close, 12, 26, 9)[part] / bars.close,
    )


def stochastic(part: int, name: str, formula: str, tier: Tier = "a50") -> Indicator:
    """One of the two series of the slow stochastic oscillator."""
    return Indicator(
        name,
        formula,
        17,
        lambda bars: talib.STOCH(
            bars.high, bars.low, bars.close, fastk_period=14, slowk_period=3, slowd_period=3
        )[part],
        tier,
    )


MOMENTUM = (
    rsi(5),
    rsi(14),
    macd(0, "macd", "EMA 12 of C - EMA 26 of C"),
    macd(1, "macd_signal", "EMA 9 of MACD"),
    macd(2, "macd_histogram", "MACD - its EMA 9"),
    stochastic(0, "stochastic_k", "SMA 3 of 100 (C - lowest L) / (highest H - lowest L), 14 rows"),
    Indicator(
        "cci_20",
        "commodity channel index, 20 rows",
        19,
        lambda bars: talib.CCI(bars.high, bars.low, bars.close, 20),
    ),
    rsi(2, "a100"),
    rsi(28, "a100"),
    stochastic(1, "stochastic_d", "SMA 3 of stochastic_k", "a100"),
    Indicator(
        "stochastic_rsi_14",
        "100 (RSI 14 - its lowest) / (its highest - its lowest), 14 rows, SMA 3",
        29,
        lambda bars: talib.STOCHRSI(bars.close, 14, 14, 3)[1],
        "a100",
    ),
    Indicator(
        "cmo_20",
        "Chande momentum oscillator of C, 20 rows",
        20,
        lambda bars: talib.CMO(bars.close, 20),
        "a100",
    ),
    Indicator(
        "ultimate_oscillator",
        "ultimate oscillator, 7, 14 and 28 rows",
        28,
        lambda bars: talib.ULTOSC(bars.high, bars.low, bars.close, 7, 14, 28),
        "a100",
    ),
    Indicator(
        "trix_15",
        "rise in % of the triple EMA 15 of C",
        43,
        lambda bars: talib.TRIX(bars.close, 15),
        "a100",
    ),
    Indicator(
        "balance_of_power_14",
        "SMA 14 of (C - O) / (H - L)",
        13,
        lambda bars: talib.SMA(talib.BOP(bars.open, bars.high, bars.low, bars.close), 14),
        "a100",
    ),
)
