"""Which hyperparameters tell the best trials from the rest: PED-ANOVA, beside its null.

After Watanabe, Bansal and Hutter (2023), PED-ANOVA: Efficiently Quantifying Hyperparameter
Importance in Arbitrary Subspaces, Proc. IJCAI, arXiv:2304.10255, as Optuna has it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.effects.parzen import estimate_densities

Floats = NDArray[np.float64]
TOP_SHARE = 0.1
N_SHUFFLES = 1999
_SEED = 20230420
_TINY = 1e-12
_SMALLEST = 2  # trials that set a hyperparameter
_CHUNK = 100  # sets of trials whose kernels are in memory at a time


@dataclass(frozen=True, slots=True, eq=False)
class GridColumn:
    """One hyperparameter of n trials, on cells.

    Attributes
    ----------
    cells
        Shape (n,), the cell of each trial's value; -1 where the trial does not set it.
    n_cells
        Cells of its range, or choices.
    is_ordered
        Whether neighbouring cells are near each other: numbers, no words.
    """

    cells: NDArray[np.int64]
    n_cells: int
    is_ordered: bool

    def __post_init__(self) -> None:
        if self.cells.size and not -1 <= self.cells.min() <= self.cells.max() < self.n_cells:
            raise ValueError(f"cells: expected -1 to {self.n_cells - 1}")

    @property
    def n_set(self) -> int:
        """How many trials set it."""
        return int((self.cells >= 0).sum())


@dataclass(frozen=True, slots=True, eq=False)
class PedAnova:
    """Importances, and those that shuffled values have.

    Attributes
    ----------
    divergences
        Shape (p,): for each hyperparameter the Pearson divergence of the best trials' density from
        that of all, times the square of their share.
    chance
        Shape (p,): the divergence that one of twenty shuffles exceeds.
    p_values
        Shape (p,): the share of shuffles, the trials as they are among them, that reach it.
    n, n_top
        Trials, and the best of them.
    """

    divergences: Floats
    chance: Floats
    p_values: Floats
    n: int
    n_top: int

    @property
    def shares(self) -> Floats:
        """Each divergence's share of their sum, as Optuna prints importances."""
        total = self.divergences.sum()
        return self.divergences / total if total > 0 else np.zeros_like(self.divergences)


def measure_ped_anova(
    columns: Sequence[GridColumn],
    gains: ArrayLike,
    *,
    top_share: float = TOP_SHARE,
    n_shuffles: int = N_SHUFFLES,
) -> PedAnova:
    """Return how far the best trials' hyperparameters differ from all trials'.

    With p the density of all trials over a hyperparameter's cells and q that of the best ones
    (those as good as the ceil(top_share n)-th), ``sum p (q / p - 1)^2``; of a hyperparameter that
    only some trials set, of those, times (share of the best that set it)^2 / (share of all). All
    times the square of the share of trials that are best. The null: the values dealt to the trials
    in another order, so that any n_top trials are as likely the best, by a fixed generator.

    Parameters
    ----------
    gains : array_like, shape (n,)
        The trials' values, of which more is better.

    Raises
    ------
    ValueError
        With fewer than two trials, or a value that is not finite.
    """
    values = np.asarray(gains, dtype=np.float64)
    if values.size < _SMALLEST or not np.isfinite(values).all():
        raise ValueError("gains: expected two finite values or more")
    is_top = mark_best(values, top_share)
    n_top = int(is_top.sum())
    rng = np.random.default_rng(_SEED)
    orders = [rng.permutation(values.size)[:n_top] for _ in range(n_shuffles)]
    sets = np.vstack([np.flatnonzero(is_top), *orders])  # (1 + n_shuffles, n_top)
    found = np.column_stack([_diverge(column, sets) for column in columns])
    null = found[1:]
    return PedAnova(
        divergences=found[0],
        chance=np.quantile(null, 0.95, axis=0),
        p_values=(1 + (null >= found[0] - _TINY).sum(axis=0)) / (1 + n_shuffles),
        n=values.size,
        n_top=n_top,
    )


def mark_best(gains: Floats, share: float) -> NDArray[np.bool_]:
    """Mark the values that are as good as the ceil(share n)-th, shape (n,)."""
    place = len(gains) - int(np.ceil(share * len(gains)))
    return np.asarray(gains >= np.partition(gains, place)[place])


def _diverge(column: GridColumn, sets: NDArray[np.int64]) -> Floats:
    """Return the divergence of each set of trials from all, shape (R,)."""
    n, n_top = len(column.cells), sets.shape[1]
    if column.n_set < _SMALLEST or column.n_cells < 2:
        return np.zeros(len(sets))
    everything = _count(column, np.arange(n)[None, :])
    near = estimate_densities(everything, is_ordered=column.is_ordered)[0] + _TINY
    found = np.zeros(len(sets))
    for start in range(0, len(sets), _CHUNK):
        counts = _count(column, sets[start : start + _CHUNK])
        n_set = counts.sum(axis=1)
        is_told = n_set > 0
        top = estimate_densities(counts[is_told], is_ordered=column.is_ordered) + _TINY
        weights = (n_set[is_told] / n_top) ** 2 / (column.n_set / n)
        found[start : start + _CHUNK][is_told] = weights * ((top / near - 1) ** 2 @ near)
    return np.asarray(found * (n_top / n) ** 2)


def _count(column: GridColumn, sets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many trials of each set lie in each cell, shape (R, G)."""
    cells = column.cells[sets]
    rows, width = np.arange(len(sets))[:, None], column.n_cells + 1  # the last: not set
    places = rows * width + np.where(cells < 0, column.n_cells, cells)
    flat = np.bincount(places.ravel(), minlength=len(sets) * width)
    return flat.reshape(len(sets), width)[:, :-1]
