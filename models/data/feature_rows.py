"""From a feature table to raw data: rows in time order, or rows without time as they stand."""

import numpy as np
import numpy.typing as npt

from models.data.checks import time_order
from models.data.dates import DateArray
from models.data.descriptions import describe_features
from models.data.feature_table import FeatureTable, read_feature_table
from models.data.indicators.indicator import FloatArray
from models.data.labelling.columns import LABEL_NAMES
from models.data.labelling.row_labels import RowLabels, label_by_column, label_by_prices
from models.data.labelling.rules import RowLabel, TargetRule
from models.data.prices import PRICES_NEED, read_numbers
from models.data.raw_data import RawData, fingerprint
from models.data.splitting.cells import read_groups, read_sides
from models.data.splitting.unordered import ColumnSplit, GroupSplit, UnorderedSplit
from models.data.tables import Table
from models.data.timestamps import TimeAxis, find_dated_column, without_time
from models.errors import DataError, listed, place
from models.task import Task

OWN_TIER = "own"  # a feature table has the features that it has


def open_timed_rows(
    table: Table,
    axis: TimeAxis,
    label_column: str | None,
    label: RowLabel,
    task: Task,
    ticker: str | None,
) -> RawData:
    """Read the rows of a feature table in time order.

    Parameters
    ----------
    table : Table
        The file, of one ticker.
    axis : TimeAxis
        When its rows are.
    label_column : str | None
        The label as the file spells it; None for one that is computed from prices beside it.
    label : RowLabel
        What is computed.
    task : Task
        What a label is.
    ticker : str | None
        Whose rows they are, as far as the file says so.

    Raises
    ------
    DataError
        If the table cannot be used.
    """
    read = read_feature_table(table, axis, label_column=label_column)
    order, order_notices = time_order(table.file, axis.dates, table.frame.index.to_numpy())
    if label_column is None:
        prices = _prices_beside(table, axis.dates)
        ordered = {name: values[order] for name, values in prices.items()}
        labels = label_by_prices(table.file, label, task, ordered)
        labels.columns.update(ordered)
    else:
        labels = label_by_column(table, label_column, task, order)
    gaps = _note_gaps(table.file, read.features, "no window touches them")
    notices = (*table.notices, *axis.notices, *read.notices, *order_notices, *labels.notices, *gaps)
    return _gather(table, axis, read, order, labels, notices=notices, ticker=ticker)


def open_untimed_rows(
    table: Table,
    split: UnorderedSplit,
    label_column: str | None,
    date_column: str | None,
    task: Task,
    ticker: str | None,
) -> RawData:
    """Read the rows of a feature table as they stand, whether or not it has dates.

    Parameters
    ----------
    table : Table
        The file, of one ticker.
    split : UnorderedSplit
        Whose column, if it has one, is no feature.
    label_column : str | None
        The label as the file spells it.
    date_column : str | None
        The person's choice of a column that is no feature; found where it is not named.
    task : Task
        What a label is.
    ticker : str | None
        Whose rows they are, as far as the file says so.

    Raises
    ------
    DataError
        If the table cannot be used.
    """
    if label_column is None:
        raise DataError(
            f"{table.file}: there is no label column ({', '.join(LABEL_NAMES)}); name one of "
            f"{listed(table.frame.columns)}: rows without time have no label by rule"
        )
    axis, order = without_time(len(table.frame)), np.arange(len(table.frame))
    own = table.column(split.column) if isinstance(split, GroupSplit | ColumnSplit) else None
    if own == label_column:
        where = place(table.file, column=label_column)
        raise DataError(f"{where}: this is the label; expected another column to split by")
    dated = find_dated_column(table) if date_column is None else table.column(date_column)
    dated = None if dated in {own, label_column} else dated
    left_out = [name for name in (own, dated) if name is not None]
    read = read_feature_table(table, axis, label_column=label_column, left_out=left_out)
    labels, belongs = label_by_column(table, label_column, task, order), None
    if own is not None:
        belongs = (read_groups if isinstance(split, GroupSplit) else read_sides)(table, own)
        names, codes = np.unique(belongs, return_inverse=True)
        labels.columns[f"{own}: {listed(names, most=len(names))}"] = codes.astype(np.float64)
    unused = () if dated is None else (_note_unused(table.file, dated),)
    gaps = _note_gaps(table.file, read.features, "they are no samples")
    notices = (*table.notices, *unused, *read.notices, *labels.notices, *gaps)
    return _gather(
        table, axis, read, order, labels, notices=notices, ticker=ticker, belongs=belongs
    )


def _gather(
    table: Table,
    axis: TimeAxis,
    read: FeatureTable,
    order: npt.NDArray[np.intp],
    labels: RowLabels,
    *,
    notices: tuple[str, ...],
    ticker: str | None,
    belongs: npt.NDArray[np.str_] | None = None,
) -> RawData:
    dates, features = axis.dates[order], read.features[order]
    columns = dict(zip(read.names, features.T, strict=True)) | labels.columns
    return RawData(
        file=table.file,
        fingerprint=fingerprint(dates, columns),
        tier=OWN_TIER,
        feature_names=read.names,
        features=features,
        label=labels.words,
        labels=labels.labels,
        dates=dates,
        notices=notices,
        reading=describe_features(read.names, axis, dates, ticker, labels.words),
        classes=labels.classes,
        belongs=belongs,
        target_horizon=labels.target_horizon,
    )


def refuse_two_labels(table: Table, found: str | None, label: RowLabel) -> None:
    """Refuse a target computed from prices beside a column that is called like a label.

    Raises
    ------
    DataError
        If it is there: it would be a feature, or the label.
    """
    if found is not None and isinstance(label, TargetRule):
        raise DataError(
            f"{table.file}: column {found!r} is called like a label, and the label is "
            f"{label.target} of the prices; rename the column, or choose it with --label"
        )


def _prices_beside(table: Table, dates: DateArray) -> dict[str, FloatArray]:
    """Read the prices by which the rows of a feature table can be labelled."""
    names = ("high", "low", "close")
    if not all(table.has_column(name) for name in names):
        raise DataError(
            f"{table.file}: there is no label column ({', '.join(LABEL_NAMES)}); name one of "
            f"{listed(table.frame.columns)} ({PRICES_NEED})"
        )
    return {name: read_numbers(table, table.column(name), dates) for name in names}


def _note_unused(file: str, column: str) -> str:
    return f"{file}: the split is not by time, so the dates in column {column!r} are not used"


def _note_gaps(file: str, features: FloatArray, so: str) -> tuple[str, ...]:
    """Say how many rows lack a value."""
    count = int(np.isnan(features).any(axis=1).sum())
    return (f"{file}: {count} of {len(features)} rows lack a value; {so}",) if count else ()
