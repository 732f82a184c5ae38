"""A new champion: the best of many candidates against the control, and what the best is worth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm
from scipy.stats import t as student

from analysis.statistics.auc import AucEstimate, check_estimates, check_labels, estimate_auc
from analysis.statistics.long_run_variance import choose_lag
from analysis.statistics.trial_pairs import draw_pair_noise, pair_trials


@dataclass(frozen=True, slots=True)
class Challenge:
    """Candidates against the control, adjusted for the number of candidates.

    Attributes
    ----------
    estimates, standard_errors : tuple of float
        AUC of each candidate less that of the control.
    lows, highs : tuple of float
        Simultaneous intervals.
    p_values : tuple of float
        Two-sided, adjusted for taking the maximum.
    best : int
        The candidate with the highest AUC.
    is_candidate : bool
        Whether the best may be put forward: adjusted p below 1 - level, the estimate reaches
        the ROPE, more than one seed and enough rows. Only the test period makes it a champion.
    is_provisional, is_short : bool
        Whether there is only one seed, or fewer than 3 L rows.
    """

    estimates: tuple[float, ...]
    standard_errors: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    p_values: tuple[float, ...]
    best: int
    is_candidate: bool
    is_provisional: bool
    is_short: bool


@dataclass(frozen=True, slots=True)
class AdjustedMaximum:
    """The highest AUC of a batch, and what such a choice is worth on other rows and seeds.

    Attributes
    ----------
    best : int
        The trial with the highest mean AUC over seeds.
    maximum : float
        Its AUC on all rows.
    adjusted : float or None
        Mean AUC of the chosen trial on rows and seeds that did not choose it; None where one
        half of the rows has fewer than two rows of a class.
    n_trials : int
        Trials that the maximum was taken over.
    """

    best: int
    maximum: float
    adjusted: float | None
    n_trials: int


def challenge_control(
    candidates: AucEstimate,
    control: AucEstimate,
    *,
    horizon_rows: int,
    rope: float,
    rng: np.random.Generator,
    n_resamples: int = 2000,
    level: float = 0.95,
) -> Challenge:
    """Compare every candidate with the control, at an error rate for all of them together.

    Single-step max-|T|: the p value of candidate k is the share of resamples in which the largest
    of all |T*| reaches |T_k|, ``(1 + #) / (1 + B)``. T_k is `contrast_trials`' t as a normal
    deviate; T* holds the noise of rows (circular block bootstrap, the same rows for every trial
    and seed) and of seeds, in its own standard deviations. This is the first step of Romano &
    Wolf (2005), Econometrica 73, 1237-1282, and the studentised form of White's reality check
    (2000), Econometrica 68, 1097-1126. Correlated candidates cost less than with Holm. The
    resamples reuse the influences of the rows instead of ranking anew.

    Parameters
    ----------
    candidates : AucEstimate
        Of K trials with S seeds, ``values`` (K, S), on rows in time order.
    control : AucEstimate
        Of the control with the same seeds on the same rows, ``values`` (S,).
    horizon_rows : int
        Rows that a label looks ahead.
    rope : float
        Smallest difference of AUC that matters.
    rng : numpy.random.Generator
    n_resamples : int
        B.
    level : float
        Coverage of the intervals, all together.

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    pairs = pair_trials(_append(candidates, control), horizon_rows=horizon_rows)
    n_candidates = pairs.aucs.size - 1
    rivals = np.arange(n_candidates)
    noise = draw_pair_noise(pairs, n_resamples, rng).draw_deviates(n_candidates, rivals)
    largest = np.sort(np.abs(noise).max(axis=1))  # (B,)
    p_values = _count_exceeding(largest, np.abs(pairs.deviates[:-1, -1]))
    estimates = pairs.aucs[:-1] - pairs.aucs[-1]
    errors = pairs.errors[:-1, -1]
    alone = norm.isf((1 - level) / 2)  # together they are never narrower than one alone
    critical = max(float(np.quantile(largest, level)), float(alone))
    reach = errors * student.isf(norm.sf(critical), pairs.dfs[:-1, -1])
    best = int(np.argmax(estimates))
    is_found = p_values[best] < 1 - level and estimates[best] >= rope
    return Challenge(
        estimates=tuple(estimates.tolist()),
        standard_errors=tuple(errors.tolist()),
        lows=tuple((estimates - reach).tolist()),
        highs=tuple((estimates + reach).tolist()),
        p_values=tuple(p_values.tolist()),
        best=best,
        is_candidate=bool(is_found) and not pairs.is_provisional,
        is_provisional=pairs.is_provisional,
        is_short=pairs.is_short,
    )


def adjust_maximum(
    fits: AucEstimate, labels: ArrayLike, scores: ArrayLike, *, horizon_rows: int
) -> AdjustedMaximum:
    """Return the highest AUC and what remains of it on rows and seeds that did not choose it.

    The rows are cut into blocks of L rows. The best trial on the even blocks is scored on the odd
    ones, the best on the odd ones is scored on the even ones, and the AUCs are averaged. The
    maximum of K equal trials lies above their AUC by about their standard error times the
    expected maximum of K normal deviates; this value does not. A lucky seed is lucky on all rows,
    so with several seeds each is scored with the trial that the other seeds choose, and the mean
    is taken over seeds too. As it chooses on half of the rows, the value is on the low side where
    the trials do differ; what persists across the edges of blocks leaves about a tenth of the
    bias.

    Parameters
    ----------
    fits : AucEstimate
        As in `pair_trials`; the AUCs on all rows.
    labels : array_like, shape (N,)
        Zeros and ones, in time order.
    scores : array_like, shape (K, S, N)
        What the estimates come from, to be ranked anew on either half.
    horizon_rows : int
        Rows that a label looks ahead.

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    array = np.asarray(scores, dtype=np.float64)
    aucs = check_estimates(fits, "fits").values.mean(axis=1)  # (K,)
    if array.shape != fits.influences.shape:
        raise ValueError(
            f"scores: got shape {array.shape}, expected that of the fits, {fits.influences.shape}"
        )
    best = int(np.argmax(aucs))
    is_even = np.arange(array.shape[2]) // choose_lag(horizon_rows) % 2 == 0
    even, odd = (_score_half(labels, array, half) for half in (is_even, ~is_even))
    adjusted = None
    if even is not None and odd is not None:
        adjusted = (_score_choice(even, odd) + _score_choice(odd, even)) / 2
    return AdjustedMaximum(best, float(aucs[best]), adjusted, aucs.size)


def _append(candidates: AucEstimate, control: AucEstimate) -> AucEstimate:
    """Put the control behind the candidates."""
    expected = check_estimates(candidates, "candidates").influences.shape[1:]
    if control.influences.shape != expected:
        raise ValueError(
            f"control: got shape {control.influences.shape}, "
            f"expected (seeds, rows) of the candidates, {expected}"
        )
    return AucEstimate(
        np.concatenate([candidates.values, control.values[None]]),
        np.concatenate([candidates.influences, control.influences[None]]),
        candidates.n_positive,
        candidates.n_negative,
    )


def _count_exceeding(
    sorted_draws: NDArray[np.float64], observed: NDArray[np.float64]
) -> NDArray[np.float64]:
    n_above = sorted_draws.size - np.searchsorted(sorted_draws, observed, side="left")
    return np.asarray((1 + n_above) / (1 + sorted_draws.size))


def _score_half(
    labels: ArrayLike, scores: NDArray[np.float64], half: NDArray[np.bool_]
) -> NDArray[np.float64] | None:
    """AUCs on half of the rows (K, S)."""
    positive = check_labels(labels)[half]
    if min(positive.sum(), (~positive).sum()) < 2:
        return None
    return estimate_auc(positive, scores[..., half]).values


def _score_choice(choosing: NDArray[np.float64], scoring: NDArray[np.float64]) -> float:
    """Mean over seeds of the AUC of the trial that the other seeds choose on other rows."""
    n_seeds = choosing.shape[1]
    if n_seeds > 1:
        choosing = (choosing.sum(axis=1, keepdims=True) - choosing) / (n_seeds - 1)
    chosen = np.argmax(choosing, axis=0)  # (S,)
    return float(scoring[chosen, np.arange(n_seeds)].mean())
