"""Cells that hold a whole configuration as text: `{'max_depth': 3}`, JSON, `OrderedDict(...)`.

They are parsed and never evaluated: of Python's syntax, literals, signs, and the names that
printed values contain (`nan`, `inf`, `np.float64(...)`) mean themselves; anything else stays text.
"""

import ast
import math
import re
import warnings
from collections.abc import Callable
from typing import Any

import pandas as pd

from analysis.readers.content import parse_results
from trial_sets.errors import InputError
from trial_sets.wording import well_form

_MOST_CHARACTERS = 20_000
_LARGEST = 10**300
_NAMES = {
    "nan": math.nan, "NaN": math.nan, "inf": math.inf, "Infinity": math.inf,
    "null": None, "true": True, "false": False,
}  # fmt: skip
_MAPPING = re.compile(r"^\s*(\{.*\}|(OrderedDict|Namespace|dict|defaultdict)\(.*\))\s*$", re.DOTALL)
_PRINTED = re.compile(r"(?<=[\[(:, ])<[^<>]*>")
# What a parser makes of text that is no Python, or too deep.
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


def is_mapping_column(column: pd.Series) -> bool:
    """Say whether every cell that is not blank holds a mapping, as an object or as text."""
    present = column.dropna()
    return bool(len(present)) and all(map(_looks_like_mapping, present))


def read_mapping(cell: object) -> dict[str, Any] | None:
    """Return the mapping that a cell holds, or None."""
    if isinstance(cell, dict):
        return {str(name): value for name, value in cell.items()}
    if not isinstance(cell, str) or len(cell) > _MOST_CHARACTERS or not _MAPPING.match(cell):
        return None
    try:
        found = parse_results(cell, "a cell")
    except InputError:
        found = _read_python(cell)
    return {str(name): value for name, value in found.items()} if isinstance(found, dict) else None


def _looks_like_mapping(cell: object) -> bool:
    if isinstance(cell, dict):
        return True
    return isinstance(cell, str) and len(cell) <= _MOST_CHARACTERS and bool(_MAPPING.match(cell))


def _read_python(text: str) -> object:
    """Parse a printed mapping; what Python prints as `<...>` is taken for its own text."""
    for attempt in (text, _PRINTED.sub(lambda found: repr(found[0]), text)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of escapes that mean nothing
                return _read_node(ast.parse(attempt.strip(), mode="eval").body)
        except _UNREADABLE:
            continue
    return None


def _read_node(node: ast.expr) -> object:
    """Return the value of a literal; what is none stays its own text."""
    reader = _READERS.get(type(node))
    return ast.unparse(node) if reader is None else reader(node)


def _read_constant(node: ast.Constant) -> object:
    value = node.value
    if isinstance(value, str):
        return well_form(value)
    if isinstance(value, int) and abs(value) > _LARGEST:
        return math.inf
    return value if value is None or isinstance(value, int | float) else ast.unparse(node)


def _read_sign(node: ast.UnaryOp) -> object:
    value = _read_node(node.operand)
    is_negative = isinstance(node.op, ast.USub) and isinstance(value, int | float)
    return -value if is_negative else ast.unparse(node)  # type: ignore[operator]


def _read_dict(node: ast.Dict) -> object:
    if None in node.keys:  # `**other`
        return ast.unparse(node)
    pairs = zip(node.keys, node.values, strict=True)
    return {str(_read_node(key)): _read_node(value) for key, value in pairs if key is not None}


def _read_items(node: ast.List | ast.Tuple | ast.Set) -> object:
    return [_read_node(item) for item in node.elts]


def _read_name(node: ast.Name) -> object:
    return _NAMES.get(node.id, node.id)


def _read_call(node: ast.Call) -> object:
    """Return what `OrderedDict([...])`, `Namespace(a=1)` and `np.float64(1)` print."""
    arguments, keywords = node.args, node.keywords
    called = ast.unparse(node.func).split(".")[-1]
    if called in {"Namespace", "dict"} and not arguments:
        return {word.arg: _read_node(word.value) for word in keywords if word.arg is not None}
    if called in {"OrderedDict", "dict", "defaultdict"} and arguments and not keywords:
        inner = _read_node(arguments[-1])
        if isinstance(inner, list) and all(isinstance(p, list) and len(p) == 2 for p in inner):
            return {str(name): value for name, value in inner}
        return inner
    if re.fullmatch(r"(float|int|str|bool)_?\d*", called) and len(arguments) == 1 and not keywords:
        return _read_node(arguments[0])
    return ast.unparse(node)


_READERS: dict[type[ast.expr], Callable[[Any], object]] = {
    ast.Constant: _read_constant,
    ast.UnaryOp: _read_sign,
    ast.Dict: _read_dict,
    ast.List: _read_items,
    ast.Tuple: _read_items,
    ast.Set: _read_items,
    ast.Name: _read_name,
    ast.Call: _read_call,
}
