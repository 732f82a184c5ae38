"""Which column names the trials: one that is there is no name where it repeats."""

from collections.abc import Sequence

import pandas as pd

from analysis.readers.flat import FlatTable
from analysis.readers.vocabulary import ALIASES, WEAK_NAMES, is_known_param
from trial_sets.metric_names import squash_name


def find_trial(flat: FlatTable, metric: str) -> str | None:
    """Return the column that names the trials, if one does.

    It holds a name for every row, no name twice; or twice only for the seeds of one configuration,
    or for copies of it where the name can hardly be anything else (`trial_id`, not `model`).

    Parameters
    ----------
    metric
        The objective's column.
    """
    squashed = {squash_name(name): name for name in reversed(flat.names)}
    for alias in ALIASES["trial"]:
        name = squashed.get(alias)
        if name is not None and name != metric and _names_trials(flat, name, alias):
            return name
    return None


def _names_trials(flat: FlatTable, name: str, alias: str) -> bool:
    column = flat.columns[name].map(_write)
    if column.isna().all():
        return False
    if not column.dropna().duplicated().any():
        return True
    params = [*map(str, flat.params.columns)]
    seeds = [n for n in (*flat.names, *params) if squash_name(n) in ALIASES["seed"]]
    told = [n for n in flat.names if n != name and n not in seeds and is_known_param(n)]
    others = [n for n in params if n not in seeds]
    chosen = pd.concat([flat.columns[told], flat.params[others]], axis=1).astype("str")
    if not bool((chosen.groupby(column).nunique(dropna=False) <= 1).to_numpy().all()):
        return False
    if seeds:
        seed = (flat.columns if seeds[0] in flat.columns else flat.params)[seeds[0]]
        pairs = pd.DataFrame({"name": column, "seed": seed.map(_write)})
        return not pairs.duplicated().any()
    return alias not in WEAK_NAMES


def _write(cell: object) -> object:
    return str(cell) if isinstance(cell, list | dict) else cell


def list_roles(names: Sequence[str], trial: str | None) -> dict[str, str]:
    """Return standard column -> the column of the table that plays it."""
    squashed = {squash_name(name): name for name in reversed(names)}
    found = {} if trial is None else {"trial": trial}
    for role, aliases in ALIASES.items():
        known = next((squashed[alias] for alias in aliases if alias in squashed), None)
        if role != "trial" and known is not None:
            found[role] = known
    return found
