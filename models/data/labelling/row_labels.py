"""The labels of a table's rows: as a rule makes them of prices, or as a column holds them."""

import json
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.data.indicators.indicator import FloatArray
from models.data.labelling.columns import LABEL_NAMES, read_label_column
from models.data.labelling.labels import LabelArray
from models.data.labelling.rules import ColumnLabel, LabelRule, RowLabel, TargetRule
from models.data.tables import Table
from models.errors import DataError
from models.task import Task

Order = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class RowLabels:
    """Labels in time order, and what they are."""

    labels: LabelArray  # (T,)
    classes: tuple[str, ...]  # of several alone
    words: str  # what a label is
    columns: dict[str, FloatArray]  # what was read for it, by which the data is known
    notices: tuple[str, ...] = ()
    target_horizon: int = 0  # rows whose prices make up a number; 0 of any other label


def refuse_other_task(label: RowLabel, task: Task) -> None:
    """Refuse a target that is a number where the task expects classes.

    Raises
    ------
    DataError
        If it is.
    """
    if isinstance(label, TargetRule) and task != "regression":
        raise DataError(
            f"label target {label.target}: a number, and task {task} expects classes; declare task "
            "regression"
        )


def label_by_column(table: Table, column: str, task: Task, order: Order) -> RowLabels:
    """Return what a column holds, in time order; see `read_label_column`.

    Parameters
    ----------
    table : Table
        The file.
    column : str
        The column as the file spells it.
    task : Task
        How it is understood.
    order : int array (T,)
        Positions of the rows, oldest first.
    """
    read = read_label_column(table, column, task)
    labels = read.labels[order]
    name = f"{column}: {json.dumps(read.classes)}" if read.classes else column
    words = ColumnLabel(column).describe()
    columns = {name: labels.astype(np.float64)}
    return RowLabels(labels, read.classes, words, columns, read.notices)


def label_by_prices(
    file: str, rule: RowLabel, task: Task, prices: dict[str, FloatArray]
) -> RowLabels:
    """Return what a rule makes of prices.

    Parameters
    ----------
    file : str
        The data's name, for messages.
    rule : LabelRule | TargetRule
        What the label is.
    task : Task
        What is expected of it.
    prices : dict of float array (T,)
        ``high``, ``low`` and ``close``, in time order.

    Raises
    ------
    DataError
        If the rule does not go with the task.
    """
    names = ", ".join(LABEL_NAMES)
    if task == "multiclass":
        raise DataError(f"{file}: task multiclass needs a column of classes ({names}, or --label)")
    if task == "regression" and not isinstance(rule, TargetRule):
        raise DataError(
            f"{file}: task regression needs a column of numbers ({names}, or --label) or a target "
            "that prices make up (log_range, return, realized_volatility)"
        )
    assert isinstance(rule, LabelRule | TargetRule)
    horizon = rule.horizon if isinstance(rule, TargetRule) else 0
    return RowLabels(rule.label_rows(**prices), (), rule.describe(), {}, target_horizon=horizon)
