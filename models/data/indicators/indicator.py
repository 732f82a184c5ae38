"""What an indicator is, and the arithmetic on rows that all of them share.

T is the number of rows, oldest first. In formulas O, H, L, C, V are the row's open, high, low,
close and volume, X[n] is the value n rows before, and r = ln(C / C[1]). An indicator looks at its
own row and earlier ones only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Tier = Literal["a50", "a100"]
Lack = Literal["volume", "weeks"]  # what prices may be without, and their tier then too
PRICE_COLUMNS = ("open", "high", "low", "close", "volume")


@dataclass(frozen=True, slots=True)
class Bars:
    """Checked prices as arrays: positive, finite, in time order."""

    dates: npt.NDArray[np.datetime64]  # (T,) nanoseconds
    open: FloatArray  # (T,)
    high: FloatArray  # (T,)
    low: FloatArray  # (T,)
    close: FloatArray  # (T,)
    volume: FloatArray  # (T,) zero where none was traded or reported

    @property
    def returns(self) -> FloatArray:
        """Log return of each row, ``ln(C / C[1])``; NaN in the first row."""
        return np.log(self.close / before(self.close, 1))


@dataclass(frozen=True, slots=True)
class Indicator:
    """One column computed from prices."""

    name: str
    formula: str  # in words and symbols, for the table of indicators
    look_back: int  # rows before the first one that has a value
    compute: Callable[[Bars], FloatArray]
    tier: Tier = "a50"  # the smallest tier that holds it


def before(values: FloatArray, rows: int) -> FloatArray:
    """Return the values `rows` rows earlier; NaN where there is none."""
    return np.concatenate([np.full(rows, np.nan), values[:-rows]])


def ratio(numerator: FloatArray, denominator: FloatArray, *, neutral: float = 0.0) -> FloatArray:
    """Divide, with `neutral` where the denominator is zero: a flat price, a day without volume."""
    is_zero = denominator == 0
    return np.where(is_zero, neutral, numerator / np.where(is_zero, 1.0, denominator))
