"""The hyperparameters of a flat table: named, told by the file's form, or guessed."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pandas as pd
from pandas.api.types import is_numeric_dtype

from analysis.readers.columns import guess_params, list_names
from analysis.readers.flat import FlatTable
from analysis.readers.identity import find_trial, list_roles
from analysis.readers.options import ReadOptions
from analysis.readers.states import holds_codes, is_state_column
from analysis.readers.vocabulary import ALIASES
from trial_sets.errors import InputError
from trial_sets.metric_names import squash_name

_MOST_PARAMS = 200
BLANK = "(blank)"


def settle_params(
    flat: FlatTable,
    options: ReadOptions,
    metric: str,
    path: Path,
    measured: Collection[str] = (),
) -> tuple[FlatTable, dict[str, str]]:
    """Settle which columns are hyperparameters, and what the others are.

    A seed among the hyperparameters is a seed, and moves to the columns.

    Parameters
    ----------
    metric
        The objective's column.
    measured
        Columns that varied within a trial, which are no hyperparameters.

    Returns
    -------
    tuple
        The table with exactly the hyperparameters in `params`; the standard columns, each with
        the column that plays it, as `list_roles` returns them.

    Raises
    ------
    InputError
        When a named hyperparameter does not exist, or too many columns look like some.
    """
    is_told = not flat.params.columns.empty
    if options.param_columns:
        flat = _take_named(flat, options.param_columns, path)
    elif is_told:
        flat = _move_seeds(flat)
    roles = list_roles([n for n in flat.columns.columns if n != metric], find_trial(flat, metric))
    roles = _drop_strangers(flat, roles, is_told=is_told)
    flat = _write_compounds(flat, list(roles.values()))
    if not options.param_columns and not is_told:
        flat = _move_seeds(_guess(flat, metric, roles, measured))
    if len(flat.params.columns) > _MOST_PARAMS and not options.param_columns:
        raise InputError(
            f"{path} has {len(flat.params.columns)} columns that look like hyperparameters, more "
            f"than the {_MOST_PARAMS} that are analysed; name some with --param-columns"
        )
    return replace(flat, params=_settle_blanks(flat.params, flat.blanks)), roles


def _drop_strangers(flat: FlatTable, roles: dict[str, str], *, is_told: bool) -> dict[str, str]:
    """Take a column called `state` or `status` for states only where it holds some.

    Optuna's numbers are states where the hyperparameters are told, as in a dump of its trials.
    """
    name = roles.get("state")
    if name is None:
        return roles
    column = flat.columns[name]
    is_code = is_told and "number" in flat.columns and holds_codes(column)
    if is_code or is_state_column(column) or column.isna().all():
        return roles
    return {role: found for role, found in roles.items() if role != "state"}


def _settle_blanks(params: pd.DataFrame, blanks: frozenset[str]) -> pd.DataFrame:
    """Make a value of blanks among words, and beside one single number, in rows that set others.

    Tools write Optuna's None and scikit-learn's None as a blank.
    """
    is_set = params.notna().sum(axis=1)
    settled = {}
    for name in params.columns:
        column = params[name]
        is_blank = column.isna() & ((is_set > 0) | (len(params.columns) == 1))
        is_category = not is_numeric_dtype(column) or column.nunique() == 1
        if name in blanks and is_blank.any() and is_category and column.notna().any():
            column = column.map(_write_number, na_action="ignore").mask(is_blank, BLANK)
        settled[name] = column
    return pd.DataFrame(settled, index=params.index)


def _write_number(cell: object) -> str:
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def _write_compounds(flat: FlatTable, names: list[str]) -> FlatTable:
    """Write out what is a list or an object in a column that plays a role, as a name is."""
    mixed = [name for name in names if flat.columns[name].dtype == object]
    written = {name: flat.columns[name].map(_write_compound) for name in mixed}
    return replace(flat, columns=flat.columns.assign(**written))


def _write_compound(cell: object) -> object:
    return str(cell)[:80] if isinstance(cell, list | dict) else cell


def _take_named(flat: FlatTable, names: tuple[str, ...], path: Path) -> FlatTable:
    known = [*flat.columns.columns, *flat.params.columns]
    there = set(known)
    missing = [name for name in names if name not in there]
    if missing:
        raise InputError(
            f"{path} has no column {missing[0]!r} for a hyperparameter; it has {list_names(known)}"
        )
    taken = {name: (flat.params if name in flat.params else flat.columns)[name] for name in names}
    flat = _move_out(flat, [name for name in flat.params.columns if name not in taken])
    return replace(flat, params=pd.DataFrame(taken))


def _guess(
    flat: FlatTable, metric: str, roles: dict[str, str], measured: Collection[str]
) -> FlatTable:
    """Take the columns that look like hyperparameters, or else the trial's own name."""
    trial = roles.get("trial")
    spoken = {metric, *roles.values()}
    free = [str(name) for name in flat.columns.columns if name not in spoken]
    varied = {*measured, *_find_varied(flat.columns, free, trial)}
    taken, left = guess_params(flat.columns, free, metric, measured=varied, inputs=flat.inputs)
    if not taken and trial is not None and _is_choice(flat.columns[trial], trial):
        taken = [trial]
    said = (
        f"Taken as hyperparameters: {list_names(taken, most=None) if taken else 'no column'}; "
        f"set aside: {list_names(left, most=None) if left else 'none'} "
        "(--param-columns says otherwise)."
    )
    return replace(flat, params=flat.columns[taken], said=(*flat.said, said))


def _find_varied(columns: pd.DataFrame, free: list[str], trial: str | None) -> set[str]:
    """Return the columns that vary between the seeds of a trial: they are measured."""
    if trial is None or not columns[trial].duplicated().any():
        return set()
    n_values = columns[free].astype("str").groupby(columns[trial], dropna=False).nunique() > 1
    return {str(name) for name in n_values.columns[n_values.any()]}


def _is_choice(column: pd.Series, name: str) -> bool:
    """Say whether the trials' own name is what was varied: models, or a name that repeats."""
    return squash_name(name) in {"model", "model_name"} or column.nunique() < len(column)


def _move_seeds(flat: FlatTable) -> FlatTable:
    seeds = [name for name in flat.params.columns if squash_name(name) in ALIASES["seed"]]
    return _move_out(flat, seeds)


def _move_out(flat: FlatTable, names: list[str]) -> FlatTable:
    """Move hyperparameters to the columns, where a column of that name does not exist yet."""
    moved = [name for name in names if name not in flat.columns]
    columns = pd.concat([flat.columns, flat.params[moved]], axis=1)
    return replace(flat, columns=columns, params=flat.params.drop(columns=names))
