"""Metrics that are means over classes: macro F1 and macro AUC."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import softmax

from analysis.statistics.metrics.auc import estimate_auc
from analysis.statistics.metrics.metric import MetricEstimate
from analysis.statistics.metrics.targets import check_class_scores, check_classes


def estimate_macro_f1(labels: ArrayLike, scores: ArrayLike) -> MetricEstimate:
    """Return the mean over classes of their F1.

    That of a class is ``sum a_t / sum b_t`` with a_t twice whether row t is of the class and
    predicted so, and b_t whether it is of it plus whether it is predicted so. By the delta method
    the influence of a row on it is ``(a_t - F1 b_t) / sum b_t * sqrt(N / (N - 1))``. The mean is
    over the classes that a fit's rows have or are predicted to have; one of them that is never
    predicted rightly has an F1 of zero.

    Parameters
    ----------
    labels : array_like, shape (N,)
        The number of the class.
    scores : array_like, shape (..., N, K)
        Logits of three classes or more; the highest is predicted, of equal ones the first.

    Returns
    -------
    MetricEstimate
        ``smallest_class`` is of the rarest of all K classes: zero where one has no row.

    Raises
    ------
    ValueError
        If the shapes do not fit, or a label is no class.
    """
    chances, of_class = _check_pair(labels, scores)
    n_rows, n_classes = chances.shape[-2:]
    predicted = chances.argmax(axis=-1)  # (..., N)
    values, n_present = np.zeros(predicted.shape[:-1]), np.zeros(predicted.shape[:-1])
    influences = np.zeros(predicted.shape)
    for one in range(n_classes):
        is_class, is_said = of_class == one, predicted == one
        hits, total = 2.0 * (is_class & is_said), is_class + is_said.astype(float)
        counts = total.sum(axis=-1)
        is_present = counts > 0
        counts = np.where(is_present, counts, 1)
        f1 = hits.sum(axis=-1) / counts
        values += f1
        influences += (hits - f1[..., None] * total) / counts[..., None]
        n_present += is_present
    influences *= np.sqrt(n_rows / (n_rows - 1)) / n_present[..., None]
    smallest = int(np.bincount(of_class, minlength=n_classes).min())
    return MetricEstimate(np.asarray(values / n_present), influences, smallest)


def check_every_class(labels: ArrayLike, n_classes: int | None = None) -> NDArray[np.intp]:
    """Return the class of each row, of which every class has two.

    Parameters
    ----------
    labels, n_classes
        As in `check_classes`; without K the highest label is the last class.

    Raises
    ------
    ValueError
        As there, or if a class has fewer than two rows.
    """
    of_class = check_classes(labels, n_classes)
    counts = np.bincount(of_class, minlength=n_classes or 0)
    if counts.min() < 2:
        raise ValueError(
            f"labels: got {counts.min()} rows of class {counts.argmin()}, expected at least 2 of "
            "each class"
        )
    return of_class


def estimate_macro_auc(labels: ArrayLike, scores: ArrayLike) -> MetricEstimate:
    """Return the mean over classes of the AUC of a class against all others.

    The influences are the means of those of `estimate_auc`, on the probabilities of a class.

    Parameters
    ----------
    labels, scores
        As in `estimate_macro_f1`.

    Raises
    ------
    ValueError
        As there, or if a class has fewer than two rows.
    """
    parts = list(list_aucs(labels, scores))
    smallest = min(part.smallest_class or 0 for part in parts)
    return MetricEstimate(
        np.asarray(np.mean([part.values for part in parts], axis=0)),
        np.asarray(np.mean([part.influences for part in parts], axis=0)),
        smallest,
    )


def list_aucs(labels: ArrayLike, scores: ArrayLike) -> Iterator[MetricEstimate]:
    """Yield the AUC of each class against all others; raises as `estimate_macro_auc` does."""
    of_class = _check_pair(labels, scores)[1]
    chances = softmax(np.asarray(scores, dtype=np.float64), axis=-1)
    check_every_class(of_class, chances.shape[-1])
    for one in range(chances.shape[-1]):
        yield estimate_auc(of_class == one, chances[..., one])


def _check_pair(
    labels: ArrayLike, scores: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    chances = check_class_scores(scores, np.size(labels))
    return chances, check_classes(labels, chances.shape[-1])
