"""A file's cells under the names that it gives its columns, or a sentence why it is no table."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.data.opening import read_data_file, unpack_gzip
from models.data.reading.csv_text import decode_text, parse_csv
from models.data.reading.names import find_role
from models.data.reading.numbers import Mark, is_missing, parse_numbers
from models.data.reading.parquet import parse_parquet
from models.errors import DataError, listed, nearest, place

CSV_SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz")
PARQUET_SUFFIXES = (".parquet", ".pq")


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a file under the names that it gives its columns; nothing is interpreted yet."""

    file: str  # as the person named it, for messages
    frame: pd.DataFrame  # its index says which row of the file a row is, from 0
    notices: tuple[str, ...] = ()
    mark: Mark | None = "."  # of decimals

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

    def find_role(self, role: str) -> list[str]:
        """Return the columns that may hold a role, such as ``close``, the likeliest first."""
        return find_role(self.frame.columns, role)

    def numbers(self, column: str) -> npt.NDArray[np.float64]:
        """Return a column as numbers; NaN for every cell that is none."""
        return parse_numbers(self.frame[column], self.mark)

    def is_missing(self, column: str) -> npt.NDArray[np.bool_]:
        """Say of each cell of a column whether nothing stands there."""
        return is_missing(self.frame[column])

    def row(self, position: int) -> int:
        """Return which row of the file stands at a position, from 0."""
        return int(self.frame.index[position])

    def keep(self, rows: npt.NDArray[np.bool_]) -> "Table":
        """Return the table with those of its rows (T,) that are marked."""
        return Table(self.file, self.frame[rows], self.notices, self.mark)

    def wrong_cell(
        self, position: int, column: str, expected: str, *, date: str | None = None
    ) -> DataError:
        """Return the error that shows a cell and says what was expected there."""
        cell = self.frame[column].iloc[position]
        found = "nothing" if pd.isna(cell) else repr(str(cell))
        where = place(self.file, row=self.row(position), date=date, column=column)
        return DataError(f"{where}: found {found}; expected {expected}")


def read_table(path: Path) -> Table:
    """Read a file by its suffix.

    Parameters
    ----------
    path : Path
        ``.csv``, ``.tsv``, ``.txt`` or ``.csv.gz`` (UTF-8; see `models.data.reading` for what may
        stand there), or ``.parquet``.

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
        table = Table(str(path), parse_parquet(str(path), content))
    else:
        if name.endswith(".gz"):
            content = unpack_gzip(content, str(path))
        read = parse_csv(str(path), decode_text(str(path), content))
        table = Table(str(path), read.frame, read.notices, read.mark)
    table = _name_columns(table)
    if table.frame.empty:
        raise DataError(f"{path}: there is a header but no row below it")
    return table


def _name_columns(table: Table) -> Table:
    """Give every column a name of its own: an unnamed first is an index, an empty one is none."""
    frame = table.frame
    names = [str(name).strip() for name in frame.columns]
    if names and not names[0]:
        names[0] = "index"
    is_used = np.array([bool(n) or not frame.iloc[:, i].isna().all() for i, n in enumerate(names)])
    if not is_used.all() and len(frame):
        frame = frame.loc[:, is_used]
        names = [name for name, used in zip(names, is_used, strict=True) if used]
    if "" in names:
        raise DataError(f"{table.file}: column {names.index('') + 1} has no name")
    doubles = sorted(name for name, count in Counter(names).items() if count > 1)
    if doubles:
        raise DataError(f"{table.file}: more than one column is named {listed(doubles)}")
    return Table(table.file, frame.set_axis(names, axis=1), table.notices, table.mark)
