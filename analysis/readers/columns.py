"""Guessing what the columns of a table are, from their names and, last, their values."""

import re
from collections.abc import Collection, Sequence

import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

from analysis.readers.vocabulary import (
    find_own,
    is_known_param,
    is_measured,
    is_of_training,
    is_row_number,
    is_split_number,
    is_statistic,
    is_sure_name,
)
from trial_sets.metric_names import guess_direction, squash_name
from trial_sets.wording import join_words

_OBJECTIVES = (
    *("value", "objective", "objective_value", "final_objective_value", "metric", "target"),
    "reward",
)
OF_SEVERAL = re.compile(r"^values_.+$")  # an objective of an Optuna study with several
_TIMES = frozenset({"date", "datetime", "timestamp", "start", "complete", "created", "started"})
_FEW_VALUES = 12
_LONGEST_LIST = 16


def find_objectives(columns: pd.DataFrame) -> list[str]:
    """Return the columns that could be the objective; a column called so comes alone.

    Those of an Optuna study with several objectives (`values_0`) come before names that only sound
    like a metric, and `mean_test_score` of scikit-learn before all of them. Columns without a
    number (every trial failed) count only where no other does.
    """
    names = [str(name) for name in columns.columns]
    of_search = [name for name in names if name.startswith("mean_test_")]
    several = [name for name in names if OF_SEVERAL.match(name)]
    named = [name for name in names if squash_name(name) in _OBJECTIVES]
    telling = [name for name in names if guess_direction(name) and not is_statistic(name)]
    outside = [name for name in telling if not is_of_training(name)] or telling
    plain = [name for name in outside if "." not in name] or outside
    groups = [of_search, several, named, plain]
    numeric = {n for group in groups for n in group if is_number_like(columns[n])}
    numbers = [[name for name in group if name in numeric] for group in groups]
    return next((group for group in (*numbers, *groups) if group), [])


def guess_params(
    columns: pd.DataFrame,
    free: Sequence[str],
    metric: str,
    *,
    measured: Collection[str] = (),
    inputs: Collection[str] | None = None,
) -> tuple[list[str], list[str]]:
    """Return the columns taken as hyperparameters, and those set aside, of the free columns.

    Known names are taken. Another column is taken when its name is not that of something measured
    and its values look chosen: they repeat, or they are numbers in a column that stands left of
    all that is measured, or beside another hyperparameter.

    Parameters
    ----------
    columns
        The whole table, its columns in their order.
    free
        The columns that are not spoken for.
    metric
        The objective's column.
    measured
        Columns that varied within a trial.
    inputs
        The only columns that can be hyperparameters, where the form tells.
    """
    own = find_own(columns.columns)
    plain = [
        name
        for name in free
        if name not in own
        and name not in measured
        and (inputs is None or name in inputs)
        and not is_split_number(name)
        and not _is_out_of_question(columns[name], name)
    ]
    chosen = {name for name in plain if is_known_param(name) or _repeats(columns[name], name)}
    many = [n for n in plain if n not in chosen and _is_many(columns[n], n)]
    if inputs is None:
        chosen |= _find_placed([*map(str, columns.columns)], many, chosen, metric)
    else:
        chosen.update(many)
    return [name for name in free if name in chosen], [name for name in free if name not in chosen]


def _find_placed(names: list[str], many: list[str], chosen: set[str], metric: str) -> set[str]:
    """Return the columns that stand where hyperparameters do."""
    places = {name: place for place, name in enumerate(names)}
    first = min(place for name, place in places.items() if name == metric or is_measured(name))
    placed = {name for name in many if places[name] < first}
    for name in many:
        beside = names[max(0, places[name] - 1) : places[name] + 2]
        if any(other in chosen or other in placed for other in beside):
            placed.add(name)
    return placed


def _is_out_of_question(column: pd.Series, name: str) -> bool:
    """Say whether a column is none whatever its name: empty, or of curves and the like."""
    if is_statistic(name) or is_sure_name(name) or column.isna().all():
        return True
    return bool(column.map(_is_long).any())


def _is_long(cell: object) -> bool:
    if isinstance(cell, dict):
        return True
    return isinstance(cell, list) and (
        len(cell) > _LONGEST_LIST or any(isinstance(item, list | dict) for item in cell)
    )


def _repeats(column: pd.Series, name: str) -> bool:
    """Say whether values of an unknown name repeat as chosen ones do; a blank is one of them."""
    is_word = not is_number_like(column)
    is_choice = is_word and "_" not in squash_name(name)  # `loss` may be the one that was trained
    if _is_time(name) or (is_measured(name) and not is_choice):
        return False
    written = column.map(_write_list)
    n_values = written.nunique(dropna=False)
    most = max(_FEW_VALUES, len(column) // 4)
    return bool(1 < n_values < len(column)) and (is_word or n_values <= most)


def _is_many(column: pd.Series, name: str) -> bool:
    """Say whether a column of an unknown name holds numbers that hardly repeat."""
    if is_measured(name) or _is_time(name) or not is_number_like(column):
        return False
    return column.map(_write_list).nunique() > 1 and not (
        is_row_number(name) and _counts_rows(column)
    )


def _is_time(name: str) -> bool:
    return bool(_TIMES & set(squash_name(name).split("_")))


def _counts_rows(column: pd.Series) -> bool:
    """Say whether a column numbers the rows, up or down."""
    numbers = pd.to_numeric(column, errors="coerce")
    return bool(numbers.notna().all()) and set(numbers.diff().dropna().abs()) == {1.0}


def _write_list(cell: object) -> object:
    return str(cell) if isinstance(cell, list | dict) else cell


def is_number_like(column: pd.Series) -> bool:
    """Say whether a raw column holds mostly numbers."""
    if is_bool_dtype(column) or is_datetime64_any_dtype(column):
        return False
    if is_numeric_dtype(column):
        return bool(column.notna().any())
    present = column.dropna()
    numbers = present.map(lambda item: isinstance(item, int | float) and not isinstance(item, bool))
    return bool(len(present) and numbers.mean() > 0.5)


def list_names(names: Sequence[str], *, most: int | None = 12) -> str:
    """Join names for a sentence, at most so many of them and none longer than 60 characters."""
    cut = names if most is None else names[:most]
    shown = [" ".join(str(name).split())[:60] for name in cut]
    more = len(names) - len(cut)
    return join_words([*shown, f"{more} more"] if more else shown)
