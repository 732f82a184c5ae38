"""How numbers are printed: the way people write them in proposals."""

import math
import re
from collections.abc import Iterable
from decimal import Decimal

_PARTS = re.compile(r"\d+|\D+")
_PLAIN_FROM = 0.01
_PLAIN_TO = 1e7


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


def format_metric(value: float) -> str:
    """Write a metric with four decimals; very small or large ones with four digits."""
    if not math.isfinite(value):
        return "-"
    return (
        _write_plain(value, "") if value == 0 or 1e-2 <= abs(value) < 1e5 else _write_short(value)
    )


def format_difference(value: float, *, is_signed: bool = False) -> str:
    """Write a difference of two metrics with four decimals, with its sign on request."""
    if not math.isfinite(value):
        return "-"
    sign = "+" if is_signed else ""
    is_plain = value == 0 or 5e-4 <= abs(value) < 1e5
    return _write_plain(value, sign) if is_plain else _write_short(value, sign, digits=2)


def format_share(share: float) -> str:
    """Write a share between 0 and 1 as a percentage with one decimal."""
    return f"{100 * share:.1f}%" if math.isfinite(share) else "-"


def format_p(p_value: float) -> str:
    """Write a p value with three decimals, never as zero."""
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"


def count_noun(n: int, noun: str) -> str:
    """Write a count with its noun: `1 trial`, `1,250 trials`."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


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


def _write_plain(value: float, sign: str) -> str:
    return f"{value:{sign}.4f}"


def _write_short(value: float, sign: str = "", digits: int = 4) -> str:
    mantissa, _, exponent = f"{value:{sign}.{digits}g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa
