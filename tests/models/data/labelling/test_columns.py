"""A column of labels: of two classes, of several, of numbers, or one sentence why it is none."""

import numpy as np
import pandas as pd
import pytest

from models.data.labelling.columns import (
    LabelColumn,
    find_label_column,
    read_classes,
    read_label_column,
    read_labels,
    read_targets,
)
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


def column(*cells: object) -> Table:
    return Table("a.csv", pd.DataFrame({"y": pd.Series(cells, dtype=object)}))


@pytest.mark.parametrize(
    "cells", [["no", "yes", None, "No"], ["False", "true", "", "FALSE"], [" no ", "YES", "-", "no"]]
)
def test_no_and_yes_and_false_and_true_are_labels(cells: list[object]) -> None:
    assert read_labels(column(*cells), "y").tolist() == [0, 1, -1, 0]


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (["ham", "spam", "ham"], r"of the two texts 'ham', 'spam' neither is plainly the positive"),
        (["no", "true", "no"], "of the two texts 'no', 'true' neither is plainly"),
        ([1, 2, 1], "row 2, column y: found '2'; expected a label, 0 or 1$"),
        (
            ["a", "b", "c"],
            "found 'a'; expected a label, 0 or 1; for its 3 classes declare task mul",
        ),
        ([0.5, 1.5, 2.5, 1.0], "found '0.5'; .*; for numbers declare task regression, for several"),
    ],
)
def test_a_column_that_is_not_of_two_classes_is_told_what_it_may_be(
    cells: list[object], sentence: str
) -> None:
    with pytest.raises(DataError, match=sentence):
        read_labels(column(*cells), "y")


def names_and_labels(found: LabelColumn) -> tuple[tuple[str, ...], list[int]]:
    assert found.labels.dtype == np.int32
    return found.classes, found.labels.tolist()


def test_classes_are_texts_in_the_order_of_the_alphabet() -> None:
    found = read_classes(column("setosa", " virginica", None, "versicolor", "setosa"), "y")
    assert names_and_labels(found) == (("setosa", "versicolor", "virginica"), [0, 2, -1, 1, 0])
    assert found.notices == (
        "a.csv, column y: 1 of 5 rows have no label (an empty cell, or a mark for nothing such as "
        "NA or None) and are no samples",
    )


@pytest.mark.parametrize(
    "cells", [["10", "9", "-1", "9.0"], [10, 9, -1, 9], [10.0, 9.0, -1.0, 9.0], [10, "9", -1.0, 9]]
)
def test_classes_that_are_whole_numbers_are_in_their_order(cells: list[object]) -> None:
    expected = ("-1", "9", "10"), [2, 1, 0, 1]
    assert names_and_labels(read_classes(column(*cells), "y")) == expected
    if not any(isinstance(cell, str) for cell in cells):
        typed = Table("a.csv", pd.DataFrame({"y": cells}))
        assert names_and_labels(read_classes(typed, "y")) == expected


def test_numbers_beside_texts_are_texts() -> None:
    found = read_classes(column("10", "9", "other"), "y")
    assert found.classes == ("10", "9", "other")
    assert found.notices == ()


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (["a", "b", "a"], "a.csv, column y: 2 classes, 'a', 'b': declare task binary"),
        ([1, 0, 1], "2 classes, '0', '1': declare task binary"),
        (["a", "a"], "found 1 of the 3 classes or more that are expected"),
        ([None, None], "found 0 of the 3 classes"),
        (range(512), "this looks like a regression target: 512 different numbers; .* 100 classes"),
        ([f"id {i}" for i in range(101)], "column y: 101 different texts; expected at most 100"),
        (["a", "b", "c" * 101], "the name of a class has 101 characters .* at most 100"),
    ],
)
def test_what_are_no_classes_is_refused(cells: list[object], sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        read_classes(column(*cells), "y")


@pytest.mark.parametrize("cells", [[0.5, 1.0, 1.5], [1.0, 2.0, np.inf], [1.0, 2.0, 1e300]])
def test_numbers_that_are_not_whole_look_like_a_target(cells: list[float]) -> None:
    table = Table("a.csv", pd.DataFrame({"y": cells}))
    with pytest.raises(DataError, match="among 3 different numbers: this looks like a regression"):
        read_classes(table, "y")


def test_targets_are_numbers_as_people_write_them_or_unknown() -> None:
    found = read_targets(column("1.5", 2, None, "-3"), "y")
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, [1.5, 2, np.nan, -3])


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ([1.0, np.inf], "row 2, column y: found 'inf'; expected a number below 1e.30 or an empty"),
        ([1.0, "x"], "row 2, column y: found 'x'; expected a number below"),
        ([1.0, -1e31], "row 2, column y: found '-1e.31'"),
        (["a", "b"], "found 'a'; .*; for texts declare task binary or multiclass"),
    ],
)
def test_what_is_no_target_is_refused_with_its_row(cells: list[object], sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        read_targets(column(*cells), "y")


def test_a_column_is_read_as_its_task_says() -> None:
    table = column("2", "1", "0")
    assert read_label_column(table, "y", "multiclass").classes == ("0", "1", "2")
    assert read_label_column(table, "y", "regression").labels.tolist() == [2.0, 1.0, 0.0]
    assert read_label_column(column("1", "0"), "y", "binary").labels.dtype == np.int8
