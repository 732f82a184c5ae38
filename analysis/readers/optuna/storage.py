"""What Optuna's storages have in common: studies, trials, and how they become a flat table."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.frames.frame import Space
from analysis.frames.pooling import merge_spaces
from analysis.readers.content import refuse_many
from analysis.readers.flat import FlatTable
from analysis.readers.options import ReadOptions
from analysis.readers.optuna.distributions import Distribution, parse_distribution
from trial_sets.errors import InputError, suggest
from trial_sets.loading.study_folder import is_study, list_studies
from trial_sets.metric_names import Direction
from trial_sets.wording import join_words

METRIC_NAMES = "study:metric_names"  # the system attribute that Optuna keeps them in


@dataclass(frozen=True, slots=True)
class StoredStudy:
    """One study of a storage: its key there, its name, and an objective's direction and name."""

    study_id: int
    name: str
    directions: tuple[Direction, ...]
    metric_names: tuple[str, ...] = ()

    @property
    def objectives(self) -> tuple[str, ...]:
        """What each objective is called: `values_0` where nobody named it."""
        if len(self.metric_names) == len(self.directions):
            return self.metric_names
        return tuple(f"values_{index}" for index in range(len(self.directions)))


def choose_study(studies: Sequence[StoredStudy], options: ReadOptions, path: Path) -> StoredStudy:
    """Return the study that was named, the preferred one, or the only one.

    Raises
    ------
    InputError
        When there is none, several and none named, or none of that name; it lists the names.
    """
    wanted, preferred = options.study, options.preferred_study
    if not studies:
        raise InputError(f"{path} holds no Optuna study")
    found = [study for study in studies if study.name == (wanted or preferred)]
    if found:
        return found[0]
    names = join_words([study.name for study in studies])
    if wanted is not None:
        raise InputError(f"{path} holds no study {wanted!r}; it holds {names}")
    if len(studies) == 1:
        return studies[0]
    if preferred is not None and not is_study(preferred):
        ending = suggest(preferred, {*(study.name for study in studies), *list_studies()})
        raise InputError(f"{path} holds no study {preferred!r}, nor does the project{ending}")
    raise InputError(
        f"{path} holds {len(studies)} studies, {names}; name one with "
        f"{f'{path}#NAME' if preferred else f'--study or {path}#NAME'}; {path}#all reports on each"
    )


def choose_objective(study: StoredStudy, options: ReadOptions, path: Path) -> int:
    """Return the index of the objective: the only one, or the one named, `values_<n>` if no better.

    Raises
    ------
    InputError
        When a study has several objectives and none is named.
    """
    numbered = [f"values_{index}" for index in range(len(study.directions))]
    if len(numbered) == 1:
        return 0
    for names in (list(study.objectives), numbered):
        if options.metric_column in names:
            return names.index(options.metric_column)
    raise InputError(
        f"{path}: study {study.name!r} has {len(numbered)} objectives; "
        f"name one of {join_words(study.objectives)} with --metric"
    )


def describe_objective(names: Sequence[str], chosen: str) -> str:
    """Say which of several objectives is looked at."""
    others = join_words([name for name in names if name != chosen])
    return f"Of {len(names)} objectives this is {chosen}; {others} is not looked at here."


def read_metric_names(stored: object) -> tuple[str, ...]:
    """Read the names that a study gave its objectives."""
    return tuple(map(str, stored)) if isinstance(stored, list) else ()


def read_direction(stored: str | int) -> Direction:
    """Read a stored direction; one that was never set means minimise, Optuna's default."""
    return "maximize" if stored in ("MAXIMIZE", 2) else "minimize"


def tabulate_study(
    trials: pd.DataFrame,
    stored: pd.DataFrame,
    attributes: pd.DataFrame,
    *,
    study: StoredStudy,
    objective: int,
    path: Path,
) -> FlatTable:
    """Put a study's trials, hyperparameters and user attributes together.

    Parameters
    ----------
    trials
        `trial_id`, `number`, `state`, `value`, `datetime_start`, `datetime_complete`.
    stored
        `trial_id`, `name`, `value`, `distribution`: hyperparameters as stored, long form.
    attributes
        `trial_id`, `name`, `value`: user attributes, long form.
    objective
        The index of the one that was chosen.
    """
    trials = trials.set_index("trial_id")
    for long in (stored, attributes):
        refuse_many(len(trials) * long["name"].nunique(), path)
    params, spaces = _decode_params(stored, path)
    extra = _widen(attributes, "value").reindex(trials.index)
    taken = [name for name in extra.columns if name in trials.columns]
    columns = trials.join(extra.rename(columns={name: f"user_{name}" for name in taken}))
    return FlatTable(
        columns=columns.reset_index(drop=True),
        params=params.reindex(trials.index).reset_index(drop=True),
        metric="value",
        metric_name=study.objectives[objective]
        if len(study.directions) > 1 or study.metric_names
        else None,
        direction=study.directions[objective],
        spaces=spaces,
        said=(describe_objective(study.objectives, study.objectives[objective]),)
        if len(study.directions) > 1
        else (),
        study=study.name,
    )


def _decode_params(stored: pd.DataFrame, path: Path) -> tuple[pd.DataFrame, dict[str, Space]]:
    """Decode each distinct distribution once; a dynamic range widens the space."""
    decoded = pd.Series(np.nan, index=stored.index, dtype="object")
    spaces: dict[str, Space] = {}
    for key, rows in stored.groupby(["name", "distribution"], sort=False):
        name, text = str(key[0]), str(key[1])
        found: Distribution = parse_distribution(
            text, f"{path}, hyperparameter {name}, distribution"
        )
        decoded.loc[rows.index] = found.decode(rows["value"]).astype("object")
        if found.space is not None:
            known = spaces.get(name)
            spaces[name] = found.space if known is None else merge_spaces(known, found.space)
    return _widen(stored.assign(decoded=decoded), "decoded"), spaces


def _widen(long: pd.DataFrame, values: str) -> pd.DataFrame:
    """Turn (trial, name, value) rows to one row a trial; the last of repeated entries counts."""
    last = long.drop_duplicates(["trial_id", "name"], keep="last")
    wide = last.pivot(index="trial_id", columns="name", values=values)
    names = list(dict.fromkeys(last["name"]))
    return wide[names].rename_axis(columns=None)
