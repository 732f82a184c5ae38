"""Price files without a header, as exchanges and terminals write them: what their columns are."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from models.data.reading.clock import write_clock
from models.data.reading.dates import looks_like_date
from models.data.reading.epochs import is_epoch
from models.errors import DataError

_PRICES = ("open", "high", "low", "close")
# By the number of columns: what begins with a date (or epoch), and with a date and a time.
_KLINES = (
    "open_time", *_PRICES, "volume", "close_time", "quote_volume", "count", "taker_buy_volume",
    "taker_buy_quote_volume", "ignore",
)  # fmt: skip
_DATED = {
    5: ("date", *_PRICES),
    6: ("date", *_PRICES, "volume"),
    7: ("date", *_PRICES, "volume", "trades"),
    12: _KLINES,
}
_TIMED = {
    6: ("date", "time", *_PRICES),
    7: ("date", "time", *_PRICES, "volume"),
    9: ("date", "time", *_PRICES, "tickvol", "vol", "spread"),
}
_TOLERATED = 0.01  # of the rows may have an open or close outside low to high


def name_bare_columns(file: str, rows: Sequence[Sequence[str]]) -> tuple[list[str], str]:
    """Return names for the columns of a file without a header, and the notice of them.

    Parameters
    ----------
    file : str
        The file, for messages.
    rows : Sequence[Sequence[str]]
        Its first lines.

    Raises
    ------
    DataError
        If they do not look like dates and prices.
    """
    cells = list(rows[0])
    n_empty = int(cells[-1] == "")
    ticker = [] if _is_moment(cells[0]) or len(cells) < 2 else ["ticker"]
    names = _name_cells(cells[len(ticker) : len(cells) - n_empty])
    if not names:
        raise DataError(f"{file}: the first line holds values; expected a line with column names")
    named = [*ticker, *names]
    notice = f"{file}: there is no header; the columns are read as {', '.join(named)}"
    return [*named, *[""] * n_empty], notice


def _is_moment(cell: str) -> bool:
    return looks_like_date(cell) or is_epoch(cell)


def _name_cells(cells: Sequence[str]) -> tuple[str, ...]:
    """Return names for cells that begin with a date, by their number; none if they are unknown."""
    if len(cells) < 2 or not _is_moment(cells[0]):
        return ()
    is_timed = ":" in cells[1] and write_clock(f" {cells[1]}") is not None
    names = (_TIMED if is_timed else _DATED).get(len(cells), ())
    return () if names is _KLINES and not is_epoch(cells[6]) else names


def refuse_other_order(file: str, frame: pd.DataFrame) -> None:
    """Refuse columns that were named by their place and cannot be what they are taken for.

    Raises
    ------
    DataError
        If high is not the highest and low not the lowest of a row's prices.
    """
    prices = frame[list(_PRICES)].apply(pd.to_numeric, errors="coerce").dropna()
    ends = prices[["open", "close"]]
    is_inside = (ends.max(axis=1) <= prices["high"]) & (ends.min(axis=1) >= prices["low"])
    if not len(prices) or float(np.mean(is_inside)) < 1 - _TOLERATED:
        raise DataError(
            f"{file}: the first line holds values, and taken as open, high, low, close they are "
            "none; expected a line with column names"
        )
