"""Tidy tables as files, written as their rows come: CSV, or Parquet."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray

from trial_sets.errors import InputError
from trial_sets.placement import replacing

TableForm = Literal["csv", "parquet"]
CellKind = Literal["text", "number", "whole", "flag", "time"]
CellValues = Sequence[Any] | NDArray[Any]
AddRows = Callable[[Mapping[str, CellValues]], None]  # a part of a table, by column
_ROW_GROUP = 65_536  # rows of Parquet that are held until they are written
_PARTS = 64  # that are joined
_TYPES = {"text": "string", "number": "float64", "whole": "int64", "flag": "bool_"}


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its name, with its unit, and what its cells are."""

    name: str
    kind: CellKind


def refuse_missing_form(form: TableForm) -> None:
    """Refuse a form that cannot be written here.

    Raises
    ------
    InputError
        If it is Parquet and pyarrow is not installed.
    """
    if form == "parquet":
        try:
            import pyarrow  # noqa: F401, PLC0415 - only Parquet needs it
        except ImportError:
            raise InputError(
                "Parquet is written with pyarrow, which is not installed: pip install pyarrow, or "
                "write CSV with --to-csv"
            ) from None


@contextmanager
def writing_table(path: Path, columns: Sequence[TableColumn], form: TableForm) -> Iterator[AddRows]:
    """Yield what adds rows to a table, which gets its place when all are written.

    Parameters
    ----------
    path
        Where it goes; nothing is left there if the writing fails.
    columns
        In their order. A part of the table that is added has all of them, of one length; None, NaN
        and NaT are empty cells.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    with replacing(path) as file:
        if form == "csv":
            with _open_text(file) as text:
                yield _write_csv(text, columns)
        else:
            with _writing_parquet(file, columns) as add:
                yield add


@contextmanager
def _open_text(file: BinaryIO) -> Iterator[io.TextIOWrapper]:
    text = io.TextIOWrapper(file, encoding="utf-8", errors="backslashreplace", newline="")
    try:
        yield text
        text.flush()
    finally:
        text.detach()


def _write_csv(text: io.TextIOWrapper, columns: Sequence[TableColumn]) -> AddRows:
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in columns])

    def add(part: Mapping[str, CellValues]) -> None:
        cells = [_write_cells(part[column.name], column.kind) for column in columns]
        writer.writerows(zip(*cells, strict=True))

    return add


def _write_cells(values: CellValues, kind: CellKind) -> Sequence[Any]:
    """Return the cells of a part as CSV has them: numbers in full, times as ISO 8601."""
    if kind == "time":
        return _write_times(np.asarray(values, dtype="datetime64[us]"))
    listed = values.tolist() if isinstance(values, np.ndarray) else values
    if kind == "flag":
        return [None if value is None else str(bool(value)).lower() for value in listed]
    return [None if value != value else value for value in listed]  # noqa: PLR0124 - NaN


def _write_times(times: NDArray[np.datetime64]) -> list[str | None]:
    known = times[~np.isnat(times)]
    units = [unit for unit in ("D", "s") if (known == known.astype(f"datetime64[{unit}]")).all()]
    written = np.datetime_as_string(times, unit=[*units, "us"][0]).tolist()  # type: ignore[call-overload]
    return [None if text == "NaT" else text for text in written]


@contextmanager
def _writing_parquet(file: BinaryIO, columns: Sequence[TableColumn]) -> Iterator[AddRows]:
    import pyarrow as pa  # noqa: PLC0415 - a heavy import that only Parquet needs
    from pyarrow import parquet  # noqa: PLC0415

    types = {
        c.name: pa.timestamp("us") if c.kind == "time" else getattr(pa, _TYPES[c.kind])()
        for c in columns
    }
    schema = pa.schema(list(types.items()))
    parts: list[Mapping[str, CellValues]] = []  # as they came: a batch each would cost kilobytes
    batches: list[Any] = []

    def join() -> None:
        arrays = [_make_array(pa, [p[c.name] for p in parts], c, types) for c in columns]
        batches.append(pa.record_batch(arrays, schema))
        parts.clear()

    def flush() -> None:
        if batches:
            writer.write_table(pa.Table.from_batches(batches, schema).combine_chunks())
        batches.clear()

    def add(part: Mapping[str, CellValues]) -> None:
        parts.append(part)
        if len(parts) >= _PARTS:
            join()
        if sum(batch.num_rows for batch in batches) >= _ROW_GROUP:
            flush()

    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        yield add
        if parts:
            join()
        flush()


def _make_array(
    pa: Any,  # noqa: ANN401 - pyarrow is untyped
    parts: Sequence[CellValues],
    column: TableColumn,
    types: Mapping[str, Any],
) -> Any:  # noqa: ANN401
    values: CellValues
    if column.kind == "time":
        values = np.concatenate([np.asarray(part, dtype="datetime64[us]") for part in parts])
    elif all(isinstance(part, np.ndarray) for part in parts):
        values = np.concatenate(parts)
    else:
        values = [value for part in parts for value in part]
    return pa.array(values, types[column.name], from_pandas=True)
