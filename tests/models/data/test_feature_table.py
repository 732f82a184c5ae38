import numpy as np
import pandas as pd
import pytest

from models.data.feature_table import FeatureTable, read_feature_table
from models.data.tables import Table
from models.data.timestamps import read_time_axis
from models.errors import DataError


def table_of(**columns: object) -> Table:
    frame = pd.DataFrame({"time": ["2020-01-01 10:00", "2020-01-01 10:07", "2020-01-03 09:00"]})
    return Table("sensors.csv", frame.assign(**columns))


def read(table: Table, **options: str) -> FeatureTable:
    return read_feature_table(table, read_time_axis(table), **options)


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
    found = read(table, label_column="label")
    assert found.names == ("Temp", "on")
    assert found.features.tolist() == [[20.5, 1.0], [21.0, 0.0], [22.0, 1.0]]
    assert found.notices == (
        "sensors.csv: columns without numbers are ignored: 'room', 'serviced', 'empty'",
        "sensors.csv: price columns are no features of a table: 'Close'",
    )


def test_an_empty_cell_is_no_value_even_among_truths() -> None:
    table = table_of(x=[1.0, np.nan, 2.0], on=pd.Series([True, None, False], dtype=object))
    np.testing.assert_array_equal(read(table).features, [[1.0, 1.0], [np.nan, np.nan], [2.0, 0.0]])


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
        read(table_of(x=cells))


def test_a_table_without_features_is_refused() -> None:
    with pytest.raises(DataError, match=r"no column of numbers is left .* are 'time', 'room', 'y'"):
        read(table_of(room=["a", "b", "c"], y=[0, 1, 0]), label_column="y")


@pytest.mark.parametrize(
    ("name", "cells", "is_counter"),
    [
        ("index", [0, 1, 2], True),
        ("Unnamed: 0", [5, 9, 12], True),
        ("Unnamed: 0.1", [9, 5, 2], True),
        ("level_0", ["0", "1", "2"], True),
        ("id", [7, 8, 9], True),
        ("#", [3, 2, 1], True),
        ("id", [7, 9, 12], False),
        ("index", [0.5, 1.5, 2.5], False),
        ("index", [4, 4, 5], False),
        ("index", [0, np.nan, 2], False),
        ("trend", [0, 1, 2], False),
    ],
)
def test_a_row_counter_is_no_feature(name: str, cells: list[object], is_counter: bool) -> None:
    found = read(table_of(heat=[1.5, 2.5, 3.5], **{name: cells}))
    assert found.names == (("heat",) if is_counter else ("heat", name))
    notice = f"sensors.csv: columns that only count the rows are left out: '{name}'"
    assert found.notices == ((notice,) if is_counter else ())


def test_numbers_as_people_write_them_are_features() -> None:
    found = read(table_of(x=["$1,000.5", "2", "-"], share=["1%", "2%", "3%"], odd=["a", "1", "b"]))
    assert found.names == ("x", "share")
    np.testing.assert_array_equal(found.features, [[1000.5, 1], [2, 2], [np.nan, 3]])
