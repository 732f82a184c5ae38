"""One estimate of several folds, each with fits of its own: periods, or parts of the rows."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.metrics.metric import MetricEstimate


def pool_folds(
    estimates: Sequence[MetricEstimate], *, test_to_train: float | None = None
) -> MetricEstimate:
    """Return the mean over folds, with the influences of all rows in time order.

    With theta_q and f_t the value and influences of fold q on its N_q rows, ``theta = mean_q
    theta_q`` and the influence of a row is ``(f_t + (theta_q - theta) / N_q) / k``. Pairs of rows
    are so compared inside a fold only, since the scores of different fits have no common scale.
    The second term is what the fold's period as a whole says: the equal-weighted cosines see how
    it drifts, and it is no independent noise of rows, so that their floor leaves it out
    (`centre_folds`).

    K-fold cross-validation of rows without order is pooled alike. Its fits share most of their
    training rows, so that their values lie closer together than those of fits on other data
    would: `test_to_train` has the error between folds enlarged (`PeriodPool`).

    Parameters
    ----------
    estimates : sequence of MetricEstimate
        One a fold, in time order, of the same fits: ``values`` (...) and ``influences`` (...,
        N_q). Several rows of a date or group are summed before (`MetricEstimate.sum_within`,
        `MetricEstimate.sum_by`).
    test_to_train : float or None
        Of folds whose training rows are each other's validation rows, a fold's validation rows
        over its training rows, 1 / (k - 1) of k equal folds; None for folds in time order.

    Returns
    -------
    MetricEstimate
        ``influences`` (..., sum of N_q); ``smallest_class`` is the sum of the folds', which is
        the pooled rows' or less. One fold is returned as it is.

    Raises
    ------
    ValueError
        If there is no fold, their fits differ, one of them is pooled already, or `test_to_train`
        is not positive.
    """
    if test_to_train is not None and not 0 < test_to_train < np.inf:
        raise ValueError(f"test_to_train: got {test_to_train}, expected a positive number")
    shapes = {one.values.shape for one in estimates}
    kinds = {one.smallest_class is None for one in estimates}
    if len(shapes) != 1 or len(kinds) != 1 or any(one.fold_rows for one in estimates):
        raise ValueError(
            f"got {len(estimates)} folds with values of shapes {sorted(shapes)}, "
            "expected some, each of the same fits and metric"
        )
    if len(estimates) == 1:
        return estimates[0]
    by_fold = np.stack([one.values for one in estimates], axis=-1)  # (..., k)
    values, n_folds = by_fold.mean(axis=-1), len(estimates)
    influences = [
        (one.influences + (one.values - values)[..., None] / max(one.influences.shape[-1], 1))
        / n_folds
        for one in estimates
    ]
    classes = [one.smallest_class for one in estimates if one.smallest_class is not None]
    return MetricEstimate(
        values=np.asarray(values),
        influences=np.concatenate(influences, axis=-1),
        smallest_class=sum(classes) if classes else None,
        fold_rows=tuple(one.influences.shape[-1] for one in estimates),
        fold_values=by_fold,
        test_to_train=test_to_train,
    )


def centre_folds(influences: NDArray[np.float64], fold_rows: Sequence[int]) -> NDArray[np.float64]:
    """Return pooled influences without what the folds' values add: those of rows in their fold.

    The influences of a fit on its own rows add up to zero, so that a fold's mean is just the term
    ``(theta_q - theta) / (k N_q)`` that `pool_folds` has added.

    Parameters
    ----------
    influences : ndarray, shape (..., N)
    fold_rows : sequence of int
        The rows of each fold; with fewer than two folds nothing is taken out.

    Returns
    -------
    ndarray, shape (..., N)
    """
    if len(fold_rows) < 2 or influences.shape[-1] == 0:
        return influences
    starts = np.cumsum([0, *fold_rows[:-1]])
    sums = np.add.reduceat(influences, starts, axis=-1)
    return np.asarray(influences - np.repeat(sums / fold_rows, fold_rows, axis=-1))
