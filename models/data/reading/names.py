"""What the columns of a price file are called: the names of many tools and some languages."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from types import MappingProxyType

# In the order of preference, as `simplify` writes them.
_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "date": (
            "date", "datetime", "timestamp", "time", "day", "date time", "open time", "opentime",
            "time open", "timeopen", "gmt time", "utc time", "time utc", "utc", "local time",
            "trade date", "trading date", "trading day", "begins at", "dtyyyymmdd", "unix",
            "unix timestamp", "unixtime", "unix time", "epoch", "ts", "t", "index", "datum", "data",
            "fecha",
        ),
        "time": ("time", "hour", "time utc", "utc time", "gmt time", "zeit", "uhrzeit", "hora"),
        "open": (
            "open", "open price", "price open", "opening price", "opening", "o", "erster",
            "eroffnung", "eroffn", "otwarcie", "ouverture", "ouv", "apertura", "abertura",
        ),
        "high": (
            "high", "high price", "price high", "highest price", "day high", "h", "hoch",
            "hochst", "najwyzszy", "plus haut", "maximo", "massimo", "maxima",
        ),
        "low": (
            "low", "low price", "price low", "lowest price", "day low", "l", "tief", "tiefst",
            "najnizszy", "plus bas", "minimo", "minima",
        ),
        "close": (
            "close", "close price", "price close", "closing price", "closing", "close last", "c",
            "last price", "last", "price", "schlusskurs", "schluss", "zuletzt", "zamkniecie",
            "cloture", "dernier", "cierre", "chiusura", "ultimo", "fechamento",
        ),
        "volume": (
            "volume", "vol", "volume traded", "traded volume", "trade volume", "shares traded",
            "total traded quantity", "no of shares", "quantity", "volumefrom", "v", "realvol",
            "real volume", "tickvol", "tick volume", "tickvolume", "stucke", "stuecke", "volumen",
            "wolumen",
        ),
        "ticker": ("ticker", "symbol"),
        "series": (
            "name", "stock", "stock name", "stock symbol", "instrument", "asset", "pair", "coin",
            "security", "company", "company name", "code", "tic", "secid", "isin", "currency",
            "crypto",
        ),
    }
)  # fmt: skip
# "Volume BTC" and "Volume_(USDT)": in what it is counted.
_VOLUME_OF = re.compile(r"(?i:vol(?:ume)?)[ _.]*\(?[A-Z0-9]{3,6}\)?")
_AVERAGES = ("SMA", "EMA", "WMA", "VMA")


def simplify(name: str) -> str:
    """Return a column's name as it is compared: ``<CLOSE>``, ``4. close`` and ``Close*`` are one.

    Small letters without accents, marks as spaces, without a number before it or a unit in
    brackets behind it.
    """
    letters = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    bare = re.sub(r"^\s*\d+[a-z]?\.\s+", "", bare)
    bare = re.sub(r"(?<=.)\([^()]*\)\s*$", "", bare)
    return " ".join(re.sub(r"[\W_]+", " ", bare).split())


def find_role(columns: Iterable[str], role: str) -> list[str]:
    """Return the columns that may hold something, the likeliest first.

    Parameters
    ----------
    columns : Iterable[str]
        Names as the file spells them.
    role : str
        ``date``, ``time`` (of day), ``open``, ``high``, ``low``, ``close``, ``volume``, ``ticker``,
        or ``series`` for names that other columns have too.
    """
    known, rank = _NAMES[role], {}
    for column in columns:
        simple = simplify(column)
        if column.strip().casefold() in known[:1]:
            rank[column] = -1
        elif simple in known:
            rank[column] = known.index(simple)
        elif role == "volume" and _is_volume_of(column):
            rank[column] = len(known)
    return sorted(rank, key=lambda column: rank[column])


def _is_volume_of(column: str) -> bool:
    return bool(_VOLUME_OF.fullmatch(column.strip())) and not column.upper().endswith(_AVERAGES)
