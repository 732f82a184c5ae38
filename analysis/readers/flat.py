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
    direction
        As recorded, or None.
    spaces
        Declared search ranges.
    notes
        Sentences on what was left out.
    study
        The name of the Optuna study that was read.
    """

    columns: pd.DataFrame
    params: pd.DataFrame
    direction: Direction | None = None
    spaces: Mapping[str, Space] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    study: str | None = None
