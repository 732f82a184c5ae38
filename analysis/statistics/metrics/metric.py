"""A metric of fits on the same rows: its values, and what each row contributes to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, eq=False)
class MetricEstimate:
    """Values of one metric on the same rows, with the influence of every row.

    What compares trials takes these, not scores: a fit is evaluated once however many comparisons
    it stands in, and a further metric needs no second path. More is better: a loss enters with
    its sign turned.

    Attributes
    ----------
    values : ndarray, shape (...)
        One value for each fit.
    influences : ndarray, shape (..., N)
        How far each row moves its value, in the order of the rows, in units of the metric: the
        sum of their squares is the value's variance if the rows are independent.
    smallest_class : int or None
        Rows of the rarer class; None for a metric that knows no classes.
    fold_rows : tuple of int
        Of an estimate pooled over folds (`pool_folds`), the rows of each, which add up to N;
        empty where the rows are one period.
    fold_values : ndarray, shape (..., k), or None
        The value on each fold; None where the rows are one period.
    test_to_train : float or None
        Of folds whose training rows are each other's validation rows, a fold's validation rows
        over its training rows; None for folds that follow each other in time.
    """

    values: NDArray[np.float64]
    influences: NDArray[np.float64]
    smallest_class: int | None = None
    fold_rows: tuple[int, ...] = ()
    fold_values: NDArray[np.float64] | None = None
    test_to_train: float | None = None

    @property
    def n_folds(self) -> int:
        """Over how many folds it is pooled, k; 1 where the rows are one period."""
        return max(len(self.fold_rows), 1)

    @property
    def by_fold(self) -> NDArray[np.float64]:
        """The values with an axis of folds behind theirs, (..., k)."""
        return self.values[..., None] if self.fold_values is None else self.fold_values

    def select(self, index: int | Sequence[int]) -> "MetricEstimate":
        """Return one entry of the first axis, or several of them."""
        folds = None if self.fold_values is None else self.fold_values[index]
        values, influences = np.asarray(self.values[index]), self.influences[index]
        return replace(self, values=values, influences=influences, fold_values=folds)

    def sum_within(self, starts: NDArray[np.intp]) -> "MetricEstimate":
        """Return the estimates with the influences of rows that belong together summed.

        Several rows of one date are no independent rows: only the dates are in order.

        Parameters
        ----------
        starts : ndarray of int, shape (M,)
            Where each group of consecutive rows begins; the first at 0.

        Raises
        ------
        ValueError
            If folds have been pooled already: their rows are counted by then.
        """
        if self.fold_rows:
            raise ValueError(
                f"got an estimate of {self.n_folds} folds, expected rows to be summed by date "
                "before folds are pooled"
            )
        summed = np.add.reduceat(self.influences, starts, axis=-1)
        return replace(self, influences=np.asarray(summed))

    def sum_by(self, groups: ArrayLike) -> "MetricEstimate":
        """Return the estimates with the influences of the rows of each group summed.

        Rows of one group, such as a patient or a shop, are no independent rows: the groups are.
        The sum of squares is then the variance that is robust to anything within a group (Liang
        & Zeger 1986, Biometrika 73, 13-22).

        Parameters
        ----------
        groups : array_like, shape (N,)
            Of each row, in any order; the sums are in that of the groups' names.

        Raises
        ------
        ValueError
            If there is not one group a row, or folds have been pooled already.
        """
        names = np.asarray(groups)
        if names.shape != self.influences.shape[-1:]:
            raise ValueError(
                f"groups: got shape {names.shape}, expected ({self.influences.shape[-1]},)"
            )
        order = np.argsort(names, kind="stable")
        starts = np.unique(names[order], return_index=True)[1]
        return replace(self, influences=self.influences[..., order]).sum_within(starts)


def stack_estimates(estimates: Sequence[MetricEstimate]) -> MetricEstimate:
    """Join estimates on the same rows along a new first axis.

    Raises
    ------
    ValueError
        If there are none, or their shapes or classes differ.
    """
    return _put_together(estimates, np.stack)


def join_estimates(estimates: Sequence[MetricEstimate]) -> MetricEstimate:
    """Join estimates on the same rows along their first axis, the trials.

    Raises
    ------
    ValueError
        If there are none, or their classes or the shapes behind the first axis differ.
    """
    return _put_together(estimates, np.concatenate)


def check_estimates(estimates: MetricEstimate, name: str) -> MetricEstimate:
    """Return the estimates where they have axes of trials and of seeds.

    Raises
    ------
    ValueError
        If there are not just these two axes, or one of them is empty; it says `name`.
    """
    if estimates.values.ndim != 2 or 0 in estimates.values.shape:
        shape = estimates.influences.shape
        raise ValueError(f"{name}: got shape {shape}, expected (trials, seeds, rows)")
    return estimates


def estimate_mean(gains: ArrayLike) -> MetricEstimate:
    """Return the mean gain of each fit and the influence of each row on it.

    The influence of row t is ``(g_t - mean) / N * sqrt(N / (N - 1))``: the sum of the squares is
    the variance of the mean. The difference of two such series is that of Diebold & Mariano
    (1995), Journal of Business & Economic Statistics 13, 253-263.

    Parameters
    ----------
    gains : array_like, shape (..., N)
        More is better: minus the squared error, the log loss or another loss of each row.

    Raises
    ------
    ValueError
        If there are fewer than two rows, or a gain is not finite.
    """
    array = np.asarray(gains, dtype=np.float64)
    if array.ndim == 0 or array.shape[-1] < 2:
        raise ValueError(f"gains: got shape {array.shape}, expected at least 2 rows")
    wrong = int((~np.isfinite(array)).sum())
    if wrong:
        raise ValueError(f"gains: got {wrong} that are not finite, expected a number in every row")
    n_rows = array.shape[-1]
    values = array.mean(axis=-1)
    influences = (array - values[..., None]) / np.sqrt(n_rows * (n_rows - 1))
    return MetricEstimate(np.asarray(values), influences)


def estimate_scalars(values: ArrayLike, *, is_ratio: bool = False) -> MetricEstimate:
    """Return a recorded metric that no rows are known of, such as seconds.

    Its contrasts, over rows without order, are paired by seed: t with the moderated spread
    between seeds alone (`Contrast.rows_counted` is false).

    Parameters
    ----------
    values : array_like, shape (K, S)
        More is better.
    is_ratio : bool
        Take logarithms: a contrast is then that of the logarithms, a ratio of geometric means.

    Raises
    ------
    ValueError
        If a value is not finite, or not positive where its logarithm is asked for.
    """
    array = np.asarray(values, dtype=np.float64)
    wrong = array[~np.isfinite(array) | (is_ratio & (array <= 0))]
    if wrong.size:
        expected = "positive" if is_ratio else "finite"
        raise ValueError(f"values: got {wrong[0]}, expected {expected} numbers")
    array = np.log(array) if is_ratio else array
    return MetricEstimate(array, np.zeros((*array.shape, 0)))


def _put_together(
    estimates: Sequence[MetricEstimate],
    join: Callable[[list[NDArray[np.float64]]], NDArray[np.float64]],
) -> MetricEstimate:
    kinds = {
        (one.smallest_class, one.fold_rows, one.influences.shape[-1], one.test_to_train)
        for one in estimates
    }
    if len(kinds) != 1:
        raise ValueError(f"got {len(estimates)} estimates, expected some, all of the same rows")
    folds = [one.fold_values for one in estimates if one.fold_values is not None]
    return replace(
        estimates[0],
        values=join([one.values for one in estimates]),
        influences=join([one.influences for one in estimates]),
        fold_values=join(folds) if folds else None,
    )
