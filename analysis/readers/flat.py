"""The flat table between a file's form and the tidy frame."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis.frames.frame import Space
from trial_sets.metric_names import Direction


@dataclass(frozen=True, slots=True, eq=False)
class FlatTable:
    """One row a trial, as a file tells it, before its columns are understood.

    Attributes
    ----------
    columns
        Everything that is not certainly a hyperparameter.
    params
        The certain hyperparameters, same index; without columns where the form does not tell.
    inputs
        The columns among which the hyperparameters are, where the form tells no more.
    metric, metric_name
        The objective's column where the form tells it, and what it is called.
    direction
        As recorded, or None.
    assumed
        The direction to assume where nothing tells it.
    spaces
        Declared search ranges.
    blanks
        Columns where a blank cell is a value if the others are words: those of a CSV.
    notes
        Sentences on what was left out.
    said
        Sentences on what decides the report's first numbers, to be said beside them.
    study
        The name of the Optuna study that was read.
    """

    columns: pd.DataFrame
    params: pd.DataFrame
    inputs: frozenset[str] | None = None
    metric: str | None = None
    metric_name: str | None = None
    direction: Direction | None = None
    assumed: Direction = "maximize"
    spaces: Mapping[str, Space] = field(default_factory=dict)
    blanks: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    study: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns that are no certain hyperparameters."""
        return tuple(map(str, self.columns.columns))
