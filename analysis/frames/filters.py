"""Filters such as `tier == a50 and dropout >= 0.3`: a small grammar, never evaluated as code.

    filter = clause { "and" clause }
    clause = column operator value        operator: == != < <= > >=

A column or value with blanks or operators in it is quoted: `"Training Time (s)" < 300`.
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from analysis.frames.frame import TrialFrame
from analysis.frames.values import is_number_column
from trial_sets.errors import InputError

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_TOKEN = re.compile(
    r"""\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<operator>==|!=|<=|>=|<|>)"""
    r"""|(?P<word>[^\s"'<>=!]+))\s*"""
)
_SHAPE = "expected COLUMN OPERATOR VALUE, joined by `and`, as in tier == a50 and dropout >= 0.3"


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison of a column with a value."""

    column: str
    operator: str
    value: str


def parse_filter(text: str) -> tuple[Clause, ...]:
    """Parse a filter.

    Raises
    ------
    InputError
        With the part that was not understood.
    """
    tokens = _split_tokens(text)
    clauses = []
    for start in range(0, len(tokens), 4):
        part = tokens[start : start + 4]
        kinds = [kind for kind, _ in part]
        is_joined = len(part) < 4 or (part[3] == ("word", "and") and len(tokens) > start + 4)
        if kinds[:3] not in _CLAUSES or not is_joined:
            shown = " ".join(value for _, value in part)
            raise InputError(f"the filter {text!r} is not understood at {shown!r}: {_SHAPE}")
        clauses.append(Clause(part[0][1], part[1][1], part[2][1]))
    if not clauses:
        raise InputError(f"the filter is empty: {_SHAPE}")
    return tuple(clauses)


def filter_frame(frame: TrialFrame, text: str) -> TrialFrame:
    """Keep the rows that satisfy a filter; a missing value satisfies only `!=`.

    Raises
    ------
    InputError
        For a filter that is not understood, an unknown column, or when no row is left.
    """
    is_kept = pd.Series(True, index=frame.rows.index)
    for clause in parse_filter(text):
        is_kept &= _compare(frame, clause)
    if not is_kept.any():
        raise InputError(f"the filter {text!r} leaves none of the {len(frame.rows)} trials")
    return replace(frame, rows=frame.rows[is_kept].reset_index(drop=True))


def _compare(frame: TrialFrame, clause: Clause) -> "pd.Series[bool]":
    if clause.column not in frame.rows:
        names = ", ".join(str(name) for name in frame.rows.columns[:30])
        raise InputError(
            f"the filter names {clause.column!r}, which is no column; there are {names}"
        )
    column = frame.rows[clause.column]
    compare = _OPERATORS[clause.operator]
    if not is_number_column(column):
        if clause.operator not in ("==", "!="):
            raise InputError(
                f"the filter compares {clause.column}, which is text, by {clause.operator}; "
                "expected == or !="
            )
        words = column.astype("str").str.lower()
        return _settle(compare(words, clause.value.lower()))
    try:
        number = float(clause.value)
    except ValueError as error:
        raise InputError(
            f"the filter compares {clause.column}, a number, with {clause.value!r}; "
            "expected a number"
        ) from error
    return _settle(compare(column, number))


def _settle(found: pd.Series) -> "pd.Series[bool]":
    return found.astype("bool")


def _split_tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    position = 0
    while position < len(text.rstrip()):
        found = _TOKEN.match(text, position)
        if found is None:
            raise InputError(
                f"the filter {text!r} is not understood at {text[position:][:20]!r}: {_SHAPE}"
            )
        kind = found.lastgroup or "word"
        tokens.append(("quoted" if kind in ("double", "single") else kind, found[kind]))
        position = found.end()
    return tokens


_CLAUSES = [
    [column, "operator", value] for column in ("word", "quoted") for value in ("word", "quoted")
]
