"""The columns of another tool's predictions: cleaned, and told apart by what the study asks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trial_sets.errors import InputError
from trial_sets.task import Metric, Task
from trial_sets.wording import join_words, tame_text

COLUMNS = ("trial", "seed", "row", "label")
SCORE, DATE, GROUP = "score", "date", "group"
FEWEST_CLASSES = 3  # of which each has a column of scores
_KNOWN = (*COLUMNS, SCORE, DATE, GROUP)
_LARGEST = 1e60  # beyond which the square of an error's square is no number any more
_LEAST = 1e-15  # of a probability, whose logarithm is to be a number
_BY_ORDER = frozenset({"auc", "average_precision"})  # metrics of nothing but the scores' order


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """What was to be predicted in each row of a table, and what was predicted.

    Attributes
    ----------
    labels : ndarray, shape (N,)
    scores : ndarray, shape (N,) or (N, K)
    classes : tuple of str
        Names of K classes; none of two, and of numbers.
    """

    labels: NDArray[Any]
    scores: NDArray[np.float64]
    classes: tuple[str, ...]


def name_columns(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return a table whose known columns have their names, whatever their case.

    Raises
    ------
    InputError
        If one of them is missing or stands twice, or there are no rows.
    """
    names = [str(name).strip() for name in table.columns]
    table.columns = [n.casefold() if n.casefold() in _KNOWN else n for n in names]
    missing = [name for name in (*COLUMNS, SCORE) if name not in table]
    if missing and not (missing == [SCORE] and has_class_columns(table.columns)):
        expected = join_words([*COLUMNS, SCORE])
        raise InputError(f"{path} has no column {missing[0]}; predictions need {expected}")
    if table.columns.duplicated().any():
        twice = table.columns[table.columns.duplicated()][0]
        raise InputError(f"{path}: the column {tame_text(twice)!r} stands twice")
    if table.empty:
        raise InputError(f"{path} holds column names but no rows")
    return table


def has_class_columns(names: Any) -> bool:  # noqa: ANN401 - an index or a list of names
    """Whether so many columns have other names that they may be classes."""
    return sum(name not in _KNOWN for name in names) >= FEWEST_CLASSES


def clean_rows(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return trial, seed, row and, where there are any, date and group, in the table's order.

    Raises
    ------
    InputError
        If a cell is none of its column's, or a row of a trial and seed stands twice.
    """
    kept = pd.DataFrame({"trial": table["trial"].astype("string").str.strip()})
    _refuse(kept["trial"].isna() | (kept["trial"] == ""), table["trial"], "a name", path)
    for name in ("seed", "row"):
        kept[name] = _read_whole(table[name], name, path)
    if GROUP in table:
        kept[GROUP] = _number_groups(table[GROUP], path)
    if DATE in table:
        dates = pd.to_datetime(table[DATE], errors="coerce", utc=True)
        _refuse(dates.isna(), table[DATE], "a date", path)
        kept[DATE] = dates.dt.tz_localize(None)
    again = kept.duplicated(["trial", "seed", "row"])
    if again.any():
        one = kept[again].iloc[0]
        raise InputError(
            f"{path}: row {one['row']} of trial {tame_text(str(one['trial']))}, seed "
            f"{one['seed']}, stands twice"
        )
    return kept


def _number_groups(column: pd.Series, path: Path) -> NDArray[np.int64]:
    """Return the number of each row's group, which may have a name, in the order of these."""
    names = column.astype("string").str.strip()
    _refuse(names.isna() | (names == ""), column, "a group's name or number", path)
    return np.unique(names.to_numpy(str), return_inverse=True)[1].astype(np.int64)


def read_labels_and_scores(table: pd.DataFrame, task: Task, metric: Metric, path: Path) -> Targets:
    """Return labels and scores in the table's order.

    Scores of one row's classes are probabilities where all lie between 0 and 1 and come to 1, and
    logits otherwise. Of two classes and a metric that goes by more than their order they are
    probabilities where all lie between 0 and 1, and log-odds otherwise.

    Raises
    ------
    InputError
        If a cell is no label or score, or a label has no column.
    """
    if task == "multiclass":
        return _read_classes(table, path)
    if SCORE not in table:
        raise InputError(f"{path} has no column score; predictions need it where task is {task}")
    scores = _read_numbers(table[SCORE], path)
    if task == "regression":
        return Targets(_read_numbers(table["label"], path), scores, ())
    labels = _read_whole(table["label"], "label", path)
    _refuse(~labels.isin([0, 1]), table["label"], "0 or 1", path)
    if metric.name not in _BY_ORDER and ((scores >= 0) & (scores <= 1)).all():
        chances = np.clip(scores, _LEAST, 1 - _LEAST)
        scores = np.log(chances) - np.log1p(-chances)
    return Targets(labels.to_numpy("bool"), scores, ())


def _read_classes(table: pd.DataFrame, path: Path) -> Targets:
    names = [str(name) for name in table.columns if name not in _KNOWN]
    if len(names) < FEWEST_CLASSES:
        raise InputError(
            f"{path} has {len(names)} columns beside {join_words(list(COLUMNS))}; predictions of "
            f"several classes need one a class, named like its label, {FEWEST_CLASSES} or more"
        )
    labels = table["label"].astype("string").str.strip()
    places = labels.map({name: at for at, name in enumerate(names)})
    shown = join_words([tame_text(name) for name in names], most=12, last="or")
    _refuse(places.isna(), table["label"], f"the name of a column, {shown}", path)
    scores = np.stack([_read_numbers(table[name], path) for name in names], axis=1)
    is_chance = (scores >= 0).all() and bool(np.allclose(scores.sum(axis=1), 1, atol=1e-3))
    scores = np.log(np.maximum(scores, _LEAST)) if is_chance else scores
    return Targets(places.to_numpy("int64"), scores, tuple(names))


def _read_numbers(column: pd.Series, path: Path) -> NDArray[np.float64]:
    numbers = pd.to_numeric(column, errors="coerce").to_numpy("float64", na_value=np.nan)
    _refuse(~np.isfinite(numbers), column, "a finite number", path)
    _refuse(np.abs(numbers) >= _LARGEST, column, f"a number below {_LARGEST:g}", path)
    return np.asarray(numbers)


def _read_whole(column: pd.Series, name: str, path: Path) -> pd.Series:
    numbers = pd.to_numeric(column, errors="coerce").to_numpy("float64", na_value=np.nan)
    is_whole = np.isfinite(numbers) & (np.abs(numbers) < 2**53)
    is_whole &= np.where(is_whole, numbers, 0.5) % 1 == 0
    _refuse(~is_whole, column, "a whole number", path)
    return pd.Series(numbers.astype("int64"), index=column.index, name=name)


def _refuse(wrong: Any, column: pd.Series, expected: str, path: Path) -> None:  # noqa: ANN401
    """Raise if a cell is wrong, with its line as a CSV has it."""
    at = np.flatnonzero(np.asarray(wrong, dtype=bool))
    if len(at):
        found = tame_text(str(column.iloc[at[0]]))[:60]
        raise InputError(f"{path}, row {at[0] + 1}: {column.name}={found!r}, expected {expected}")
