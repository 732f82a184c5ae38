"""The area under the ROC curve, and what each row contributes to it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from analysis.statistics.metrics.metric import MetricEstimate


def check_labels(labels: ArrayLike) -> NDArray[np.bool_]:
    """Return which rows are positive.

    Parameters
    ----------
    labels : array_like, shape (N,)
        Booleans, or the numbers 0 and 1.

    Returns
    -------
    ndarray of bool, shape (N,)

    Raises
    ------
    ValueError
        If the labels are not one row of zeros and ones, or a class has fewer than two rows (one
        row has no variance).
    """
    array = np.asarray(labels)
    if array.ndim != 1:
        raise ValueError(f"labels: got shape {array.shape}, expected one dimension (N,)")
    odd = array[~np.isin(array, (0, 1))].tolist()
    if odd:
        raise ValueError(f"labels: got {odd[0]!r}, expected only 0 and 1")
    positive = array.astype(bool)
    m, n = int(positive.sum()), int((~positive).sum())
    if min(m, n) < 2:
        raise ValueError(
            f"labels: got {m} positive and {n} negative rows, expected at least 2 of each class"
        )
    return positive


def check_scores(
    scores: ArrayLike, n_rows: int, name: str = "scores", *, fewest_axes: int = 1
) -> NDArray[np.float64]:
    """Return scores as numbers in double precision.

    Parameters
    ----------
    scores : array_like, shape (..., N)
    n_rows : int
        N.
    name : str
        What the error calls them.
    fewest_axes : int
        How many axes they have at least.

    Raises
    ------
    ValueError
        If the last axis has another length, there are fewer axes, or a score is NaN.
    """
    array = np.asarray(scores, dtype=np.float64)
    if array.ndim < fewest_axes or array.shape[-1] != n_rows:
        raise ValueError(
            f"{name}: got shape {array.shape}, expected {n_rows} rows on the last axis"
            + (" and epochs on the one before" if fewest_axes > 1 else "")
        )
    missing = int(np.isnan(array).sum())
    if missing:
        raise ValueError(f"{name}: got {missing} NaN, expected a number in every row")
    return array


def estimate_auc(labels: ArrayLike, scores: ArrayLike) -> MetricEstimate:
    """Return the AUC of each score vector and the influence of each row on it.

    With ``psi_ij = 1[s_i > s_j] + 0.5 * 1[s_i = s_j]`` for positive i and negative j, the AUC is
    the mean of psi. The influence of positive i is ``(mean_j psi_ij - AUC) / m * sqrt(m/(m-1))``,
    that of negative j ``(mean_i psi_ij - AUC) / n * sqrt(n/(n-1))``: the sum of their squares is
    DeLong's variance [1]_. The means come from midranks [2]_, in O(N log N): the rank of a
    positive among all rows less its rank among the positives counts the negatives below it.

    Parameters
    ----------
    labels : array_like, shape (N,)
        Booleans, or the numbers 0 and 1.
    scores : array_like, shape (..., N)
        Any increasing function of the predicted probability, such as logits.

    Returns
    -------
    MetricEstimate
        ``values`` (...) and ``influences`` (..., N).

    Raises
    ------
    ValueError
        If the labels do not pass `check_labels`, the lengths differ or a score is NaN.

    References
    ----------
    .. [1] DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44, 837-845.
    .. [2] Sun & Xu (2014), IEEE Signal Processing Letters 21, 1389-1393.
    """
    positive = check_labels(labels)
    scores = check_scores(scores, positive.size)
    m, n = int(positive.sum()), int((~positive).sum())
    ranks = rankdata(scores, axis=-1)
    below = ranks[..., positive] - rankdata(scores[..., positive], axis=-1)  # (..., m)
    beaten = ranks[..., ~positive] - rankdata(scores[..., ~positive], axis=-1)  # (..., n)
    values = below.mean(axis=-1) / n
    influences = np.empty(scores.shape)
    influences[..., positive] = (below / n - values[..., None]) / np.sqrt(m * (m - 1))
    influences[..., ~positive] = (1 - beaten / m - values[..., None]) / np.sqrt(n * (n - 1))
    return MetricEstimate(np.asarray(values), influences, min(m, n))


def approximate_standard_error(auc: float, n_positive: int, n_negative: int) -> float:
    """Return the standard error of an AUC of which only the value and the counts are known.

    ``SE^2 = (A(1-A) + (m-1)(Q1-A^2) + (n-1)(Q2-A^2)) / (mn)`` with ``Q1 = A/(2-A)`` and
    ``Q2 = 2A^2/(1+A)``: Hanley & McNeil (1982), Radiology 143, 29-36. It assumes independent
    rows and exponential scores.

    Parameters
    ----------
    auc : float
        Between 0 and 1.
    n_positive, n_negative : int
        Rows of either class.

    Raises
    ------
    ValueError
        If the AUC is not in [0, 1] or a class is empty.
    """
    if not 0 <= auc <= 1:
        raise ValueError(f"auc: got {auc}, expected a value from 0 to 1")
    if min(n_positive, n_negative) < 1:
        raise ValueError(
            f"got {n_positive} positive and {n_negative} negative rows, expected 1 or more of each"
        )
    two_positives = auc / (2 - auc) - auc**2
    two_negatives = 2 * auc**2 / (1 + auc) - auc**2
    spread = auc * (1 - auc)
    spread += (n_positive - 1) * two_positives + (n_negative - 1) * two_negatives
    return float(np.sqrt(spread / (n_positive * n_negative)))
