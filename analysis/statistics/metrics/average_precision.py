"""Average precision, and what each row contributes to it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.metrics.auc import check_labels, check_scores
from analysis.statistics.metrics.blocks import number_blocks
from analysis.statistics.metrics.metric import MetricEstimate

_MOST_BLOCKS = 20


def estimate_average_precision(labels: ArrayLike, scores: ArrayLike) -> MetricEstimate:
    """Return the mean over positives of the precision among the rows scored as high or higher.

    With T(s) the positives and A(s) the rows that score s or more, the precision is P(s) = T(s) /
    A(s), and the average precision the mean of P(s_i) over the m positives i: with ties the sum of
    recall steps times precision. Its derivative by the weight of row j is

        1[j positive] (P(s_j) - AP) / m + sum_(i positive, s_i <= s_j) (1[j positive] - P(s_i)) /
        (m A(s_i))

    It holds that the share of positives is a matter of chance too, since precision goes by it. But
    the precision at the highest scores rests on a few stretches of rows, each of which has bent it
    towards itself: sums of derivatives over a stretch say too little of what the stretch does
    (Efron 1981, Biometrika 68, 589-599, of the derivative as the infinitesimal jackknife). So the
    rows are cut into 20 blocks as they stand, and the derivatives of the n_b rows of block b are
    shifted by a constant, to the sum ``(1 - n_b / N) (AP - AP without b)`` less its mean: the block
    jackknife of Kuensch (1989), Annals of Statistics 17, 1217-1241, which errs on the side of too
    large (Efron & Stein 1981, Annals of Statistics 9, 586-596). The influence of a row is that
    times ``sqrt(N / (N - 1))``. A block that holds every positive keeps its derivatives.

    Parameters
    ----------
    labels : array_like, shape (N,)
        Booleans, or the numbers 0 and 1.
    scores : array_like, shape (..., N)
        Any increasing function of the predicted probability, such as logits.

    Raises
    ------
    ValueError
        As `estimate_auc` does.
    """
    positive = check_labels(labels)
    scores = check_scores(scores, positive.size)
    blocks = number_blocks(positive.size, min(_MOST_BLOCKS, positive.size))
    values, influences = np.empty(scores.shape[:-1]), np.empty(scores.shape)
    for fit in np.ndindex(scores.shape[:-1]):
        values[fit], influences[fit] = _rank(positive, scores[fit], blocks)
    influences *= np.sqrt(positive.size / (positive.size - 1))
    m = int(positive.sum())
    return MetricEstimate(values, influences, min(m, positive.size - m))


def _rank(
    positive: NDArray[np.bool_], scores: NDArray[np.float64], blocks: NDArray[np.intp]
) -> tuple[float, NDArray[np.float64]]:
    """Average precision of one fit and what each row does to it, by distinct scores in order."""
    place, n_rows = np.unique(scores, return_inverse=True, return_counts=True)[1:]
    n_positive = np.bincount(place, weights=positive, minlength=n_rows.size)
    at_least = np.cumsum(n_rows[::-1])[::-1]
    precision = np.cumsum(n_positive[::-1])[::-1] / at_least
    m = n_positive.sum()
    value = float(n_positive @ precision / m)
    gained = np.cumsum(n_positive / at_least)[place]
    lost = np.cumsum(n_positive * precision / at_least)[place]
    own = positive * (precision[place] - value + gained)
    derivatives = (own - lost) / m
    without = _leave_out_blocks(positive, place, blocks)
    return value, _shift_blocks(derivatives, value - without, blocks)


def _leave_out_blocks(
    positive: NDArray[np.bool_], place: NDArray[np.intp], blocks: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Average precision without each block of rows (B,); NaN where no positive is left."""
    step = np.cumsum(np.bincount(place, weights=positive) > 0) - 1  # scores that positives have
    steps, n_steps, n_blocks = step[place], step[-1] + 1, blocks[-1] + 1

    def count(which: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Count the rows with a step's score, or one up to the next step, outside each block."""
        cells = (blocks * n_steps + steps)[which]
        inside = np.bincount(cells, minlength=n_blocks * n_steps).reshape(n_blocks, n_steps)
        return np.asarray(inside.sum(axis=0) - inside)

    n_positive, n_rows = count(positive), count(steps >= 0)  # (B, steps)
    found = np.cumsum(n_positive[:, ::-1], axis=1)[:, ::-1]
    at_least = np.cumsum(n_rows[:, ::-1], axis=1)[:, ::-1]
    sums, left = (n_positive * found / np.maximum(at_least, 1)).sum(axis=1), found[:, 0]
    return np.asarray(np.divide(sums, left, out=np.full(n_blocks, np.nan), where=left > 0))


def _shift_blocks(
    derivatives: NDArray[np.float64], lost: NDArray[np.float64], blocks: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Shift the derivatives within blocks so that they sum to what leaving one out loses (B,)."""
    n_rows = np.bincount(blocks)
    sums = np.bincount(blocks, weights=derivatives)
    shares = n_rows / blocks.size
    shifts = np.where(np.isnan(lost), 0, (1 - shares) * lost - sums)
    shifts -= shares * shifts.sum()
    return np.asarray(derivatives + (shifts / n_rows)[blocks])
