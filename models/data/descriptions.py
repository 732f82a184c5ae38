"""What a file was understood to be, in a line of the plan: nothing is guessed silently."""

from models.data.dates import DateArray, write_date
from models.data.prices import Prices
from models.data.reading.names import simplify
from models.data.timestamps import TimeAxis
from models.errors import listed


def describe_prices(prices: Prices, dates: DateArray, ticker: str | None, label: str) -> str:
    """Say what a file of prices was understood to be.

    Parameters
    ----------
    prices : Prices
        As they were read.
    dates : datetime64 array (T,)
        In time order.
    ticker : str | None
        Whose they are, as far as the file says so.
    label : str
        What makes a row positive, in words.
    """
    own = [f"{name} from {own!r}" for name, own in prices.columns.items() if simplify(own) != name]
    parts = [_describe_axis("prices", prices.axis, dates, ticker), *own]
    if not prices.has_volume:
        parts.append("no volume")
    if prices.table.mark == ",":
        parts.append("numbers with a decimal comma")
    return "; ".join([*parts, f"label: {label}"])


def describe_features(
    features: tuple[str, ...], axis: TimeAxis, dates: DateArray, ticker: str | None, label: str
) -> str:
    """Say what a feature table was understood to be; see `describe_prices`.

    Its rows may have no time: then neither has the line.
    """
    if not axis.is_timed:
        rows = f"a feature table: {len(dates):,} rows without time"
        return f"{rows}; features {listed(features)}; label: {label}"
    table = _describe_axis("a feature table", axis, dates, ticker)
    return f"{table}; features {listed(features)}; label: {label}"


def _describe_axis(kind: str, axis: TimeAxis, dates: DateArray, ticker: str | None) -> str:
    of = f" of {ticker}" if ticker else ""
    span = f"{len(dates):,} rows, {write_date(dates[0])} to {write_date(dates[-1])}"
    how = f" ({axis.how})" if axis.how else ""
    return f"{kind}{of}: {span}; dates from {' and '.join(map(repr, axis.columns))}{how}"
