"""The columns of a predictions file, CSV, Parquet or .npz, under their names."""

import csv
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from runner.workers.sent_table import MOST_NUMBERS
from trial_sets.errors import InputError
from trial_sets.opening import MIB, open_regular
from trial_sets.strict_json import read_text, shorten

NAMES = ("predictions.csv", "predictions.parquet", "predictions.npz")
MOST_BYTES = 512 * MIB
MOST_COLUMNS = 1_000
_DELIMITERS = ",;\t"
Column = NDArray[Any]


class Columns(NamedTuple):
    """What a file holds: columns of one length."""

    file: str  # its name, which begins the sentence of every error
    columns: Mapping[str, Column]
    classes: tuple[str, ...] = ()  # where `score` of an .npz has a column each

    @property
    def n_rows(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.columns.values())))


def read_columns(out: Path) -> Columns | None:
    """Read the predictions in a command's folder; None if it has written none.

    Raises
    ------
    InputError
        If there are several files, or one cannot be read or is too large.
    """
    found = [name for name in NAMES if (out / name).exists()]
    if not found:
        return None
    if len(found) > 1:
        raise InputError(f"{found[0]} and {found[1]}: there are both, expected one")
    name = found[0]
    if (size := (out / name).stat().st_size) > MOST_BYTES:
        raise InputError(f"{name}: has {size // MIB} MiB, at most {MOST_BYTES // MIB} are read")
    read: dict[str, Callable[[Path], Columns]] = {
        ".csv": _read_csv, ".parquet": _read_parquet, ".npz": _read_npz
    }  # fmt: skip
    columns = read[(out / name).suffix](out / name)
    if not columns.columns or columns.n_rows == 0:
        raise InputError(f"{name}: holds no rows")
    if columns.n_rows * len(columns.columns) > 2 * MOST_NUMBERS:
        raise InputError(f"{name}: has {columns.n_rows:,} rows, which is more than a record keeps")
    return columns


def _read_csv(path: Path) -> Columns:
    """Read texts; commas, semicolons or tabs separate them, whichever the header has most of."""
    try:
        text = read_text(path, MOST_BYTES)
    except InputError as error:
        raise InputError(str(error).replace(str(path), path.name)) from None
    header = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=header.count)
    try:
        rows = [row for row in csv.reader(text.splitlines(), delimiter=delimiter) if row]
    except csv.Error as error:
        raise InputError(f"{path.name}: is no CSV ({error})") from None
    if not rows:
        return Columns(path.name, {})
    names = [name.strip() for name in rows.pop(0)]
    _refuse_names(names, path.name)
    for number, row in enumerate(rows, 2):
        if len(row) != len(names):
            raise InputError(
                f"{path.name}: line {number} has {len(row)} cells, the header {len(names)}"
            )
    cells = list(zip(*rows, strict=True)) or [()] * len(names)
    return Columns(
        path.name, {n: np.array(c, dtype=str) for n, c in zip(names, cells, strict=True)}
    )


def _read_parquet(path: Path) -> Columns:
    try:
        from pyarrow import parquet  # noqa: PLC0415 - takes a tenth of a second
    except ImportError:
        raise InputError(f"{path.name}: reading Parquet needs pyarrow") from None
    try:
        with open_regular(path) as file:
            _refuse_rows(parquet.ParquetFile(file).metadata.num_rows, path.name)
            file.seek(0)
            table = parquet.read_table(file)
        _refuse_names(table.column_names, path.name)
        found = {n: _take_arrow(table.column(n).to_pylist()) for n in table.column_names}
    except (OSError, ValueError, TypeError) as error:  # of which pyarrow's are
        raise InputError(f"{path.name}: is no Parquet file ({shorten(str(error))})") from None
    return Columns(path.name, found)


def _take_arrow(values: list[Any]) -> Column:
    """Return a column's values; where one is missing, as texts of which it is the empty one."""
    if any(value is None for value in values):
        return np.array(["" if value is None else str(value) for value in values])
    array = np.array(values)
    return array.astype(str) if array.dtype.kind == "O" else array


def _read_npz(path: Path) -> Columns:
    try:
        with open_regular(path) as file:
            with zipfile.ZipFile(file) as archive:
                if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
                    raise InputError(f"{path.name}: its arrays come to more than is read")
            file.seek(0)
            with np.load(file, allow_pickle=False) as parts:
                arrays = {name: parts[name] for name in parts.files}
    except (OSError, ValueError, zipfile.BadZipFile, EOFError) as error:
        raise InputError(
            f"{path.name}: is no .npz of plain arrays ({shorten(str(error))})"
        ) from None
    _refuse_names(list(arrays), path.name)
    classes = tuple(arrays.pop("classes", np.empty(0, dtype=str)).astype(str).ravel().tolist())
    scores = arrays.get("score")
    if scores is not None and scores.ndim == 2:
        if len(classes) != scores.shape[1]:
            raise InputError(
                f"{path.name}: score has {scores.shape[1]} columns, classes {len(classes)} names"
            )
        del arrays["score"]
        arrays |= {name: scores[:, place] for place, name in enumerate(classes)}
    for name, array in arrays.items():
        if array.ndim != 1:
            raise InputError(
                f"{path.name}: {name} has shape {array.shape}, expected one value a row"
            )
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in list(lengths.items())[:9])
        raise InputError(f"{path.name}: its arrays have different lengths: {told}")
    return Columns(path.name, arrays, classes)


def _refuse_names(names: list[str], file: str) -> None:
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(f"{file}: the column {shorten(twice)} stands twice")
    if len(names) > MOST_COLUMNS:
        raise InputError(f"{file}: has {len(names)} columns, at most {MOST_COLUMNS} are read")


def _refuse_rows(n_rows: int, file: str) -> None:
    if n_rows > MOST_NUMBERS:
        raise InputError(f"{file}: has {n_rows:,} rows, at most {MOST_NUMBERS:,} are kept")
