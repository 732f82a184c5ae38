"""The value of a dict literal, from its syntax tree: nothing is executed."""

import ast
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from trial_sets.errors import InputError

MAX_DEPTH = 16  # of dicts and lists in one another


@dataclass(frozen=True, slots=True)
class PythonSource:
    """The text that a syntax tree comes from, to quote it in errors."""

    path: Path
    text: str

    def error(self, node: ast.expr, reason: str) -> InputError:
        """Return an error that says where something stands, what it is, and what is wrong."""
        segment = " ".join((ast.get_source_segment(self.text, node) or "").split())
        found = segment if len(segment) <= 60 else f"{segment[:57]}..."
        printable = "".join(character if character.isprintable() else "?" for character in found)
        return InputError(f"{self.path}, line {node.lineno}: {printable} {reason}")


def evaluate_dict(node: ast.Dict, source: PythonSource, depth: int = MAX_DEPTH) -> dict[str, Any]:
    """Return the value of a dict literal; tuples become lists, as in JSON.

    Raises
    ------
    InputError
        If it holds anything but finite numbers, strings, booleans, None, lists and dicts of them
        with strings as keys, repeats a key, or nests deeper than ``depth``.
    """
    found: dict[str, Any] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            raise source.error(value, "is unpacked with **, which no literal holds")
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            raise source.error(key, "is a key, but not a string")
        if key.value in found:
            raise source.error(key, "is a key that stands twice in one dict")
        found[key.value] = _evaluate(value, source, depth - 1)
    return found


def _evaluate(node: ast.expr, source: PythonSource, depth: int) -> Any:  # noqa: ANN401 - any literal
    """Return the value of a literal."""
    if depth < 0:
        raise source.error(node, "is nested too deeply")
    match node:
        case ast.Dict():
            return evaluate_dict(node, source, depth)
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return [_evaluate(element, source, depth - 1) for element in elements]
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=ast.Constant(value=value)):
            if _is_number(value):
                return -value if isinstance(sign, ast.USub) else value
        case ast.Constant(value=value):
            if value is None or isinstance(value, bool | str) or _is_number(value):
                return value
    raise source.error(node, "is not a literal that a trial can hold")


def _is_number(value: object) -> TypeGuard[int | float]:
    """Tell whether a constant is a finite number, and no boolean."""
    return type(value) is int or (isinstance(value, float) and math.isfinite(value))
