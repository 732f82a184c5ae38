"""What the labels of a split must show in each task."""

from typing import Any

import numpy as np
import pytest

from models.data.splitting.demands import check_split_labels
from models.data.splitting.samples import Samples
from models.errors import DataError

WHERE = "a.csv: the val part"


def check(labels: list[Any], task: str = "multiclass", **options: Any) -> list[str]:
    dates = np.full(len(labels), np.datetime64("NaT", "ns"))
    values = np.array(labels, dtype=np.float64 if task == "regression" else np.int32)
    usable = np.ones(len(labels), dtype=bool)
    classes = ("a", "b", "c") if task == "multiclass" else ()
    samples = Samples("a.csv", dates, values, usable, 1, 0, task, classes)  # type: ignore[arg-type]
    return check_split_labels(samples, np.arange(len(labels)), "val", WHERE, **options)


def test_two_classes_have_five_rows_each_and_two_in_a_fold() -> None:
    assert check([0] * 40 + [1] * 40, "binary") == []
    assert check([0] * 40 + [1] * 5, "binary") == [
        "a.csv: the val part has 5 positive of 45 rows: few for an AUC"
    ]
    with pytest.raises(DataError, match="4 positive of 44 rows; at least 5 rows of each class"):
        check([0] * 40 + [1] * 4, "binary")
    assert len(check([0] * 40 + [1] * 2, "binary", is_fold=True)) == 1


def test_several_classes_have_two_rows_each() -> None:
    assert check([0, 1, 2] * 30) == []
    assert check([0, 1] * 30 + [2, 2]) == [
        "a.csv: the val part has 2 rows of class 'c', its rarest: few for an estimate"
    ]
    with pytest.raises(
        DataError,
        match="val part lacks a class: class 'c' has 1 validation row; at least 2 of each class",
    ):
        check([0, 1] * 30 + [2])
    with pytest.raises(DataError, match=r"class 'b' has no validation rows \(1 more classes have"):
        check([0, 0, 0])


def test_numbers_differ() -> None:
    assert check([float(i) for i in range(30)], "regression") == []
    assert check([1.0, 2.0], "regression") == [f"{WHERE} has 2 rows: few for an estimate"]
    with pytest.raises(DataError, match=r"has 2 rows whose label is 3\.5 throughout; expected lab"):
        check([3.5, 3.5], "regression")
    with pytest.raises(DataError, match="has 1 row whose label is 3 throughout"):
        check([3.0], "regression")
