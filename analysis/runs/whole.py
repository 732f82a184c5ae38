"""What counts only if nothing of it is missing."""

from collections.abc import Iterable
from typing import TypeVar

Value = TypeVar("Value")


def take_whole(values: Iterable[Value | None]) -> list[Value] | None:
    """Return some values, or None if one of them is missing or there are none."""
    found = list(values)
    known = [value for value in found if value is not None]
    return known if known and len(known) == len(found) else None
