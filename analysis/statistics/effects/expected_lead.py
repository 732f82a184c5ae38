"""How far the best of equal trials stands above the middle by chance alone, and two apart."""

import math

from scipy.stats import norm

CORRELATION = 0.95


def expect_lead(error: float, n_trials: int, correlation: float = CORRELATION) -> float:
    """Return how far the best of equal trials is expected to stand above their mean.

    Trials evaluated on the same rows share most of their error; what remains has standard
    deviation error * sqrt(1 - correlation), and the largest of n normal values stands about
    z((n - 0.375)/(n + 0.25)) standard deviations above the mean (Blom 1958).

    Parameters
    ----------
    error
        Standard error of one trial's metric.
    correlation
        Between the estimates of two trials on the same rows.
    """
    if n_trials < 2:
        return 0.0
    quantile = float(norm.ppf((n_trials - 0.375) / (n_trials + 0.25)))
    return error * math.sqrt(1 - correlation) * quantile


def expect_difference_error(error: float, correlation: float = CORRELATION) -> float:
    """Return the standard error of the difference of two trials: error * sqrt(2 (1 - correlation)).

    Parameters
    ----------
    error, correlation
        As for `expect_lead`.
    """
    return error * math.sqrt(2 * (1 - correlation))
