"""The tidy frame that every reader fills and every table reads: one row a trial and seed.

Standard columns
----------------
trial, file, tier, budget, horizon : text; where the row comes from
role : `trial`, or `forced`, `control`, `baseline`, `default` for rows that no search chose
state : `complete`, `pruned`, `failed`, `running`, `waiting`, or `not finite` (complete without a
    finite metric of bearable size)
metric : the objective as recorded, in its own direction (a loss stays a loss)
seed, duration_s, epochs_run, stopped_early, train_metric : what the fit left
prediction_low, prediction_high : the range of the predicted probabilities
positives, negatives : the evaluated rows of each class
loss_rise : the largest relative rise of the training loss above its lowest value so far
configuration : rows with the same hyperparameters share this number; so do the seeds of a trial
    without any, such as a baseline

The hyperparameters stand beside them under their own names, numbers as floats, everything else as
text. What is left over is kept under its own name too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.frames.copies import merge_copies
from analysis.frames.values import LARGEST, bound_numbers, flush_small, normalize_values
from analysis.numbers import DECIMALS, sort_naturally
from trial_sets.metric_names import Direction

ORIGINS = ("file", "tier", "budget", "horizon")
COMPLETE = "complete"
NOT_FINITE = "not finite"
_TEXT = ("trial", *ORIGINS, "role", "state")
_NUMBERS = (
    "metric",
    "seed",
    "duration_s",
    "epochs_run",
    "prediction_low",
    "prediction_high",
    "train_metric",
    "positives",
    "negatives",
    "loss_rise",
)
_OF_CLASSES = {"macro", "micro", "weighted", "ovr", "ovo"}  # averages over several
STANDARD = (*_TEXT, *_NUMBERS, "stopped_early", "configuration")


@dataclass(frozen=True, slots=True)
class Space:
    """The range that a search declared for one hyperparameter.

    Attributes
    ----------
    low, high
        Both ends, infinite where one is open; of numeric choices the smallest and the largest, NaN
        among words.
    choices
        The only values, of a categorical one.
    step
        The distance of allowed values from `low` on, or None.
    reach
        How far a later round may go, where that is further than both ends.
    originals
        The choices as they were declared, where these are neither numbers alone nor words alone:
        the frame knows True, None, and 0.1 beside a word, as text. Empty where `choices` says it.
    """

    low: float
    high: float
    is_log: bool
    choices: tuple[float | str, ...] = ()
    step: float | None = None
    reach: tuple[float, float] | None = None
    originals: tuple[bool | float | str | None, ...] = ()

    @property
    def furthest(self) -> tuple[float, float]:
        """The ends that a later round has."""
        return self.reach or (self.low, self.high)


@dataclass(frozen=True, eq=False)
class TrialFrame:
    """Trials of any origin, with the metric's name and direction.

    What is read off the rows is computed once and handed out as it is: nobody changes it.

    Attributes
    ----------
    rows
        One row a trial and seed; see the module's docstring for the columns.
    params
        The hyperparameter columns, in the order of the input.
    metric
        The objective's own name, such as `val_auc`.
    title
        What tables call the metric, where its name is not it.
    decimals
        With which the metric's values are written, as `analysis.numbers.choose_decimals` says.
    is_direction_known
        False where nothing recorded the direction and it was assumed.
    direction_source
        Where the direction is from, in words: `as recorded`, `by its name`, `assumed`.
    spaces
        Declared search ranges, for the inputs that record them.
    notes
        Sentences on what was ignored or not understood.
    assumptions
        Sentences on guesses that decide the first numbers of a report, to be said beside them.
    studies
        The names of the Optuna studies that rows come from.
    drawn
        The hyperparameters whose values a search of ours drew from a continuous range: hardly two
        trials share one, so that tables show ranges of them.
    """

    rows: pd.DataFrame
    params: tuple[str, ...]
    metric: str
    direction: Direction
    title: str = ""
    decimals: int = DECIMALS
    is_direction_known: bool = True
    direction_source: str = "as recorded"
    spaces: Mapping[str, Space] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    studies: tuple[str, ...] = ()
    drawn: frozenset[str] = frozenset()

    @cached_property
    def finished(self) -> pd.DataFrame:
        """The complete rows with a finite metric; only these enter a mean."""
        return self.rows[self.rows["state"] == COMPLETE]

    @cached_property
    def configured(self) -> pd.DataFrame:
        """The finished rows that set a hyperparameter: no baselines."""
        finished = self.finished
        return finished[finished[list(self.params)].notna().any(axis=1)]

    @cached_property
    def varying(self) -> tuple[str, ...]:
        """The hyperparameters with at least two values among the finished rows."""
        finished = self.finished
        return tuple(name for name in self.params if finished[name].nunique() > 1)

    @cached_property
    def varying_origins(self) -> tuple[str, ...]:
        """Tier, budget and horizon, where the finished rows have several."""
        return tuple(o for o in ORIGINS if o != "file" and len(self.list_levels(o)) > 1)

    @cached_property
    def _merged(self) -> dict[tuple[str, ...], pd.DataFrame]:
        return {}

    @property
    def sign(self) -> int:
        """+1 when more is better, -1 when less is; `sign * metric` is a gain."""
        return 1 if self.direction == "maximize" else -1

    @property
    def metric_label(self) -> str:
        """The metric as a table's head names it: `AUC` for any ROC AUC of two classes."""
        if self.title:
            return self.title
        if self.metric == "value":
            return "objective"
        tokens = set(self.metric.lower().replace("-", "_").split("_"))
        return "AUC" if {"auc", "auroc"} & tokens and not _OF_CLASSES & tokens else self.metric

    def count_states(self) -> dict[str, int]:
        """Return the number of rows in each state, the most frequent first."""
        return {str(state): int(n) for state, n in self.rows["state"].value_counts().items()}

    def merge_copies(self, *origins: str) -> pd.DataFrame:
        """Return one row a distinct configuration of the finished trials, baselines left out.

        Parameters
        ----------
        origins
            Origin columns that also tell configurations apart, such as `budget`.

        Returns
        -------
        pandas.DataFrame
            The hyperparameters, the origin columns, and `metric`, the mean of the copies.
        """
        if origins not in self._merged:
            self._merged[origins] = merge_copies(self.configured, self.params, origins)
        return self._merged[origins]

    def list_levels(self, origin: str) -> tuple[str, ...]:
        """Return the values of one origin column among the finished rows, 2M before 20M."""
        return tuple(sort_naturally(self.finished[origin].dropna().unique()))


def make_frame(
    rows: pd.DataFrame,
    params: Iterable[str],
    *,
    metric: str,
    direction: Direction,
    is_direction_known: bool = True,
    spaces: Mapping[str, Space] | None = None,
    notes: Iterable[str] = (),
) -> TrialFrame:
    """Complete a reader's rows to the standard columns and types.

    Parameters
    ----------
    rows
        Any of the standard columns, the hyperparameters and whatever else is to be kept.
    params
        Names of the hyperparameter columns; one that carries a standard column's name must have
        been renamed by the reader.

    Returns
    -------
    TrialFrame
        With `state` settled and `configuration` numbered.
    """
    names = tuple(params)
    said = list(notes)
    columns: dict[str, pd.Series] = {name: _complete_text(rows, name) for name in _TEXT}
    columns |= {name: _complete_number(rows, name) for name in _NUMBERS}
    columns["stopped_early"] = _complete_flag(rows)
    columns["state"] = _settle_state(columns["state"], columns["metric"])
    columns["role"] = columns["role"].fillna("trial")
    for name in names:
        columns[name], problem = normalize_values(rows[name])
        said += [f"{name}: {problem}"] if problem else []
    rest = {str(name): rows[name] for name in rows.columns if str(name) not in columns}
    tidy = pd.DataFrame(columns | rest, index=rows.index).reset_index(drop=True)
    tidy["configuration"] = number_configurations(tidy, names)
    return TrialFrame(
        rows=tidy,
        params=names,
        metric=metric,
        direction=direction,
        is_direction_known=is_direction_known,
        spaces=dict(spaces or {}),
        notes=tuple(said),
    )


def rename_reserved(names: Iterable[str]) -> dict[str, str]:
    """Give a name that a standard column carries a trailing underscore, or several."""
    renamed: dict[str, str] = {}
    listed = list(names)
    taken = set(listed)
    for name in listed:
        free = name
        while free in STANDARD or (free != name and free in taken):
            free += "_"
        taken.add(free)
        renamed[name] = free
    return renamed


def number_configurations(rows: pd.DataFrame, params: tuple[str, ...]) -> "pd.Series[int]":
    """Count the configurations from zero; without hyperparameters the trial's name counts."""
    is_bare = rows[list(params)].isna().all(axis=1)
    keys = [rows["trial"].where(is_bare), *(rows[name] for name in params)]
    return rows.groupby(keys, dropna=False, sort=False).ngroup().astype("int64")


def _complete_text(rows: pd.DataFrame, name: str) -> pd.Series:
    if name not in rows:
        return pd.Series(None, index=rows.index, dtype="str")
    column = rows[name]
    return column.where(column.isna(), column.astype("str")).astype("str")


def _complete_number(rows: pd.DataFrame, name: str) -> pd.Series:
    if name not in rows:
        return pd.Series(np.nan, index=rows.index, dtype="float64")
    numbers = pd.to_numeric(rows[name], errors="coerce").astype("float64")
    # A metric beyond all bounds stays what it is: it gives its row another state.
    return flush_small(numbers) if name == "metric" else bound_numbers(numbers)[0]


def _complete_flag(rows: pd.DataFrame) -> pd.Series:
    if "stopped_early" not in rows:
        return pd.Series(pd.NA, index=rows.index, dtype="boolean")
    words = {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}
    return rows["stopped_early"].astype("str").str.lower().map(words).astype("boolean")


def _settle_state(state: pd.Series, metric: pd.Series) -> pd.Series:
    """Take a row without a state for complete, and set apart one without a usable metric."""
    settled = state.fillna(COMPLETE)
    is_usable = metric.abs() < LARGEST
    return settled.mask((settled == COMPLETE) & ~is_usable, NOT_FINITE)
