"""The hyperparameters of a flat table: named, told by the file's form, or guessed."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from analysis.readers.columns import ALIASES, find_aliases, guess_params, list_names
from analysis.readers.flat import FlatTable
from analysis.readers.options import ReadOptions
from trial_sets.errors import InputError
from trial_sets.metric_names import squash_name

_MOST_PARAMS = 200


def settle_params(
    flat: FlatTable, options: ReadOptions, metric: str, path: Path
) -> tuple[FlatTable, dict[str, str]]:
    """Settle which columns are hyperparameters, and what the others are.

    A seed among the hyperparameters is a seed, and moves to the columns.

    Returns
    -------
    tuple
        The table with exactly the hyperparameters in `params`; the standard columns, each with
        the column that plays it, as `find_aliases` returns them.

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
    roles = find_aliases([name for name in flat.columns.columns if name != metric])
    flat = _write_compounds(flat, list(roles.values()))
    if options.param_columns:
        return flat, roles
    if not is_told:
        flat = _move_seeds(_guess(flat, metric, roles))
    if len(flat.params.columns) > _MOST_PARAMS:
        raise InputError(
            f"{path} has {len(flat.params.columns)} columns that look like hyperparameters, more "
            f"than the {_MOST_PARAMS} that are analysed; name some with --param-columns"
        )
    return flat, roles


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


def _guess(flat: FlatTable, metric: str, roles: dict[str, str]) -> FlatTable:
    """Take the columns that look like hyperparameters, or else the trial's own name."""
    names = [name for name in flat.columns.columns if name != metric]
    trial = roles.get("trial")
    free = [name for name in names if name == trial or name not in roles.values()]
    taken, left = guess_params(flat.columns[free], trial)
    if not taken and trial is not None and flat.columns[trial].nunique() < len(flat.columns):
        taken = [trial]
    note = (
        f"took {list_names(taken) if taken else 'no column'} as hyperparameters"
        + (f" and set {list_names(left)} aside" if left else "")
        + "; --param-columns says otherwise"
    )
    return replace(flat, params=flat.columns[taken], notes=(*flat.notes, note))


def _move_seeds(flat: FlatTable) -> FlatTable:
    seeds = [name for name in flat.params.columns if squash_name(name) in ALIASES["seed"]]
    return _move_out(flat, seeds)


def _move_out(flat: FlatTable, names: list[str]) -> FlatTable:
    """Move hyperparameters to the columns, where a column of that name does not exist yet."""
    moved = [name for name in names if name not in flat.columns]
    columns = pd.concat([flat.columns, flat.params[moved]], axis=1)
    return replace(flat, columns=columns, params=flat.params.drop(columns=names))
