"""A rule and a task have to go together."""

import numpy as np
import pandas as pd
import pytest

from models.data.labelling.row_labels import label_by_column, label_by_prices, refuse_other_task
from models.data.labelling.rules import ColumnLabel, LabelRule, TargetRule
from models.data.tables import Table
from models.errors import DataError

PRICES = {
    "high": np.array([2.0, 3.0]), "low": np.array([1.0, 1.0]), "close": np.array([1.0, 2.0])
}  # fmt: skip


def test_a_column_is_put_in_time_order_and_known_by_its_classes_too() -> None:
    table = Table("a.csv", pd.DataFrame({"Kind": ["c", "a", "b"]}))
    found = label_by_column(table, "Kind", "multiclass", np.array([2, 1, 0]))
    assert found.labels.tolist() == [1, 0, 2]
    assert (found.classes, found.words) == (("a", "b", "c"), "column Kind")
    assert list(found.columns) == ['Kind: ["a", "b", "c"]']


def test_prices_give_two_classes_or_numbers() -> None:
    assert label_by_prices("a.csv", LabelRule(), "binary", PRICES).labels.tolist() == [1, -1]
    target = label_by_prices("a.csv", TargetRule("return"), "regression", PRICES)
    assert target.labels[0] == 1.0
    assert target.words == "the next row's return"


def test_a_rule_that_does_not_go_with_the_task_is_refused() -> None:
    with pytest.raises(
        DataError, match=r"task regression needs a column of numbers \(label, target"
    ):
        label_by_prices("a.csv", LabelRule(), "regression", PRICES)
    with pytest.raises(DataError, match="task multiclass needs a column of classes"):
        label_by_prices("a.csv", LabelRule(), "multiclass", PRICES)
    for task in ("binary", "multiclass"):
        with pytest.raises(DataError, match=f"label target return: a number, and task {task} ex"):
            refuse_other_task(TargetRule("return"), task)  # type: ignore[arg-type]
    refuse_other_task(ColumnLabel("y"), "multiclass")
