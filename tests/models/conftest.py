"""Made-up prices and files for the tests of the data."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.data.indicators.indicator import Bars

PRICES = ("open", "high", "low", "close", "volume")


@pytest.fixture
def prices(rng: np.random.Generator) -> pd.DataFrame:
    """Return 900 business days of prices, from a Monday, with calm and wild spells."""
    rows = 900
    spread = np.where(np.arange(rows) // 60 % 2, 0.016, 0.007)
    close = 100 * np.exp(np.cumsum(spread * rng.standard_normal(rows)))
    opening = close * np.exp(0.3 * spread * rng.standard_normal(rows))
    high = np.maximum(opening, close) * np.exp(spread * rng.random(rows))
    low = np.minimum(opening, close) * np.exp(-spread * rng.random(rows))
    volume = np.round(1e6 * rng.lognormal(sigma=0.3, size=rows))
    dates = pd.bdate_range("2001-01-01", periods=rows, name="date")
    return pd.DataFrame(dict(zip(PRICES, (opening, high, low, close, volume), strict=True)), dates)


@pytest.fixture
def bars(prices: pd.DataFrame) -> Bars:
    return to_bars(prices)


@pytest.fixture
def as_bars() -> Callable[[pd.DataFrame], Bars]:
    return to_bars


def to_bars(prices: pd.DataFrame) -> Bars:
    dates = prices.index.to_numpy().astype("datetime64[ns]")
    return Bars(dates, *(prices[name].to_numpy(dtype=float) for name in PRICES))


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write text, bytes or a frame as a file and return its path."""

    def write_file(content: str | bytes | pd.DataFrame, name: str = "prices.csv") -> Path:
        path = tmp_path / name
        if isinstance(content, pd.DataFrame):
            content = content.to_csv()
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file
