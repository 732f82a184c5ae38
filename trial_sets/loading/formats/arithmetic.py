"""Arithmetic of numbers that a file spells out, `10**-4` or `2 * 64`, within bounds."""

import ast
import math
import operator
from collections.abc import Callable
from typing import Any, TypeGuard

MOST_BITS = 64  # of an integer that is worked with: 9**9**9 has 370 million digits

_OPERATIONS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
}


def is_number(value: object) -> TypeGuard[int | float]:
    """Tell whether a value is a finite number, and no boolean."""
    return type(value) is int or (isinstance(value, float) and math.isfinite(value))


def calculate(operation: ast.operator, left: int | float, right: int | float) -> int | float | None:
    """Return what an operation comes to, as Python would.

    Returns
    -------
    int or float or None
        None for what is no finite real number, for integers of more than 64 bits on the way, and
        for an operation that is not of arithmetic.
    """
    work = _OPERATIONS.get(type(operation))
    if work is None or not _is_small(operation, left, right):
        return None
    try:
        found = work(left, right)
    except (ArithmeticError, TypeError, ValueError):
        return None
    return found if is_number(found) and _count_bits(found) <= MOST_BITS else None


def _is_small(operation: ast.operator, left: int | float, right: int | float) -> bool:
    """Tell whether the operands, and what comes of them, take next to no time and memory."""
    if max(_count_bits(left), _count_bits(right)) > MOST_BITS:
        return False
    if isinstance(operation, ast.LShift):
        return right <= MOST_BITS
    if isinstance(operation, ast.Pow) and isinstance(left, int) and isinstance(right, int):
        return right <= 1 or (_count_bits(left) - 1) * right <= MOST_BITS
    return True


def _count_bits(value: int | float) -> int:
    return value.bit_length() if isinstance(value, int) else 0
