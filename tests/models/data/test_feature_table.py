import numpy as np
import pandas as pd
import pytest

from models.data.feature_table import find_label_column, read_feature_table, read_labels
from models.data.tables import Table
from models.errors import DataError


def table_of(**columns: object) -> Table:
    frame = pd.DataFrame({"time": ["2020-01-01 10:00", "2020-01-01 10:07", "2020-01-03 09:00"]})
    return Table("sensors.csv", frame.assign(**columns))


def test_every_numeric_column_but_date_label_and_prices_is_a_feature() -> None:
    table = table_of(
        Temp=[20.5, 21.0, 22.0],
        on=[True, False, True],
        Close=[1.0, 2.0, 3.0],
        room=["hall", "hall", "attic"],
        serviced=pd.date_range("2019-01-01", periods=3),
        empty=[np.nan] * 3,
        label=[0, 1, 0],
    )
    read = read_feature_table(table, label_column="label")
    assert read.names == ("Temp", "on")
    assert read.features.tolist() == [[20.5, 1.0], [21.0, 0.0], [22.0, 1.0]]
    assert read.dates[1] == np.datetime64("2020-01-01T10:07")
    assert read.notices == (
        "sensors.csv: columns without numbers are ignored: 'room', 'serviced', 'empty'",
        "sensors.csv: price columns are no features of a table: 'Close'",
    )


def test_an_empty_cell_is_no_value_even_among_truths() -> None:
    table = table_of(x=[1.0, np.nan, 2.0], on=pd.Series([True, None, False], dtype=object))
    np.testing.assert_array_equal(
        read_feature_table(table).features, [[1.0, 1.0], [np.nan, np.nan], [2.0, 0.0]]
    )


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (
            ["1", "2", "x"],
            r"sensors.csv, row 3 \(2020-01-03 09:00:00\), column x: found 'x'; expec",
        ),
        ([1.0, np.inf, 2.0], "row 2 .* found 'inf'; expected a number below 1e"),
        ([1.0, -1e300, 2.0], "row 2 .* found '-1e\\+300'; expected a number below 1e"),
    ],
)
def test_a_feature_that_is_no_usable_number_is_refused(cells: list[object], sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        read_feature_table(table_of(x=cells))


def test_a_table_without_features_is_refused() -> None:
    with pytest.raises(DataError, match=r"no column of numbers is left .* are 'time', 'room', 'y'"):
        read_feature_table(table_of(room=["a", "b", "c"], y=[0, 1, 0]), label_column="y")


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
