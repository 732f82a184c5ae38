"""Other tools' results as one tidy table: a row a trial and seed."""

from pathlib import Path

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from analysis.exports.table_files import CellKind, CellValues, TableColumn, TableForm, writing_table
from analysis.frames.frame import TrialFrame


def write_frame_table(frame: TrialFrame, path: Path, form: TableForm) -> int:
    """Write a frame with the metric under its own name; return how many rows it has.

    Parameters
    ----------
    path
        Of the file.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    metric = frame.metric if frame.metric not in frame.rows else "metric"
    rows = frame.rows.drop(columns="configuration").rename(columns={"metric": metric})
    rows = rows.dropna(axis="columns", how="all")
    columns = [TableColumn(str(name), _find_kind(rows[name])) for name in rows.columns]
    with writing_table(path, columns, form) as add:
        add({c.name: _list_cells(rows[c.name], c.kind) for c in columns})
    return len(rows)


def _find_kind(column: pd.Series) -> CellKind:
    if is_bool_dtype(column):
        return "flag"
    return "number" if is_numeric_dtype(column) else "text"


def _list_cells(column: pd.Series, kind: CellKind) -> CellValues:
    if kind == "number":
        return column.to_numpy(dtype="float64")
    values = [None if pd.isna(value) else value for value in column.astype("object")]
    return values if kind == "flag" else [None if v is None else str(v) for v in values]
