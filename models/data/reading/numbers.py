"""Numbers as people and pages write them: ``$1,198.98``, ``1.198,98 €``, ``199.65K``, ``0.10%``.

A comma or a point is the decimal mark or parts thousands. One file is written in one way, so that
all of its columns together tell which.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Mark = Literal[".", ","]
Numbers = npt.NDArray[np.float64]

MISSING = frozenset(
    ("", "-", "--", "–", "—", "n/a", "na", "n.a.", "nan", "null", "none", "#n/a", "<na>")
)
_FIRST = 100  # cells of a column that are looked at before all of them are
_POWERS = {"k": 3, "m": 6, "b": 9, "t": 12}
_CURRENCY = (
    r"(?:(?:US|A|C|HK|R)?\$|[€£¥₹₩₽฿₺]|USD|EUR|GBP|CHF|JPY|INR|CAD|AUD|PLN|SEK|Rs\.?|kr\.?|zł)?"
)
# Thousands go by threes, or by twos before the last three (India).
_GROUPED: Mapping[Mark, str] = MappingProxyType(
    {".": r"[1-9]\d{0,2}(?:,\d{2,3})*,\d{3}", ",": r"[1-9]\d{0,2}(?:\.\d{3})+"}
)
_FORMS: Mapping[Mark, re.Pattern[str]] = MappingProxyType(
    {
        mark: re.compile(
            rf"(?P<open>\()?(?P<sign>[-+])?\s*{_CURRENCY}\s*(?P<behind>[-+])?(?P<whole>{grouped}|\d+)?"
            rf"(?:{re.escape(mark)}(?P<rest>\d*))?(?P<power>[eE][-+]?\d{{1,4}})?"
            rf"\s*(?P<multiple>[kKmMbBtT])?\s*(?P<percent>%)?\s*{_CURRENCY}(?P<close>\))?"
        )
        for mark, grouped in _GROUPED.items()
    }
)
# A space or an apostrophe parts thousands too, whatever the decimal mark.
_SPACES = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'\u2019](?=\d{3}(?!\d))")


def is_missing(cells: pd.Series) -> npt.NDArray[np.bool_]:
    """Say of each cell whether it is empty or holds a mark for nothing, such as ``-`` or ``N/A``.

    Parameters
    ----------
    cells : Series (T,)
        A column as it was read.
    """
    if cells.dtype.kind in "iufbmM":
        return cells.isna().to_numpy(dtype=bool)
    return np.fromiter(map(is_nothing, cells), bool, len(cells))


def is_nothing(cell: Any) -> bool:  # noqa: ANN401 - whatever stands in a cell
    """Say whether a cell is empty or holds a mark for nothing."""
    if isinstance(cell, str):
        return cell.strip().casefold() in MISSING
    return bool(pd.api.types.is_scalar(cell) and pd.isna(cell))


def parse_numbers(cells: pd.Series, mark: Mark | None) -> Numbers:
    """Read a column of numbers; NaN for every cell that is none.

    Parameters
    ----------
    cells : Series (T,)
        A column as it was read: numbers, texts, true and false.
    mark : Mark | None
        The file's decimal mark; None where it is not known, so that a comma is no number.

    Returns
    -------
    numbers : float array (T,)
        True and false as 1 and 0, ``1.5K`` as 1500, ``0.10%`` as 0.10, ``(3)`` as -3.
    """
    if cells.dtype.kind in "mM":
        return np.full(len(cells), np.nan)
    plain = pd.to_numeric(cells, errors="coerce")
    numbers = plain.to_numpy(dtype=np.float64, na_value=np.nan).copy()
    if cells.dtype.kind in "iufb":
        return numbers
    is_text = np.fromiter((isinstance(cell, str) for cell in cells), bool, len(cells))
    is_open = is_text & (np.isnan(numbers) if mark != "," else True) & ~is_missing(cells)
    numbers[is_open] = np.nan
    if is_open.any():
        n_plain = int(np.isfinite(numbers).sum())
        numbers[is_open] = _parse_texts(_prepare(cells[is_open]), mark, n_plain)
    return numbers


def find_mark(columns: Iterable[pd.Series]) -> Mark | None:
    """Return the decimal mark that the texts of a file show; None where none shows it.

    Parameters
    ----------
    columns : Iterable[Series]
        Columns of texts. One whose cells are numbers with one mark alone shows it; if columns show
        different marks, a point is one.
    """
    shown, is_open = set[Mark](), False
    for cells in columns:
        first = cells.head(_FIRST)
        if not _find_fitting(first) and not is_missing(first).all():
            continue  # texts and dates, as a look shows
        fits = _find_fitting(cells)
        shown |= fits if len(fits) == 1 else set()
        is_open |= len(fits) == 2 and bool(cells.astype("string").str.contains("[.,]").any())
    if shown == {","}:
        return ","
    return None if is_open and not shown else "."


def _find_fitting(cells: pd.Series) -> set[Mark]:
    """Return the decimal marks with which all cells that hold something are numbers."""
    texts = _prepare(cells[~is_missing(cells)].drop_duplicates())
    return {mark for mark in _FORMS if texts and np.isfinite(_parse_texts(texts, mark)).all()}


def _prepare(cells: pd.Series) -> list[str]:
    """Return cells that hold something as texts, without what parts thousands in any case."""
    return [_SPACES.sub("", str(cell).strip().replace("\u2212", "-")) for cell in cells]


def _parse_texts(texts: list[str], mark: Mark | None, n_plain: int = 0) -> Numbers:
    """Read texts that stand beside some plain numbers; NaN where one is no number."""
    form = _FORMS[mark or "."]
    matches = [form.fullmatch(text) if mark or "," not in text else None for text in texts]
    n_percents = sum(match is not None and match["percent"] is not None for match in matches)
    if 0 < n_percents < len(texts) + n_plain:  # a share beside percents is another unit
        return np.full(len(texts), np.nan)
    return np.array([_evaluate(match) if match else np.nan for match in matches], dtype=np.float64)


def _evaluate(match: re.Match[str]) -> float:
    whole = re.sub(r"[.,]", "", match["whole"] or "")
    rest = match["rest"] or ""
    is_closed = (match["open"] is None) == (match["close"] is None)
    if not whole + rest or not is_closed or (match["sign"] and match["behind"]):
        return np.nan
    power = int(match["power"][1:]) if match["power"] else 0
    power += _POWERS[match["multiple"].lower()] if match["multiple"] else 0
    number = float(f"{whole or 0}.{rest or 0}e{power}")
    signs = [match["sign"], match["behind"], match["open"]]
    return -number if sum(sign in {"-", "("} for sign in signs) % 2 else number
