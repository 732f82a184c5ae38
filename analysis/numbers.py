"""How numbers are printed: the way people write them in proposals."""

import math
import re
from collections.abc import Iterable
from decimal import Decimal
from statistics import pstdev

_PARTS = re.compile(r"\d+|\D+")
_PLAIN_FROM = 0.01
_PLAIN_TO = 1e7
DECIMALS = 4  # of an AUC, and of what nothing is known of
_OF_ROPE, _OF_SPREAD = 50, 200  # parts that still show
_MOST_DECIMALS, _MOST_PLACES = 12, 9


def format_value(value: float | str, *, is_whole: bool = False, digits: int = 12) -> str:
    """Write a hyperparameter's value: `5e-5`, `1.2e-4`, `0.35`, `0.0`, `128`.

    Parameters
    ----------
    is_whole
        The column holds whole numbers only, so that 128.0 is `128` and 0.0 is `0`.
    digits
        Significant digits to keep; 12 hides float noise such as 0.30000000000000004.
    """
    if isinstance(value, str):
        return value
    if not math.isfinite(value):
        return str(value)
    if value == 0:
        return "0" if is_whole else "0.0"
    short = Decimal(f"{value:.{digits}g}").normalize()
    if not _PLAIN_FROM <= abs(value) < _PLAIN_TO:
        mantissa, exponent = f"{short:e}".split("e")
        return f"{mantissa}e{int(exponent)}"
    text = f"{short:f}"
    return text if is_whole or "." in text else f"{text}.0"


def choose_decimals(rope: float | None, values: Iterable[float] = ()) -> int:
    """Return how many decimals show a metric as finely as it is known, and no finer.

    Parameters
    ----------
    rope
        What is practically nothing, in units of the metric: a fiftieth of it still shows, as 0.0001
        does for the AUC's 0.005. None or 0 where nobody said.
    values
        What there is to write; without a ROPE a two-hundredth of their standard deviation shows.

    Returns
    -------
    int
        From 0 to 12; four where neither tells.
    """
    step = rope / _OF_ROPE if rope else _measure_spread(values) / _OF_SPREAD
    if not (step > 0 and math.isfinite(step)):
        return DECIMALS
    return min(max(math.ceil(-math.log10(step) - 1e-9), 0), _MOST_DECIMALS)


def format_metric(value: float, *, decimals: int = DECIMALS) -> str:
    """Write a metric with so many decimals; very small or large ones with four digits.

    Parameters
    ----------
    decimals
        As `choose_decimals` returns them; of an AUC always four.
    """
    if not math.isfinite(value):
        return "-"
    return f"{value:.{decimals}f}" if _is_plain(value, 100, decimals) else _write_short(value)


def format_difference(value: float, *, is_signed: bool = False, decimals: int = DECIMALS) -> str:
    """Write a difference of two metrics with so many decimals, with its sign on request."""
    if not math.isfinite(value):
        return "-"
    sign = "+" if is_signed else ""
    if _is_plain(value, 5, decimals):
        return f"{value:{sign}.{decimals}f}"
    return _write_short(value, sign, digits=2)


def format_share(share: float) -> str:
    """Write a share between 0 and 1 as a percentage with one decimal."""
    return f"{100 * share:.1f}%" if math.isfinite(share) else "-"


def format_p(p_value: float) -> str:
    """Write a p value with three decimals, never as zero."""
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"


def count_noun(n: int, noun: str) -> str:
    """Write a count with its noun: `1 trial`, `1,250 trials`."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def count_up(n: int) -> str:
    """Write a place in an order: `1st`, `12th`, `23rd`."""
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n:,}{ending}"


def format_duration(seconds: float) -> str:
    """Write a duration as a person says it: `0.4 s`, `45 s`, `12 min`, `3 h 05 min`."""
    if not math.isfinite(seconds):
        return "-"
    if seconds < 0.95:
        return f"{seconds:.1f} s"
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60:,} h {minutes % 60:02d} min"


def sort_naturally(words: Iterable[str]) -> list[str]:
    """Sort so that 2M comes before 20M, and 20M before 200M."""
    return sorted(words, key=lambda word: [_read_part(part) for part in _PARTS.findall(word)])


def _read_part(part: str) -> tuple[int, int, str]:
    return (0, int(part), "") if part.isdecimal() else (1, 0, part)


def _is_plain(value: float, least: float, decimals: int) -> bool:
    """Whether a value shows as a plain decimal: from so many of its last places on."""
    return value == 0 or least * 10.0**-decimals <= abs(value) < 10.0 ** (_MOST_PLACES - decimals)


def _measure_spread(values: Iterable[float]) -> float:
    """Return the standard deviation of what is finite; 0 of fewer than two values."""
    known = [value for value in values if math.isfinite(value)]
    return pstdev(known) if len(known) > 1 else 0.0


def _write_short(value: float, sign: str = "", digits: int = 4) -> str:
    mantissa, _, exponent = f"{value:{sign}.{digits}g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa
