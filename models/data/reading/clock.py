"""Times of day as people write them: ``9:30``, ``4:00:00 PM``, ``12-AM``, ``093000``; zones."""

import re
from functools import lru_cache

import pandas as pd

_CLOCK = re.compile(
    r"[T ,]*(?:(?P<hour>\d{1,2})(?::(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<part>\d+))?)?)?"
    r"|(?P<compact>\d{4}(?:\d\d)?))(?:[ -]?(?P<half>[ap])\.?m\.?)?"
    r" ?(?:(?P<zulu>Z|UTC|GMT)|(?:UTC|GMT)?(?P<offset>[-+]\d\d?(?::?\d\d)?))?(?: ?\([A-Za-z ]+\))?",
    re.IGNORECASE,
)


@lru_cache(maxsize=100_000)  # the same times stand beside many dates
def write_clock(rest: str) -> str | None:
    """Return what stands behind a date as ISO 8601 writes it; None if it is no time of day.

    Parameters
    ----------
    rest : str
        Such as ``" 4:00 PM"`` (to ``T16:00:00``), ``" 093000"`` or ``" 00:00 GMT+0100"``.
    """
    if not rest.strip():
        return ""
    match = _CLOCK.fullmatch(rest)
    if match is None:
        return None
    compact, half = match["compact"], match["half"]
    if compact:
        hour, minute, second = compact[:2], compact[2:4], compact[4:] or "00"
    else:
        hour, minute, second = match["hour"], match["minute"] or "00", match["second"] or "00"
        if match["minute"] is None and half is None and len(hour) == 1:
            return None  # a digit alone is no hour
    if half:
        if not 1 <= int(hour) <= 12:
            return None
        hour = str(int(hour) % 12 + (12 if half.lower() == "p" else 0))
    part = f".{match['part'][:9]}" if match["part"] else ""
    return f"T{int(hour):02}:{minute}:{second}{part}{_write_zone(match)}"


def write_clocks(cells: pd.Series) -> pd.Series:
    """Return a column of times of day as texts that `write_clock` reads; whole numbers filled up.

    Numbers up to 24 are hours, up to 2400 hours and minutes, and else hours, minutes and seconds,
    as all cells together show.
    """
    numbers = pd.to_numeric(cells, errors="coerce")
    is_whole = numbers.notna() & (numbers % 1 == 0) & (numbers >= 0) & (numbers < 240_000)
    if not is_whole.all():
        return cells.astype("string").str.strip()
    if numbers.max() <= 24:
        numbers *= 100
    width = 4 if numbers.max() <= 2400 else 6
    return numbers.astype("int64").astype("string").str.zfill(width)


def _write_zone(match: re.Match[str]) -> str:
    if match["zulu"]:
        return "+00:00"
    offset = match["offset"]
    if not offset:
        return ""
    sign, digits = offset[0], offset[1:].replace(":", "")
    hours = digits if len(digits) < 3 else digits[:-2]
    return f"{sign}{int(hours):02}:{digits[len(hours) :] or '00'}"
