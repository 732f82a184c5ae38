"""PED-ANOVA over the trials of a frame, whatever tool they are from."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.frames.frame import Space, TrialFrame
from analysis.frames.scale import is_log_scale
from analysis.frames.values import is_number_column
from analysis.statistics.comparisons.multiplicity import ALPHA, adjust_holm
from analysis.statistics.effects.parzen import MAX_CELLS, count_cells, place_in_cells
from analysis.statistics.effects.ped_anova import GridColumn, PedAnova, measure_ped_anova

SMALLEST_SEARCH = 20  # trials: of fewer the best tenth is one


@dataclass(frozen=True, slots=True)
class ParamImportance:
    """What PED-ANOVA says of one hyperparameter.

    Attributes
    ----------
    share
        Of the sum of all divergences.
    divergence, chance
        PED-ANOVA's, and the one that one of twenty shuffles of the values exceeds.
    p_value, adjusted
        Of the shuffles, by itself and after Holm over the hyperparameters.
    """

    param: str
    share: float
    divergence: float
    chance: float
    p_value: float
    adjusted: float

    @property
    def is_told(self) -> bool:
        """Whether it is more than chance, over all hyperparameters."""
        return self.adjusted < ALPHA


@dataclass(frozen=True, slots=True)
class SearchImportances:
    """The importances, the largest first, of n trials of which n_top are the best."""

    rows: tuple[ParamImportance, ...]
    n: int
    n_top: int


def weigh_params(frame: TrialFrame) -> SearchImportances | None:
    """Return the importances of a frame's hyperparameters that vary.

    Trials of every state but complete, and baselines, are left out.

    Returns
    -------
    SearchImportances or None
        None for fewer than twenty trials, or where nothing varies.
    """
    rows = frame.configured
    names = [name for name in frame.params if rows[name].nunique(dropna=False) > 1]
    if len(rows) < SMALLEST_SEARCH or not names or frame.finished["seed"].nunique() > 1:
        return None
    gains = frame.sign * rows["metric"].to_numpy(dtype="float64")
    found = measure_ped_anova([grid_param(frame, rows, name) for name in names], gains)
    return _gather(names, found)


def grid_param(frame: TrialFrame, rows: pd.DataFrame, name: str) -> GridColumn:
    """Return a hyperparameter of some trials on the cells of its declared range, or else its own.

    Choices are cells of their own and have no order, numbers neither.
    """
    column, space = rows[name], frame.spaces.get(name)
    if space is not None and space.choices:
        return _list_choices(column, space.choices)
    if not is_number_column(frame.rows[name]):
        return _list_choices(column, tuple(sorted(column.dropna().unique())))
    values = column.to_numpy(dtype="float64")
    known = values[np.isfinite(values)]
    if space is None or not np.isfinite([space.low, space.high]).all():
        is_log = bool((known > 0).all()) and is_log_scale(frame, name, np.unique(known))
        low, high = float(known.min()), float(known.max())
        return _place(values, low, high, MAX_CELLS, is_log=is_log)
    low, high = min(space.low, known.min()), max(space.high, known.max())
    return _place(values, low, high, _count(space, low, high), is_log=space.is_log)


def _count(space: Space, low: float, high: float) -> int:
    """Return the cells of a declared range; a step on a log scale is that of whole numbers."""
    is_whole = space.step is not None and space.is_log
    step = None if is_whole else space.step
    return count_cells(low, high, step=step, is_whole=is_whole, is_log=space.is_log)


def _place(
    values: NDArray[np.float64], low: float, high: float, n_cells: int, *, is_log: bool
) -> GridColumn:
    cells = np.full(len(values), -1, dtype=np.int64)
    is_set = np.isfinite(values)
    cells[is_set] = place_in_cells(values[is_set], low, high, n_cells, is_log=is_log)
    return GridColumn(cells, n_cells, is_ordered=True)


def _list_choices(column: pd.Series, choices: tuple[float | str, ...]) -> GridColumn:
    present = [str(value) for value in column.dropna().unique()]
    words = list(dict.fromkeys([*map(str, choices), *present]))
    places = {word: place for place, word in enumerate(words)}
    cells = [-1 if pd.isna(value) else places[str(value)] for value in column]
    return GridColumn(np.array(cells, dtype=np.int64), len(words), is_ordered=False)


def _gather(names: list[str], found: PedAnova) -> SearchImportances:
    adjusted, shares = adjust_holm(found.p_values), found.shares
    rows = [
        ParamImportance(
            name,
            share=float(shares[i]),
            divergence=float(found.divergences[i]),
            chance=float(found.chance[i]),
            p_value=float(found.p_values[i]),
            adjusted=float(adjusted[i]),
        )
        for i, name in enumerate(names)
    ]
    return SearchImportances(
        tuple(sorted(rows, key=lambda row: -row.divergence)), found.n, found.n_top
    )
