"""One series of prices in the forms in which people have such files."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

N = 900
ROLES = ("open", "high", "low", "close", "volume")


def make_series() -> pd.DataFrame:
    """Return made-up prices to the cent, and a volume."""
    rng = np.random.default_rng(915)
    close = 1200 * np.exp(np.cumsum(0.006 * rng.standard_normal(N)))
    opening = close * np.exp(0.003 * rng.standard_normal(N))
    high = np.maximum(opening, close) * np.exp(0.006 * rng.random(N))
    low = np.minimum(opening, close) * np.exp(-0.006 * rng.random(N))
    volume = rng.integers(10_000, 1_000_000, N).astype(float)
    values = dict(zip(ROLES, (opening, high, low, close), strict=False))
    return pd.DataFrame(
        {**{name: price.round(2) for name, price in values.items()}, "volume": volume}
    )


SERIES = make_series()
DAYS = pd.bdate_range("2018-01-02", periods=N)
HOURS = pd.date_range("2020-01-01", periods=N, freq="h")


@dataclass(frozen=True)
class PriceFile:
    """A file of the series, and what is to be read of it."""

    tool: str  # as the table of forms names it
    text: str | bytes
    name: str = "prices.csv"
    is_hourly: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    has_volume: bool = True
    scale: float = 0.0  # by which a volume may be off: it is written short
    says: str = ""  # somewhere in what it is read as, or in a notice

    @property
    def dates(self) -> pd.DatetimeIndex:
        return HOURS if self.is_hourly else DAYS


def plain(value: float) -> str:
    return f"{value:.2f}"


def whole(value: float) -> str:
    return f"{value:.0f}"


def write(
    header: str,
    when: Iterable[str],
    *,
    order: str = "ohlcv",
    sep: str = ",",
    price: Callable[[float], str] = plain,
    volume: Callable[[float], str] = whole,
    row: str = "{when}{sep}{cells}",
    frame: pd.DataFrame = SERIES,
) -> str:
    """Return a file: a header, and a line a row with its prices in an order such as ``ohlcv``."""
    by_letter = {role[0]: role for role in ROLES}
    lines = []
    for date, values in zip(when, frame.to_dict("records"), strict=False):
        cells = sep.join(
            (volume if letter == "v" else price)(values[by_letter[letter]]) for letter in order
        )
        lines.append(row.format(when=date, sep=sep, cells=cells))
    return header + "\n".join(lines) + "\n"


def backwards(text: str, n_header: int = 1) -> str:
    lines = text.splitlines()
    return "\n".join([*lines[:n_header], *lines[n_header:][::-1]]) + "\n"


def days(form: str) -> list[str]:
    return list(DAYS.strftime(form))


def hours(form: str) -> list[str]:
    return list(HOURS.strftime(form))


def short(value: float) -> str:
    return f"{value / 1000:.2f}K"


def quoted(value: float) -> str:
    return f'"{value:,.2f}"'


def german(value: float) -> str:
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


OHLCV = "Date,Open,High,Low,Close,Volume\n"
ISO = days("%Y-%m-%d")
EPOCHS = [stamp // 10**9 for stamp in HOURS.as_unit("ns").astype("int64")]
NEW_YORK = DAYS.tz_localize("America/New_York")
YAHOO = "Date,Close,High,Low,Open,Volume\n"
KLINES = "open_time,open,high,low,close,volume,close_time,quote_volume,count,a,b,ignore\n"
BARE_KLINE = "{when}000{sep}{cells}{sep}{when}999{sep}1.0{sep}10{sep}0.5{sep}0.5{sep}0"
INVESTING = '"Date","Price","Open","High","Low","Vol.","Change %"\n'
HOLIDAYS = "2018-02-03,null,null,null,null,null\n2018-02-04,,,,,0\n"


def with_holidays(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join([*lines[:24], HOLIDAYS, *lines[24:]])


def two_tickers() -> str:
    aal = write("date,open,high,low,close,volume,Name\n", ISO, row="{when}{sep}{cells},AAL")
    double = SERIES * [2, 2, 2, 2, 1]
    return aal + write("", ISO, row="{when}{sep}{cells},AAPL", frame=double)


def wide(first: str, second: str, third: str = "") -> str:
    row = "{when}{sep}{cells}{sep}{cells}"
    names = ",".join([first, *[f"{n}" for n in ("Open", "High", "Low", "Close", "Volume")] * 2])
    tickers = ",".join([second, *["ABC"] * 5, *["XYZ"] * 5])
    index = third + "," * 10 + "\n" if third else ""
    return write(f"{names}\n{tickers}\n{index}", ISO, row=row)
