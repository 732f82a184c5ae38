"""The values of Python's literals, from their syntax trees: nothing is executed.

Beside literals there is what people build them with: arithmetic of numbers within bounds,
``dict(...)``, ``**BASE`` and ``BASE | {...}`` of what a name stands for.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trial_sets.errors import InputError
from trial_sets.loading.formats.arithmetic import calculate, is_number

MAX_DEPTH = 16  # of dicts and lists in one another, and of names that stand for others
MOST_NUMBERED = 10**9  # of integers that are keys
MAX_VALUES = 300_000  # of a file, with those that a name stands for again and again


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


@dataclass(slots=True)
class LiteralReader:
    """Reads literals of one file.

    Parameters
    ----------
    source
        The file's text.
    find
        From a name, and a place in the file, to what is assigned to it above, and the place of
        that; None where nothing is.
    """

    source: PythonSource
    find: Callable[[ast.Name, int], tuple[int, ast.expr] | None]
    n_values: int = field(default=0, init=False)

    def read(self, node: ast.expr, at: int = 0, depth: int = MAX_DEPTH) -> Any:  # noqa: ANN401 - any literal
        """Return the value of an expression; tuples become lists and keys text, as in JSON.

        Parameters
        ----------
        node
            The expression.
        at
            The index of its statement, which names are looked up above.
        depth
            How many dicts and lists may be in one another.

        Raises
        ------
        InputError
            If it holds anything but finite numbers, strings, booleans, None, lists and dicts of
            them with strings or integers as keys, and what these are built with; if it repeats a
            key, nests too deeply or holds too many values.
        """
        if depth < 0:
            raise self.source.error(node, "is nested too deeply")
        self.n_values += 1
        if self.n_values > MAX_VALUES:
            raise self.source.error(node, f"is beyond the {MAX_VALUES:,} values a file may hold")
        match node:
            case ast.Dict():
                return self._read_dict(node, at, depth - 1)
            case ast.Call(func=ast.Name(id="dict")):
                return self._read_call(node, at, depth - 1)
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return self._read_list(elements, at, depth - 1)
            case ast.Name() | ast.Subscript():
                return self._read_named(node, at, depth - 1)
            case ast.UnaryOp() | ast.BinOp():
                return self._read_operation(node, at, depth - 1)
            case ast.Constant(value=value):
                if value is None or isinstance(value, bool | str) or is_number(value):
                    return value
        raise self.source.error(node, "is not a literal that a trial can hold")

    def _read_dict(self, node: ast.Dict, at: int, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        written: set[str] = set()
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                found |= self._unpack(value, at, depth)
                continue
            name = self._read_key(key)
            if name in written:
                raise self.source.error(key, "is a key that stands twice in one dict")
            written.add(name)
            found[name] = self.read(value, at, depth)
        return found

    def _read_key(self, key: ast.expr) -> str:
        if isinstance(key, ast.Constant):
            if isinstance(key.value, str):
                return key.value
            if type(key.value) is int and key.value < MOST_NUMBERED:
                return str(key.value)
        raise self.source.error(key, "is a key, but neither a string nor an integer")

    def _read_call(self, node: ast.Call, at: int, depth: int) -> dict[str, Any]:
        """Return the value of ``dict(BASE, dropout=0.4)``."""
        if len(node.args) > 1:
            raise self.source.error(node, "gives dict() more than one argument")
        found = self._unpack(node.args[0], at, depth) if node.args else {}
        given: set[str] = set()
        for keyword in node.keywords:
            if keyword.arg is None:
                more = self._unpack(keyword.value, at, depth)
            else:
                more = {keyword.arg: self.read(keyword.value, at, depth)}
            if given & more.keys():
                raise self.source.error(node, f"gives {min(given & more.keys())!r} twice")
            given |= more.keys()
            found |= more
        return found

    def _read_list(self, elements: list[ast.expr], at: int, depth: int) -> list[Any]:
        found: list[Any] = []
        for element in elements:
            if isinstance(element, ast.Starred):
                more = self.read(element.value, at, depth)
                if not isinstance(more, list):
                    raise self.source.error(element, "unpacks what is no list")
                found += more
            else:
                found.append(self.read(element, at, depth))
        return found

    def _read_named(self, node: ast.Name | ast.Subscript, at: int, depth: int) -> Any:  # noqa: ANN401 - any literal
        """Return ``BASE`` or ``BASE["dropout"]``."""
        if isinstance(node, ast.Name):
            assigned = self.find(node, at)
            if assigned is None:
                raise self.source.error(node, "is not assigned a literal above")
            index, value = assigned
            return self.read(value, index, depth)
        whole = self.read(node.value, at, depth)
        if isinstance(whole, dict):
            name = self._read_key(node.slice)
            if name in whole:
                return whole[name]
        elif isinstance(whole, list):
            number = self.read(node.slice, at, depth)
            if type(number) is int and -len(whole) <= number < len(whole):
                return whole[number]
        raise self.source.error(node, "is nothing that stands above")

    def _read_operation(
        self, node: ast.UnaryOp | ast.BinOp, at: int, depth: int
    ) -> int | float | dict[str, Any]:
        """Return ``10**-4``, ``-1e-4`` or ``BASE | {"dropout": 0.4}``."""
        if isinstance(node, ast.UnaryOp):
            value = self.read(node.operand, at, depth)
            if is_number(value) and isinstance(node.op, ast.USub | ast.UAdd):
                return -value if isinstance(node.op, ast.USub) else value
        else:
            left, right = self.read(node.left, at, depth), self.read(node.right, at, depth)
            if (
                isinstance(left, dict)
                and isinstance(right, dict)
                and isinstance(node.op, ast.BitOr)
            ):
                return left | right
            if is_number(left) and is_number(right):
                found = calculate(node.op, left, right)
                if found is None:
                    raise self.source.error(node, "is no number of a size that is worked out here")
                return found
        raise self.source.error(node, "is not a literal that a trial can hold")

    def _unpack(self, node: ast.expr, at: int, depth: int) -> dict[str, Any]:
        found = self.read(node, at, depth)
        if not isinstance(found, dict):
            raise self.source.error(node, "is unpacked as a dict, but is none")
        return found
