"""CSV results, among them the export of Optuna's `trials_dataframe()`."""

import csv
import io
import math
import re
import warnings
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pandas as pd
from pandas.api.types import is_numeric_dtype

from analysis.readers.content import refuse_many
from analysis.readers.flat import FlatTable
from analysis.readers.prefixes import split_prefixed
from analysis.readers.tools.wandb import read_wandb
from trial_sets.errors import InputError

_DELIMITERS = ",;\t|"
_BLANKS = ["", "nan", "NaN", "NAN", "-nan", "<NA>", "#N/A"]
# Words that are a value in a column of words, and no number in one of numbers.
_MISSING = frozenset({"none", "null", "na", "n/a", "-", "--"})
_GROUPS = ("params", "user_attrs", "system_attrs", "values", "intermediate_values")
_LARGEST = 10**300
_PERCENT = re.compile(r"(?<=\d)\s*%$")
_COMMA = re.compile(r"(?m)(?:^|;)\s*-?\d+,\d+\s*(?=;|$)")
_FIELDS = re.compile(r"Expected (\d+) fields in line (\d+), saw (\d+)")


def read_csv(text: str, path: Path) -> FlatTable:
    """Read a delimited table with one head line, or the two of an old export of Optuna.

    A head that stands again further down, where a file was appended to, is left out.

    Raises
    ------
    InputError
        For a single column, repeated column names, lines of unequal length or no rows.
    """
    text = text.lstrip("\r\n")
    delimiter = find_delimiter(text)
    text = _join_heads(text, delimiter, path)
    text, n_heads = _drop_heads(text)
    head = _read_head(text, delimiter, path)
    _check_head(head, path)
    refuse_many(len(head) * text.count("\n"), path)
    columns = _read_rows(text, delimiter, path)
    if columns.empty:
        raise InputError(f"{path} holds column names but no rows")
    columns.columns = [str(name).strip() for name in columns.columns]
    columns = _settle_unnamed(columns)
    columns = pd.DataFrame({name: _settle_words(columns[name]) for name in columns.columns})
    of_tool = read_wandb(columns, path)
    flat = of_tool or split_prefixed(columns, pd.DataFrame(index=columns.index))
    notes = (f"{n_heads} lines that repeat the head were left out",) if n_heads else ()
    blanks = frozenset([*flat.names, *map(str, flat.params.columns)])
    return replace(flat, blanks=blanks, notes=(*flat.notes, *notes))


def _join_heads(text: str, delimiter: str, path: Path) -> str:
    """Join the two head lines of an export with groups: `params` above `lr` is `params_lr`."""
    first, _, rest = text.partition("\n")
    names = _read_head(first, delimiter, path)
    second, _, below = rest.partition("\n")
    if not any(names.count(group) > 1 for group in _GROUPS) or not second.strip():
        return text
    inner = _read_head(second, delimiter, path)
    is_head = len(inner) == len(names) and all(
        bool(part) == (name in _GROUPS) for name, part in zip(names, inner, strict=True) if name
    )
    if not is_head:
        return text
    joined = io.StringIO()
    pairs = zip(names, inner, strict=True)
    csv.writer(joined, delimiter=delimiter).writerow([f"{n}_{i}" if i else n for n, i in pairs])
    return joined.getvalue() + below


def _drop_heads(text: str) -> tuple[str, int]:
    """Leave out lines that are the first line again; return how many there were."""
    head, _, rest = text.partition("\n")
    if not head.strip() or head not in rest:
        return text, 0
    lines = rest.split("\n")
    kept = [line for line in lines if line.rstrip("\r") != head.rstrip("\r")]
    return "\n".join([head, *kept]), len(lines) - len(kept)


def _settle_unnamed(columns: pd.DataFrame) -> pd.DataFrame:
    """Drop columns without a name, pandas' row numbers among them; names in the first are kept."""
    unnamed = [name for name in columns.columns if name.startswith("Unnamed:")]
    first = columns.columns[0]
    if first in unnamed and not is_numeric_dtype(columns[first]) and "name" not in columns:
        unnamed.remove(first)
        columns = columns.rename(columns={first: "name"})
    return columns.drop(columns=unnamed)


def _settle_words(column: pd.Series) -> pd.Series:
    """Read a column of numbers, and words for a missing one, as numbers; keep others.

    A share in per cent is the number before the sign.
    """
    if is_numeric_dtype(column):
        return column
    column = column.map(_bound_whole)
    missing = column.map(lambda cell: isinstance(cell, str) and cell.strip().lower() in _MISSING)
    bare = column.map(lambda cell: _PERCENT.sub("", cell) if isinstance(cell, str) else cell)
    numbers = pd.to_numeric(bare.mask(missing.astype("bool")), errors="coerce")
    is_number = numbers.notna() | missing.astype("bool") | column.isna()
    return numbers if is_number.all() and numbers.notna().any() else column


def _bound_whole(cell: object) -> object:
    """Take a whole number beyond a float's range to infinity."""
    if not isinstance(cell, int) or abs(cell) <= _LARGEST:
        return cell
    return math.inf if cell > 0 else -math.inf


def find_delimiter(text: str) -> str:
    """Return the delimiter that stands most often in the head line."""
    head = text.lstrip().split("\n", 1)[0]
    return max(_DELIMITERS, key=head.count)


def _read_rows(text: str, delimiter: str, path: Path) -> pd.DataFrame:
    """Read all rows; a first row longer than the head would otherwise shift the columns."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            return pd.read_csv(
                io.StringIO(text),
                sep=delimiter,
                skipinitialspace=True,
                index_col=False,
                keep_default_na=False,
                na_values=_BLANKS,
                decimal="," if delimiter == ";" and _COMMA.search(text) else ".",
                low_memory=False,
            )
    except pd.errors.ParserWarning as error:
        raise InputError(f"{path}: the rows have more fields than the first line") from error
    except pd.errors.ParserError as error:
        raise InputError(f"{path}: {_explain(error)}") from error


def _read_head(text: str, delimiter: str, path: Path) -> list[str]:
    try:
        head = next(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise InputError(f"{path}: the first line cannot be read as CSV ({error})") from error
    return [name.strip() for name in head]


def _check_head(head: list[str], path: Path) -> None:
    if len(head) < 2:
        raise InputError(
            f"{path} is neither JSON nor a table of several columns; "
            f"its first line is {head[0][:60] if head else ''!r}"
        )
    counts = Counter(head)
    repeated = next((name for name, count in counts.items() if name and count > 1), None)
    if repeated is not None:
        raise InputError(f"{path} has the column {repeated[:60]!r} {counts[repeated]} times")


def _explain(error: pd.errors.ParserError) -> str:
    """Say which line a parser stumbled over."""
    found = _FIELDS.search(str(error))
    if found:
        expected, line, seen = found.groups()
        return f"line {line} has {seen} fields, expected {expected}"
    return f"cannot be read as CSV ({str(error).splitlines()[0]})"
