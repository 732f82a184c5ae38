"""One file with the prices of several: which they are, and the columns or rows of one."""

import re

from models.data.reading.names import find_role, simplify
from models.data.tables import Table
from models.errors import DataError, listed, nearest

_NEEDED = ("open", "high", "low", "close")
# A price and whose it is, either way round: ('Close', 'AAPL'), Close_AAPL, EUR_USD.Open.
_PAIRS = (
    re.compile(r"\('(?P<one>[^']+)', '(?P<other>[^']+)'\)"),
    re.compile(r"(?P<one>.+?)[ _.](?P<other>.+)"),
    re.compile(r"(?P<one>.+)[ _.](?P<other>.+?)"),
)
_ADJUSTED = ("adj close", "adjusted", "adjusted close", "adj close price")

Owners = dict[str, dict[str, str]]  # by ticker: its columns, and what they are without it


def find_owners(table: Table) -> Owners:
    """Return whose prices the columns of a file are, where their names say so.

    Only who has an open, a high, a low and a close is somebody.
    """
    owners: Owners = {}
    for column in table.frame.columns:
        if (pair := _split_name(column)) is not None and pair[0] not in owners.get(pair[1], {}):
            owners.setdefault(pair[1], {})[column] = pair[0]
    return {one: own for one, own in owners.items() if set(_NEEDED) <= set(own.values())}


def choose_columns(table: Table, ticker: str | None) -> tuple[Table, str]:
    """Return a table whose prices are those of one ticker under their plain names, and the ticker.

    Parameters
    ----------
    table : Table
        A file in which `find_owners` finds some.
    ticker : str | None
        The person's choice, matched without regard to case.

    Raises
    ------
    DataError
        If there are several and none is chosen, or there is no such one.
    """
    owners = find_owners(table)
    chosen = _choose(table, list(owners), ticker, "its columns hold")
    of_others = {name for one, own in owners.items() if one != chosen for name in own}
    kept = [name for name in table.frame.columns if name not in of_others]
    names = [owners[chosen].get(name, name) for name in kept]
    frame = table.frame[kept].set_axis(names, axis=1)
    return Table(table.file, frame, table.notices, table.mark), chosen


def choose_rows(
    table: Table, ticker: str | None, *, stands_twice: bool, must_be_one: bool
) -> tuple[Table, str | None]:
    """Return the rows of one ticker, and the ticker; all of them where no column names any.

    Parameters
    ----------
    table : Table
        The file.
    ticker : str | None
        The person's choice, matched without regard to case.
    stands_twice : bool
        Whether rows have the same date: then a column of any usual name (``Name``, ``Pair``) that
        holds several tells them apart.
    must_be_one : bool
        Whether several in a column ``Ticker`` or ``Symbol`` are too many even if no two rows have
        the same date.

    Raises
    ------
    DataError
        If there are several and none is chosen, or there is no such one.
    """
    strict, loose = table.find_role("ticker"), table.find_role("series")
    named = {column: _list_values(table, column) for column in (*strict, *loose)}
    several = [column for column in named if len(named[column]) > 1]
    if ticker is not None:
        column = next((c for c in named if _find(named[c], ticker)), None) or next(
            iter([*several, *strict]), None
        )
        if column is None:
            raise DataError(
                f"--ticker {ticker}: {table.file} has no column of tickers; its columns are "
                f"{listed(table.frame.columns)}"
            )
    else:
        asking = several if stands_twice else [c for c in several if c in strict and must_be_one]
        column = next(iter(asking), None)
        if column is None:
            alone = [named[c][0] for c in strict if len(named[c]) == 1]
            return table, alone[0] if alone else None
    chosen = _choose(table, named[column], ticker, f"column {column} names")
    if len(named[column]) == 1:
        return table, chosen
    values = table.frame[column].astype("string").str.strip()
    kept = table.keep((values == chosen).fillna(False).to_numpy(dtype=bool))
    notice = (
        f"{table.file}: the {len(kept.frame):,} rows of {chosen} in column {column} are read, of "
        f"{len(named[column])} tickers"
    )
    return Table(kept.file, kept.frame, (*kept.notices, notice), kept.mark), chosen


def _split_name(column: str) -> tuple[str, str] | None:
    """Return which price a column is and whose, if its name says so."""
    for form in _PAIRS:
        if (match := form.fullmatch(column.strip())) is None:
            continue
        one, other = match["one"], match["other"]
        for price, owner in ((one, other), (other, one)):
            if (role := _find_price(price)) is not None:
                return role, owner
    return None


def _find_price(name: str) -> str | None:
    simple = simplify(name)
    if simple in _ADJUSTED:
        return "adj close"
    roles = (*_NEEDED, "volume") if len(simple) > 1 else ()
    return next((role for role in roles if find_role([name], role)), None)


def _list_values(table: Table, column: str) -> list[str]:
    values = table.frame[column][~table.is_missing(column)]
    if values.dtype.kind in "fb":
        return []  # a measurement names nobody
    return values.astype("string").str.strip().unique().tolist()


def _find(tickers: list[str], asked: str) -> str | None:
    """Return the ticker that is asked for: as it is written, else without regard to case."""
    same = [one for one in tickers if one == asked]
    alike = same or [one for one in tickers if one.casefold() == asked.strip().casefold()]
    return alike[0] if len(alike) == 1 else None


def _choose(table: Table, tickers: list[str], asked: str | None, where: str) -> str:
    if asked is None and len(tickers) == 1:
        return tickers[0]
    if asked is None:
        raise DataError(
            f"{table.file}: {where} {len(tickers)} tickers ({listed(sorted(tickers))}); choose one "
            "with --ticker"
        )
    if (found := _find(tickers, asked)) is None:
        raise DataError(
            f"--ticker {asked}: {table.file} has no such ticker{nearest(asked, tickers)}; {where} "
            f"{listed(sorted(tickers))}"
        )
    return found
