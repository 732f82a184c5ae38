"""What a trainer of one's own is given to train on: the prepared data, without our packages.

T rows, C features. A sample is named by the last row of its window.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

NO_GROUPS = np.empty(0, dtype=np.int64)


class TrainerData:
    """The data of one fit; its arrays are its own, and nobody can write to them.

    Attributes
    ----------
    features : array of float32, shape (T, C)
        Scaled by the training rows; NaN in rows that no window touches.
    labels : array, shape (T,)
        Binary 0 or 1, classes by their number, or values; where unknown, as those of the test rows
        always are, -1 or, of values, NaN.
    train_rows, val_rows, test_rows : array of int
        The last row of each window; no test rows unless they are to be predicted.
    dates : array of datetime64, shape (T,)
    groups : array of int64, shape (T,)
        Empty where the split knows none.
    feature_names, classes : tuple of str
    context : int
        Rows in a window.
    task : str
        binary, multiclass, regression or none.
    """

    features: Any
    labels: Any
    train_rows: Any
    val_rows: Any
    test_rows: Any
    dates: Any

    def __init__(self, arrays: dict[str, Any], rest: dict[str, Any]) -> None:
        self.task = "binary"
        self.classes: tuple[str, ...] = ()
        self.is_ordered = True
        self.groups: Any = NO_GROUPS
        self.feature_names: tuple[str, ...] = ()
        self.context = 1
        for name, value in rest.items():
            setattr(self, name, tuple(value) if isinstance(value, list) else value)
        for name, array in arrays.items():
            setattr(self, name, _freeze(array))
        self._arrays, self._rest = arrays, rest

    def copied(self, *, with_test: bool) -> TrainerData:
        """Return the same data in memory of its own, with the test rows or without."""
        arrays = dict(self._arrays)
        if not with_test:
            arrays["test_rows"] = arrays["test_rows"][:0]
        return TrainerData(arrays, self._rest)

    def rows(self, split: str) -> Any:  # noqa: ANN401 - an array
        """Return the sample rows of a split: train, val or test."""
        return {"train": self.train_rows, "val": self.val_rows, "test": self.test_rows}[split]

    def window(self, row: int) -> Any:  # noqa: ANN401 - an array
        """Return the window that ends with a row: a view, (context, C)."""
        return self.features[row - self.context + 1 : row + 1]


class NoData:
    """Stands for the data where a trainer brings its own: no row is known of it."""

    task = "none"
    classes: tuple[str, ...] = ()
    train_rows = val_rows = test_rows = NO_GROUPS


def read_data(path: str) -> TrainerData:
    """Read the file of prepared data that the runner has written."""
    with np.load(path, allow_pickle=False) as parts:
        rest = json.loads(str(parts["json"]))
        arrays = {name: parts[name] for name in parts.files if name != "json"}
    return TrainerData(arrays, rest)


def _freeze(array: Any) -> Any:  # noqa: ANN401
    """Return an array in memory of its own that NumPy does not make writable again."""
    return np.ndarray(array.shape, array.dtype, buffer=array.tobytes())
