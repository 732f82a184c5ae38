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
    first = rows[0]
    n_cells = len(first) - (first[-1] == "")
    is_timed = len(first) > 1 and write_clock(f" {first[1]}") is not None and ":" in first[1]
    names = (_TIMED if is_timed else _DATED).get(n_cells, ())
    begins = looks_like_date(first[0]) or is_epoch(first[0])
    if names is _KLINES and not is_epoch(first[6]):
        names = ()
    if not names or not begins:
        raise DataError(f"{file}: the first line holds values; expected a line with column names")
    notice = f"{file}: there is no header; the columns are read as {', '.join(names)}"
    return [*names, *[""] * (len(first) - n_cells)], notice


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
