"""A column of labels: of two classes, of several, of numbers, or one sentence why it is none."""

import numpy as np
import pandas as pd
import pytest

from models.data.labelling.columns import find_label_column, read_labels
from models.data.tables import Table
from models.errors import DataError


def table_of(**columns: object) -> Table:
    frame = pd.DataFrame({"time": ["2020-01-01 10:00", "2020-01-01 10:07", "2020-01-03 09:00"]})
    return Table("sensors.csv", frame.assign(**columns))


@pytest.mark.parametrize(
    ("columns", "named", "expected"),
    [
        (["x", "Label", "y"], None, "Label"),
        (["x", "TARGET"], None, "TARGET"),
        (["x", "label"], "X", "x"),
        (["x"], None, None),
    ],
)
def test_the_label_column_is_named_or_has_a_usual_name(
    columns: list[str], named: str | None, expected: str | None
) -> None:
    table = table_of(**{name: [0, 1, 0] for name in columns})
    assert find_label_column(table, named) == expected


def test_a_label_column_that_is_absent_is_refused_with_the_nearest() -> None:
    with pytest.raises(DataError, match=r"no column 'alarms' \(nearest: 'alarm'\)"):
        find_label_column(table_of(alarm=[0, 1, 0]), "alarms")


def test_labels_are_zero_one_or_unknown() -> None:
    for cells in ([0, 1, None], [False, True, None], ["0", "1", None], [0.0, 1.0, np.nan]):
        labels = read_labels(table_of(y=pd.Series(cells, dtype=object)), "y")
        assert labels.dtype == np.int8
        assert labels.tolist() == [0, 1, -1]


@pytest.mark.parametrize("cell", [2, 0.5, "yes", -1])
def test_another_label_is_refused(cell: object) -> None:
    with pytest.raises(
        DataError, match=f"row 2, column y: found '{cell}'; expected a label, 0 or 1"
    ):
        read_labels(table_of(y=pd.Series([0, cell, 1], dtype=object)), "y")
