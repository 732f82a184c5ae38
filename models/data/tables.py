"""Reading a CSV or Parquet file as it is, or saying in a sentence why it is no table."""

import csv
import io
import re
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.data.opening import MAX_BYTES, MIB, read_data_file, refuse_large, unpack_gzip
from models.errors import DataError, listed, nearest, place

CSV_SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz")
PARQUET_SUFFIXES = (".parquet", ".pq")
DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a file under the names that it gives its columns; nothing is interpreted yet."""

    file: str  # as the person named it, for messages
    frame: pd.DataFrame
    notices: tuple[str, ...] = ()

    def column(self, name: str) -> str:
        """Return the file's own spelling of a column, matched without regard to case.

        Raises
        ------
        DataError
            If no column, or more than one, has this name.
        """
        folded = name.strip().casefold()
        found = [column for column in self.frame.columns if column.casefold() == folded]
        if len(found) == 1:
            return found[0]
        if found:
            raise DataError(f"{self.file}: columns {listed(found)} differ only in case; keep one")
        raise DataError(
            f"{self.file}: there is no column {name!r}"
            f"{nearest(name, self.frame.columns)}; its columns are {listed(self.frame.columns)}"
        )

    def has_column(self, name: str) -> bool:
        """Say whether a column has this name, without regard to case."""
        return any(column.casefold() == name.casefold() for column in self.frame.columns)

    def wrong_cell(
        self, row: int, column: str, expected: str, *, date: str | None = None
    ) -> DataError:
        """Return the error that shows a cell and says what was expected there."""
        cell = self.frame[column].iloc[row]
        found = "nothing" if pd.isna(cell) else repr(str(cell))
        where = place(self.file, row=row, date=date, column=column)
        return DataError(f"{where}: found {found}; expected {expected}")


def read_table(path: Path) -> Table:
    """Read a file by its suffix.

    Parameters
    ----------
    path : Path
        ``.csv``, ``.tsv``, ``.txt`` or ``.csv.gz`` (UTF-8, one header line or the three of a price
        download), or ``.parquet``.

    Raises
    ------
    DataError
        If the file is missing, unreadable, empty or not what its suffix says.
    """
    name = path.name.casefold()
    if not name.endswith(CSV_SUFFIXES + PARQUET_SUFFIXES):
        known = ", ".join(CSV_SUFFIXES + PARQUET_SUFFIXES)
        raise DataError(f"{path}: the suffix {path.suffix!r} is not one of {known}")
    content = read_data_file(path)
    if name.endswith(PARQUET_SUFFIXES):
        table = _parse_parquet(str(path), content)
    else:
        table = _parse_csv(str(path), _decode(path, content))
    _refuse_unusable_names(table)
    if table.frame.empty:
        raise DataError(f"{path}: there is a header but no row below it")
    return table


def to_numbers(cells: pd.Series) -> npt.NDArray[np.float64]:
    """Return a column as numbers, true and false as 1 and 0; NaN for every other cell."""
    if cells.dtype.kind in "mM":
        return np.full(len(cells), np.nan)
    numbers = pd.to_numeric(cells, errors="coerce")
    return numbers.to_numpy(dtype=np.float64, na_value=np.nan)


def _decode(path: Path, content: bytes) -> str:
    if path.suffix.casefold() == ".gz":
        content = unpack_gzip(content, str(path))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError(f"{path}: the text is UTF-16; save it as UTF-8")
    if b"\x00" in content:
        raise DataError(f"{path}: this is not a text file (it holds zero bytes); expected CSV")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        raise DataError(
            f"{path}, line {line}: byte 0x{byte:02x} is not UTF-8; save it as UTF-8"
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")


def _parse_csv(file: str, text: str) -> Table:
    lines = text.split("\n", 3)[:3]
    delimiter = max(DELIMITERS, key=lines[0].count)
    if delimiter not in lines[0]:
        raise DataError(f"{file}: the first line holds no comma, semicolon or tab; expected CSV")
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error as error:
        raise DataError(f"{file}: the first lines are no CSV header ({error})") from None
    names, header_lines, notices = _read_header(file, rows)
    refuse_large(text.count("\n") + 1, len(names), file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame = pd.read_csv(
                io.StringIO(text),
                sep=delimiter,
                header=None,
                names=range(len(names)),
                skiprows=header_lines,
                index_col=False,
                low_memory=False,
            )
    except pd.errors.ParserWarning:
        raise DataError(
            f"{file}: the rows have more cells than the header's {len(names)}"
        ) from None
    except pd.errors.ParserError as error:
        raise DataError(f"{file}: {_reason(str(error))}") from None
    return Table(file, frame.set_axis(names, axis=1), notices)


def _reason(message: str) -> str:
    """Say in plain words what the CSV parser found."""
    ragged = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", message)
    if ragged:
        expected, line, found = ragged.groups()
        return f"line {line} has {found} cells; expected {expected}"
    return "a quotation mark is never closed" if "EOF inside string" in message else message


def _read_header(file: str, rows: list[list[str]]) -> tuple[list[str], int, tuple[str, ...]]:
    """Return the column names, the number of header lines, and notices."""
    cells = [[cell.strip() for cell in row] for row in rows if row]
    if all(not cell or _is_number(cell) or cell[0].isdigit() for cell in cells[0]):
        raise DataError(f"{file}: the first line holds values; expected a line with column names")
    is_downloader = len(cells) == 3 and cells[2][0] and not any(cells[2][1:])
    if not is_downloader:
        return cells[0], 1, ()
    price_lines = [row for row in cells[:2] if "close" in (cell.casefold() for cell in row)]
    if len(price_lines) != 1 or len(cells[0]) != len(cells[1]):
        raise DataError(
            f"{file}: none of the three header lines names a column Close; keep one header line"
        )
    tickers = sorted({cell for row in cells[:2] if row is not price_lines[0] for cell in row[1:]})
    if len(tickers) > 1:
        raise DataError(
            f"{file}: the header names {len(tickers)} tickers ({listed(tickers)}); keep one"
        )
    notice = f"{file}: three header lines were read as those of a price download of {tickers[0]}"
    return [cells[2][0], *price_lines[0][1:]], 3, (notice,)


def _parse_parquet(file: str, content: bytes) -> Table:
    import pyarrow  # noqa: PLC0415 - a heavy import that only Parquet needs
    import pyarrow.parquet  # noqa: PLC0415

    try:
        parts = pyarrow.parquet.ParquetFile(io.BytesIO(content))
        texts = _refuse_inflated_parquet(file, parts.metadata)
        parts = pyarrow.parquet.ParquetFile(io.BytesIO(content), read_dictionary=texts)
        table = _expand_texts(file, parts.read())
        table.validate(full=True)  # text that is not UTF-8 would be noticed only when it is used
        frame = table.to_pandas(ignore_metadata=True, date_as_object=False)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        detail = str(error).splitlines()[0]
        raise DataError(f"{file}: this is not a Parquet file that can be read: {detail}") from None
    return Table(file, frame)


def _refuse_inflated_parquet(file: str, metadata: Any) -> list[str]:  # noqa: ANN401 - pyarrow's
    """Refuse what a file says that it comes to; return the columns of texts, as paths."""
    refuse_large(metadata.num_rows, metadata.num_columns, file)
    groups = [metadata.row_group(index) for index in range(metadata.num_row_groups)]
    n_bytes = n_cells = 0
    for column in range(metadata.num_columns):
        width = max(8, metadata.schema.column(column).length or 0)
        for group in groups:
            chunk = group.column(column)
            n_cells += chunk.num_values  # more than a row's, where they are lists
            n_bytes += max(chunk.total_uncompressed_size, width * chunk.num_values)
    refuse_large(n_cells, 1, file)
    _refuse_bytes(file, n_bytes)
    columns = (metadata.schema.column(index) for index in range(metadata.num_columns))
    return [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]


def _expand_texts(file: str, table: Any) -> Any:  # noqa: ANN401 - pyarrow's
    """Write out texts that a file keeps once each and were read so, unless they are too many."""
    import pyarrow  # noqa: PLC0415 - a heavy import that only Parquet needs
    import pyarrow.compute as pc  # noqa: PLC0415

    n_bytes = 0
    for index, field in enumerate(table.schema):
        if not _is_text(field.type):
            continue
        for chunk in table.column(index).chunks:
            lengths = pc.binary_length(chunk.dictionary).take(chunk.indices)
            n_bytes += pc.sum(pc.cast(lengths, pyarrow.int64())).as_py() or 0
        _refuse_bytes(file, n_bytes)
        plain = table.column(index).cast(field.type.value_type)
        table = table.set_column(index, field.name, plain)
    return table


def _is_text(kind: Any) -> bool:  # noqa: ANN401 - pyarrow's
    """Say whether a column's type is of texts or bytes that are kept once each."""
    import pyarrow.types as kinds  # noqa: PLC0415 - a heavy import that only Parquet needs

    if not kinds.is_dictionary(kind):
        return False
    value = kind.value_type
    return any(
        is_one(value)
        for is_one in (
            kinds.is_string,
            kinds.is_large_string,
            kinds.is_binary,
            kinds.is_large_binary,
        )
    )


def _refuse_bytes(file: str, n_bytes: int) -> None:
    if n_bytes > MAX_BYTES:
        raise DataError(f"{file}: comes to more than the {MAX_BYTES // MIB:,} MiB that are read")


def _refuse_unusable_names(table: Table) -> None:
    """Every column needs a name of its own; an unnamed first column is an index and is named so."""
    names = [str(name).strip() for name in table.frame.columns]
    names[0] = names[0] or "index"
    if "" in names:
        raise DataError(f"{table.file}: column {names.index('') + 1} has no name")
    doubles = sorted(name for name, count in Counter(names).items() if count > 1)
    if doubles:
        raise DataError(f"{table.file}: more than one column is named {listed(doubles)}")
    table.frame.columns = pd.Index(names)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
