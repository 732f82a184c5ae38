"""Time stamps as whole numbers: seconds, or parts of them, since 1970."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import numpy as np
import numpy.typing as npt

Unit = Literal["s", "ms", "us", "ns"]

_SCALES: Mapping[Unit, float] = MappingProxyType({"s": 1, "ms": 1e3, "us": 1e6, "ns": 1e9})
_FROM, _TO = 1e8, 5e9  # seconds since 1970: 1973 to 2128
_WORDS: Mapping[Unit, str] = MappingProxyType(
    {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds"}
)
_WRITTEN = re.compile(r"\d{9,19}(?:\.\d*)?")


def is_epoch(cell: str) -> bool:
    """Say whether a cell is a number that can be a time since 1970."""
    return bool(_WRITTEN.fullmatch(cell)) and find_unit(np.array([float(cell)])) is not None


def find_unit(numbers: npt.NDArray[np.float64]) -> Unit | None:
    """Return the one unit in which all numbers lie between 1973 and 2128, or None."""
    for unit, scale in _SCALES.items():
        is_inside = (numbers >= _FROM * scale) & (numbers < _TO * scale)
        if len(numbers) and bool(is_inside.all()):
            return unit
    return None


def describe_unit(unit: Unit) -> str:
    """Return a unit in words."""
    return f"{_WORDS[unit]} since 1970"
