"""Labels: does the price reach a threshold within the horizon, and tables that bring their own."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from models.data.indicators.indicator import FloatArray
from models.errors import DataError, nearest

LabelArray = npt.NDArray[np.int8]
PriceDirection = Literal["up", "down"]

UNKNOWN = -1  # the label of a row whose future is not in the file


@dataclass(frozen=True, slots=True)
class LabelRule:
    """What makes a row positive.

    For a table that brings its own labels only the horizon counts: how many rows ahead they look.

    Raises
    ------
    DataError
        If a value is out of its range.
    """

    threshold: float = 0.01  # as a share of the close: 0.01 is 1 %
    horizon: int = 1  # rows after the row whose prices decide
    direction: PriceDirection = "up"

    def __post_init__(self) -> None:
        if not 0 <= self.threshold < 1:
            raise DataError(
                f"label threshold: found {self.threshold}; expected a share of the price from 0 to "
                "below 1, such as 0.01 for 1 %"
            )
        if self.horizon < 1:
            raise DataError(f"label horizon: found {self.horizon}; expected 1 row or more")
        choices = get_args(PriceDirection)
        if self.direction not in choices:
            hint = nearest(self.direction, choices)
            raise DataError(f"label direction: found {self.direction!r}; expected up or down{hint}")

    def describe(self) -> str:
        """Say the rule in words."""
        price, verb, sign = (
            ("high", "reaches", "+") if self.direction == "up" else ("low", "falls to", "-")
        )
        rows = "row's" if self.horizon == 1 else f"{self.horizon} rows'"
        return f"the next {rows} {price} {verb} close {sign} {100 * self.threshold:g} %"

    def label_rows(self, high: FloatArray, low: FloatArray, close: FloatArray) -> LabelArray:
        """Label each row by the prices of the next rows.

        Up: the highest high of the next `horizon` rows is at least close * (1 + threshold).
        Down: the lowest low of those rows is at most close * (1 - threshold).

        Parameters
        ----------
        high, low, close : float array (T,)
            Prices in time order.

        Returns
        -------
        labels : int8 array (T,)
            1, 0, or `UNKNOWN` in the last `horizon` rows.
        """
        labels = np.full(len(close), UNKNOWN, dtype=np.int8)
        known = len(close) - self.horizon
        if known <= 0:
            return labels
        if self.direction == "up":
            ahead = np.lib.stride_tricks.sliding_window_view(high[1:], self.horizon).max(axis=1)
            labels[:known] = ahead >= close[:known] * (1 + self.threshold)
        else:
            ahead = np.lib.stride_tricks.sliding_window_view(low[1:], self.horizon).min(axis=1)
            labels[:known] = ahead <= close[:known] * (1 - self.threshold)
        return labels
