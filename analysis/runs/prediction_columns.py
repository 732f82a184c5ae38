"""The columns of a ``predictions.npz``, by what its study asks: read with care.

Axes: `N` rows, `K` classes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trial_sets.errors import InputError
from trial_sets.task import Task

_FEWEST_CLASSES, _MOST_CLASSES = 3, 10_000
_LARGEST = 1e60  # beyond which squares of errors, and of these, are no numbers any more
_PLACES = {"row": "iu", "date": "M"}


@dataclass(frozen=True, eq=False)
class PredictionColumns:
    """The rows of one split, as a file has them.

    Attributes
    ----------
    rows, dates : ndarray, shape (N,)
        Which rows of the data they are; dates are NaT where rows have no time.
    labels : ndarray, shape (N,)
        Whether a row is positive, its class's number from 0, or its number.
    scores : ndarray, shape (N,) or (N, K)
        Log-odds, logits or predicted values at the selected epoch.
    last_scores : ndarray or None
        At the last epoch.
    groups : ndarray, shape (N,), or None
        Which rows belong together.
    classes : tuple of str
        Names of K classes; none of two, and of numbers.
    """

    rows: NDArray[np.int64]
    dates: NDArray[np.datetime64]
    labels: NDArray[Any]
    scores: NDArray[np.float64]
    last_scores: NDArray[np.float64] | None
    groups: NDArray[np.int64] | None
    classes: tuple[str, ...]


def check_columns(
    arrays: Mapping[str, NDArray[np.generic]], task: Task, path: Path
) -> PredictionColumns:
    """Return the columns that a task's predictions have.

    Raises
    ------
    InputError
        If a column is missing, of another kind or length, or holds what is no label or score.
    """
    label, score = ("f", "value") if task == "regression" else ("iub", "logit")
    for name, kinds in {**_PLACES, "label": label}.items():
        _require(arrays, name, kinds, path)
    _require(arrays, score, "f", path, n_axes=2 if task == "multiclass" else 1)
    lengths = {len(arrays[name]) for name in (*_PLACES, "label", score)}
    last = arrays.get(f"{score}_last")
    if len(lengths) != 1 or (last is not None and last.shape != arrays[score].shape):
        raise InputError(f"{path} holds columns of different lengths")
    classes = _read_classes(arrays, path) if task == "multiclass" else ()
    return PredictionColumns(
        rows=np.asarray(arrays["row"], dtype=np.int64),
        dates=np.asarray(arrays["date"]),
        labels=_check_values(arrays["label"], arrays[score], task, classes, path),
        scores=_widen(arrays[score]),
        last_scores=_finite_or_none(last),
        groups=_read_groups(arrays, lengths.pop(), path),
        classes=classes,
    )


def _require(
    arrays: Mapping[str, NDArray[np.generic]], name: str, kinds: str, path: Path, *, n_axes: int = 1
) -> None:
    column = arrays.get(name)
    if column is None or column.ndim != n_axes or column.dtype.kind not in kinds:
        raise InputError(f"{path} has no usable column {name!r}")


def _read_classes(arrays: Mapping[str, NDArray[np.generic]], path: Path) -> tuple[str, ...]:
    """Return the names of several classes, each once, one a column of the logits."""
    _require(arrays, "classes", "U", path)
    names = tuple(str(name) for name in arrays["classes"])
    n_columns = arrays["logit"].shape[1]
    if len(names) != n_columns:
        raise InputError(f"{path} holds logits of {n_columns} classes, and {len(names)} names")
    if not _FEWEST_CLASSES <= len(names) <= _MOST_CLASSES:
        raise InputError(f"{path} holds {len(names)} classes, expected {_FEWEST_CLASSES} or more")
    if len(set(names)) < len(names):
        raise InputError(f"{path} holds a class twice")
    return names


def _check_values(
    labels: NDArray[np.generic],
    scores: NDArray[np.generic],
    task: Task,
    classes: tuple[str, ...],
    path: Path,
) -> NDArray[Any]:
    """Return the labels, which with the scores are what a task's are."""
    wide = _widen(scores)
    if task == "regression":
        numbers = _widen(labels)
        if not (_is_small(numbers) and _is_small(wide)):
            raise InputError(f"{path} holds labels or values that are no numbers below 1e60")
        return numbers
    if task == "multiclass":
        if not _is_small(wide) or not np.isin(labels, np.arange(len(classes))).all():
            raise InputError(
                f"{path} holds logits that are no numbers below 1e60, or labels other than 0 to "
                f"{len(classes) - 1}"
            )
        return np.asarray(labels, dtype=np.int64)
    if not _is_small(wide) or not np.isin(labels, (0, 1)).all():
        raise InputError(f"{path} holds logits that are not finite or labels other than 0 and 1")
    return np.asarray(labels).astype(bool)


def _is_small(values: NDArray[np.float64]) -> bool:
    with np.errstate(invalid="ignore"):
        return bool((np.abs(values) < _LARGEST).all())


def _read_groups(
    arrays: Mapping[str, NDArray[np.generic]], n_rows: int, path: Path
) -> NDArray[np.int64] | None:
    if "group" not in arrays:
        return None
    _require(arrays, "group", "iu", path)
    if arrays["group"].size != n_rows:
        raise InputError(f"{path} holds columns of different lengths")
    return np.asarray(arrays["group"], dtype=np.int64)


def _widen(values: NDArray[np.generic]) -> NDArray[np.float64]:
    with np.errstate(over="ignore"):  # of more than double precision: it becomes infinite
        return np.asarray(values, dtype=np.float64)


def _finite_or_none(scores: NDArray[np.generic] | None) -> NDArray[np.float64] | None:
    if scores is None or scores.dtype.kind != "f":
        return None
    values = _widen(scores)
    return values if _is_small(values) else None
