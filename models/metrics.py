"""How well log-odds predict labels: the scores that a fit and a baseline record alike."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PredictionScores:
    """Scores of one set of predictions; a positive row is one whose label is 1."""

    n: int
    n_positive: int
    auc: float
    """Area under the ROC curve."""
    average_precision: float
    log_loss: float
    """Mean negative log-likelihood, in nats."""
    brier: float
    """Mean squared difference of probability and label (Brier 1950)."""
    accuracy: float
    precision: float
    """Share of the predicted positives that are positive; 0 when none is predicted."""
    recall: float
    true_positives: int
    true_negatives: int
    false_positives: int
    false_negatives: int
    min_probability: float
    max_probability: float


def import_scores() -> None:
    """Import what `score_predictions` needs, which takes a second, before a result waits for it."""
    import sklearn.metrics  # noqa: F401, PLC0415


def score_predictions(
    labels: ArrayLike, logits: ArrayLike, threshold: float = 0.5
) -> PredictionScores:
    """Score log-odds against labels.

    Parameters
    ----------
    labels : array of 0 and 1, shape (n,)
    logits : array, shape (n,)
    threshold : float
        A row is predicted positive from this probability on.

    Raises
    ------
    ValueError
        If the arrays disagree, a value is not finite, or only one class is there.
    """
    # scikit-learn takes over a second to import, which a worker should not wait for.
    from sklearn.metrics import average_precision_score  # noqa: PLC0415

    y, z = _check_pair(labels, logits)
    probability = np.exp(-np.logaddexp(0, -z))
    actual, predicted = y == 1, probability >= threshold
    hits, n_predicted, n_positive = (int(v.sum()) for v in (actual & predicted, predicted, actual))
    correct = int((actual == predicted).sum())
    return PredictionScores(
        n=len(y),
        n_positive=n_positive,
        auc=rank_auc(y, z),
        average_precision=float(average_precision_score(y, z)),
        log_loss=log_loss(y, z),
        brier=float(np.mean((probability - y) ** 2)),
        accuracy=correct / len(y),
        precision=hits / n_predicted if n_predicted else 0.0,
        recall=hits / n_positive,
        true_positives=hits,
        true_negatives=correct - hits,
        false_positives=n_predicted - hits,
        false_negatives=n_positive - hits,
        min_probability=float(probability.min()),
        max_probability=float(probability.max()),
    )


def log_loss(labels: ArrayLike, logits: ArrayLike) -> float:
    """Return the mean of log(1 + exp(z)) - y z, the binary cross-entropy in nats."""
    y, z = np.asarray(labels, np.float64), np.asarray(logits, np.float64)
    return float(np.mean(np.logaddexp(0, z) - y * z))


def rank_auc(labels: ArrayLike, scores: ArrayLike) -> float:
    """Return the exact area under the ROC curve, from ranks.

    With R the sum of the positives' ranks (tied scores share their mean rank), m positives and n
    negatives: (R - m (m + 1) / 2) / (m n), the Mann-Whitney statistic (Hanley and McNeil 1982). It
    agrees with scikit-learn's figure and costs a training epoch no import.

    Raises
    ------
    ValueError
        If the arrays disagree, a value is not finite, or only one class is there.
    """
    y, x = _check_pair(labels, scores)
    _, group, counts = np.unique(x, return_inverse=True, return_counts=True)
    mean_ranks = np.cumsum(counts) - (counts - 1) / 2
    m = int(y.sum())
    rank_sum = float(mean_ranks[group][y == 1].sum())
    return (rank_sum - m * (m + 1) / 2) / (m * (len(y) - m))


def _check_pair(labels: ArrayLike, scores: ArrayLike) -> tuple[Floats, Floats]:
    y, x = np.asarray(labels, np.float64), np.asarray(scores, np.float64)
    if y.ndim != 1 or y.shape != x.shape:
        raise ValueError(f"labels {y.shape} and scores {x.shape} are not vectors of one length")
    if not np.isfinite(x).all():
        raise ValueError(f"{int((~np.isfinite(x)).sum())} of {len(x)} scores are not finite")
    if not np.array_equal(np.unique(y), [0, 1]):
        raise ValueError(f"labels are {np.unique(y).tolist()}, expected both 0 and 1")
    return y, x
