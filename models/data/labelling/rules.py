"""What the label of a row is: a threshold that prices reach, a number of theirs, or a column."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from models.data.indicators.indicator import FloatArray
from models.data.labelling.labels import UNKNOWN, LabelArray
from models.errors import DataError, listed, nearest

PriceDirection = Literal["up", "down"]
Target = Literal["log_range", "return", "realized_volatility"]


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
        _refuse_horizon(self.horizon, least=1)
        choices = get_args(PriceDirection)
        if self.direction not in choices:
            hint = nearest(self.direction, choices)
            raise DataError(f"label direction: found {self.direction!r}; expected up or down{hint}")

    def describe(self) -> str:
        """Say the rule in words."""
        price, verb, sign = (
            ("high", "reaches", "+") if self.direction == "up" else ("low", "falls to", "-")
        )
        rows = _whose(self.horizon)
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
            ahead = _highest(high, self.horizon)
            labels[:known] = ahead >= close[:known] * (1 + self.threshold)
        else:
            ahead = _lowest(low, self.horizon)
            labels[:known] = ahead <= close[:known] * (1 - self.threshold)
        return labels


@dataclass(frozen=True, slots=True)
class TargetRule:
    """Which number of the next rows' prices is to be predicted.

    With h the horizon and t the row:

    - ``log_range``: ln(max(high[t+1 .. t+h]) / min(low[t+1 .. t+h])).
    - ``return``: close[t+h] / close[t] - 1, the simple return.
    - ``realized_volatility``: the square root of the sum over i = 1 .. h of
      ln(close[t+i] / close[t+i-1]) squared (Andersen and Bollerslev 1998), not annualised.

    Raises
    ------
    DataError
        If there is no such target, or the horizon holds no row.
    """

    target: Target
    horizon: int = 1  # rows after the row whose prices make it up

    def __post_init__(self) -> None:
        choices = get_args(Target)
        if self.target not in choices:
            hint = nearest(self.target, choices)
            raise DataError(
                f"label target: found {self.target!r}; expected one of {listed(choices)}{hint}"
            )
        _refuse_horizon(self.horizon, least=1)

    def describe(self) -> str:
        """Say the target in words."""
        named = {
            "log_range": "log range",
            "return": "return",
            "realized_volatility": "realized volatility",
        }
        return f"the next {_whose(self.horizon)} {named[self.target]}"

    def label_rows(self, high: FloatArray, low: FloatArray, close: FloatArray) -> LabelArray:
        """Return the target of each row.

        Parameters
        ----------
        high, low, close : float array (T,)
            Prices in time order, all above 0.

        Returns
        -------
        labels : float array (T,)
            NaN in the last `horizon` rows.
        """
        labels = np.full(len(close), np.nan)
        known = len(close) - self.horizon
        if known <= 0:
            return labels
        if self.target == "log_range":
            labels[:known] = np.log(_highest(high, self.horizon) / _lowest(low, self.horizon))
        elif self.target == "return":
            labels[:known] = close[self.horizon :] / close[:known] - 1
        else:
            squares = np.diff(np.log(close)) ** 2
            windows = np.lib.stride_tricks.sliding_window_view(squares, self.horizon)
            labels[:known] = np.sqrt(windows.sum(axis=1))
        return labels


@dataclass(frozen=True, slots=True)
class ColumnLabel:
    """A column that holds the label of each row.

    Raises
    ------
    DataError
        If the horizon is below 0.
    """

    column: str
    horizon: int = 1  # rows after the row that the label looks at; 0 where it knows its row alone

    def __post_init__(self) -> None:
        _refuse_horizon(self.horizon, least=0)

    def describe(self) -> str:
        """Say the label in words."""
        return f"column {self.column}"


RowLabel = LabelRule | TargetRule | ColumnLabel


def _refuse_horizon(horizon: int, *, least: int) -> None:
    if horizon < least:
        rows = "1 row" if least == 1 else f"{least} rows"
        raise DataError(f"label horizon: found {horizon}; expected {rows} or more")


def _whose(horizon: int) -> str:
    return "row's" if horizon == 1 else f"{horizon} rows'"


def _highest(prices: FloatArray, horizon: int) -> FloatArray:
    """Return the highest of the next rows' prices, (T - horizon,)."""
    ahead: FloatArray = np.lib.stride_tricks.sliding_window_view(prices[1:], horizon).max(axis=1)
    return ahead


def _lowest(prices: FloatArray, horizon: int) -> FloatArray:
    return -_highest(-prices, horizon)
