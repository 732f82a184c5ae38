"""Densities of hyperparameters on a grid of cells, for PED-ANOVA.

Axes: `R` sets of trials, `G` cells.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

MAX_CELLS = 50
_PRIOR = 1.0  # trials that the flat part of a density counts for
_LEAST_WIDTH = 0.5 / 1.64  # cells: 90 % of a kernel then lies in its own cell


def count_cells(
    low: float, high: float, *, step: float | None, is_whole: bool, is_log: bool
) -> int:
    """Return how many cells a range has: one a value, 50 at most, and fewer on a whole log scale.

    Parameters
    ----------
    step
        The distance of allowed values; None where any is, which for whole numbers is 1.
    """
    if is_whole and is_log:
        n_octaves = int(np.ceil(np.log(high - low + 1) / np.log(2))) + 1
        return min(n_octaves, MAX_CELLS)
    width = step or (1.0 if is_whole else None)
    if width is None or is_log:
        return MAX_CELLS
    return min(round((high - low) / width) + 1, MAX_CELLS)


def place_in_cells(
    values: ArrayLike, low: float, high: float, n_cells: int, *, is_log: bool
) -> NDArray[np.int64]:
    """Return the cell of each value, shape (n,): of `n_cells` points from `low` to `high` the next.

    On a log scale distances are those of logarithms. A value half-way goes to the lower one.
    """
    scale = np.log if is_log else np.asarray
    start, end = float(scale(low)), float(scale(high))
    if n_cells < 2 or end <= start:
        return np.zeros(np.shape(values), dtype=np.int64)
    width = (end - start) / (n_cells - 1)
    cells = np.ceil((scale(np.asarray(values, dtype=np.float64)) - start) / width - 0.5)
    return np.clip(cells, 0, n_cells - 1).astype(np.int64)


def estimate_densities(counts: ArrayLike, *, is_ordered: bool) -> Floats:
    """Return the densities that sets of trials have over the cells, shape (R, G); rows sum to 1.

    The Parzen estimator of Watanabe, Bansal and Hutter (2023), as Optuna has it. Of ordered cells
    every trial brings a normal kernel, cut off at both ends, whose width is Scott's rule,
    ``1.059 min(s, IQR / 1.34) W^(-1/5)`` with W trials, at least 0.3 cells; of others nearly all of
    its weight goes to its own cell. To these one flat kernel with the weight of one trial is added.

    Parameters
    ----------
    counts : array_like, shape (R, G)
        Trials in each cell, of every set at least one.
    """
    table = np.atleast_2d(np.asarray(counts, dtype=np.int64))
    return _smooth_ordered(table) if is_ordered else _smooth_choices(table)


def _smooth_choices(counts: Counts) -> Floats:
    """Spread of each trial what a trial's share of the prior is, by the choices that were tried."""
    n_cells, totals = counts.shape[1], counts.sum(axis=1, keepdims=True)
    spread = _PRIOR / ((counts > 0).sum(axis=1, keepdims=True) + 1)
    kernels = (counts + totals * spread) / (1 + n_cells * spread)
    return np.asarray((kernels + _PRIOR / n_cells) / (totals + _PRIOR))


def _smooth_ordered(counts: Counts) -> Floats:
    n_cells, totals = counts.shape[1], counts.sum(axis=1)
    edges = np.arange(-n_cells, n_cells) + 0.5  # of cells, seen from a kernel's centre
    below = ndtr(edges[None, :] / _choose_widths(counts)[:, None])  # (R, 2 G)
    inside = below[:, : n_cells - 1 : -1] - below[:, n_cells - 1 :: -1]  # (R, G), by centre
    masses = sliding_window_view(np.diff(below, axis=1), n_cells, axis=1)  # (R, G, G)
    seen = np.einsum("rc,rgc->rg", (counts / inside)[:, ::-1], masses)
    middle = _weigh_middle(n_cells)
    return np.asarray((seen + _PRIOR * middle) / (totals + _PRIOR)[:, None])


def _choose_widths(counts: Counts) -> Floats:
    """Return Scott's width of each set's kernels, in cells, shape (R,)."""
    cells, totals = np.arange(counts.shape[1]), counts.sum(axis=1)
    means = counts @ cells / totals
    squares = (counts * (cells - means[:, None]) ** 2).sum(axis=1)
    deviations = np.sqrt(squares / np.maximum(1, totals - 1))
    cumulated = counts.cumsum(axis=1)
    first = np.argmax(cumulated >= np.maximum(1, totals // 4)[:, None], axis=1)
    third = np.argmax(cumulated > (totals * 3 // 4)[:, None], axis=1)
    spread = np.minimum((third - first) / 1.34, deviations)
    return np.asarray(np.maximum(1.059 * spread * totals**-0.2, _LEAST_WIDTH))


def _weigh_middle(n_cells: int) -> Floats:
    """Return the nearly flat kernel about the middle, as wide as the range, shape (G,)."""
    edges = (np.arange(n_cells + 1) - n_cells / 2) / n_cells
    inside = np.diff(ndtr(edges))
    return np.asarray(inside / inside.sum())
