"""The smallest difference that a contrast or a batch could have detected."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2
from scipy.stats import t as student

from analysis.statistics.comparisons.contrast import LEVEL, Contrast
from analysis.statistics.comparisons.multiplicity import ALPHA
from analysis.statistics.variances.standard_error import combine_variances


@dataclass(frozen=True, slots=True)
class BatchPower:
    """The smallest detectable differences of a batch's contrasts.

    Attributes
    ----------
    smallest, median, largest : float
        Over the contrasts, each tested alone.
    median_low, median_high : float
        Median of the ends of the range that the errors' own uncertainty gives.
    median_in_family : float
        Median when a difference has to pass the first step of Holm's test, alpha over the size
        of the family.
    n_contrasts, family_size : int
        Contrasts that have an error, and claims in the family.
    is_provisional : bool
        Whether any contrast has one seed only, so that the true differences are larger.
    """

    smallest: float
    median: float
    largest: float
    median_low: float
    median_high: float
    median_in_family: float
    n_contrasts: int
    family_size: int
    is_provisional: bool


def find_detectable_difference(
    standard_error: float,
    df: float = np.inf,
    *,
    rope: float = 0.0,
    against: float = 0.0,
    alpha: float = ALPHA,
    power: float = 0.8,
) -> float:
    """Return the smallest true difference that is confirmed with probability `power`.

    ``max(margin + t_(1 - alpha/2) SE, ROPE) + t_power SE``, the minimum detectable effect
    of Bloom (1995), Evaluation Review 19, 547-556, with the ROPE that an estimate must also reach.

    Parameters
    ----------
    standard_error : float
        Of the difference, in units of the metric.
    df : float
        Degrees of freedom of t; infinite for a normal.
    rope : float
        Smallest estimate that counts, in units of the metric.
    against : float
        Margin that the test is against.
    alpha : float
        Two-sided level of the test.
    power : float
        Probability of confirming, above 0.5.

    Raises
    ------
    ValueError
        If the error is negative.
    """
    if standard_error < 0:
        raise ValueError(f"standard_error: got {standard_error}, expected 0 or more")
    critical = against + float(student.isf(alpha / 2, df)) * standard_error
    return max(critical, rope) + float(student.ppf(power, df)) * standard_error


def find_detectable_range(
    standard_error: float,
    df: float,
    *,
    rope: float = 0.0,
    alpha: float = ALPHA,
    power: float = 0.8,
    level: float = LEVEL,
) -> tuple[float, float]:
    """Return `find_detectable_difference` at both ends of what the true error may be.

    ``SE sqrt(df / chi2_q)`` for the quantiles q = (1 +- level)/2 of chi-square on `df`: an error
    that was estimated on few degrees of freedom says little about what a larger batch finds.

    Parameters
    ----------
    standard_error, df, rope, alpha, power : float
        As in `find_detectable_difference`.
    level : float
        Coverage of the range.

    Raises
    ------
    ValueError
        If the error is negative.
    """
    low, high = (
        find_detectable_difference(
            standard_error * float(np.sqrt(df / chi2.ppf(share, df))),
            df,
            rope=rope,
            alpha=alpha,
            power=power,
        )
        for share in ((1 + level) / 2, (1 - level) / 2)
    )
    return low, high


def summarise_power(
    contrasts: Sequence[Contrast],
    *,
    family_size: int,
    rope: float = 0.0,
    alpha: float = ALPHA,
    power: float = 0.8,
) -> BatchPower | None:
    """Return the smallest differences that the batch could have detected.

    Parameters
    ----------
    contrasts : sequence of Contrast
        Those without an error (identical groups) are left out.
    family_size : int
        Expectations that the study declares, pending ones included.
    rope, alpha, power : float
        As in `find_detectable_difference`.

    Returns
    -------
    BatchPower or None
        None if no contrast has an error.

    Raises
    ------
    ValueError
        If the family is smaller than the number of contrasts.
    """
    if family_size < len(contrasts):
        raise ValueError(f"family_size: got {family_size}, expected {len(contrasts)} or more")
    judged = [one for one in contrasts if one.standard_error > 0]
    if not judged:
        return None
    alone, in_family = (
        [
            find_detectable_difference(
                one.standard_error, one.df, rope=rope, alpha=level, power=power
            )
            for one in judged
        ]
        for level in (alpha, alpha / family_size)
    )
    ends = [
        find_detectable_range(one.standard_error, one.df, rope=rope, alpha=alpha, power=power)
        for one in judged
    ]
    return BatchPower(
        smallest=min(alone),
        median=float(np.median(alone)),
        largest=max(alone),
        median_low=float(np.median([low for low, _ in ends])),
        median_high=float(np.median([high for _, high in ends])),
        median_in_family=float(np.median(in_family)),
        n_contrasts=len(judged),
        family_size=family_size,
        is_provisional=any(one.is_provisional for one in judged),
    )


def count_deciding_seeds(
    contrast: Contrast,
    *,
    rope: float = 0.0,
    against: float = 0.0,
    alpha: float = ALPHA,
    power: float = 0.8,
    max_seeds: int = 30,
) -> int | None:
    """Return how many seeds would confirm the difference if the estimate is true.

    With S' seeds instead of S, ``SE^2 = R + S/S' (V_int + B)`` with ``R = V_rows - V_int`` and
    V_period, the noise of rows and periods that no seed removes, and ``B = max(0, V_seed -
    V_int)``.

    Parameters
    ----------
    contrast : Contrast
    rope, against, alpha, power : float
        As in `find_detectable_difference`.
    max_seeds : int
        Where to stop looking.

    Returns
    -------
    int or None
        More than the seeds there are; None if no number up to `max_seeds` suffices (only more
        rows would help), or the estimate is not above the ROPE, or one seed tells nothing.
    """
    if contrast.is_provisional or contrast.estimate <= rope:
        return None
    for n_seeds in range(contrast.n_seeds + 1, max_seeds + 1):
        error, df = _project_error(contrast, n_seeds)
        detectable = find_detectable_difference(
            error, df, rope=rope, against=against, alpha=alpha, power=power
        )
        if detectable <= contrast.estimate:
            return n_seeds
    return None


def _project_error(contrast: Contrast, n_seeds: int) -> tuple[float, float]:
    ratio = contrast.n_seeds / n_seeds
    interaction = np.asarray(contrast.variance_interaction * ratio)
    fixed = max(0.0, contrast.variance_rows - contrast.variance_interaction)
    errors, dfs = combine_variances(
        fixed + interaction,
        np.asarray(contrast.variance_seeds * ratio),
        interaction,
        row_df=contrast.row_df,
        seed_df=contrast.seed_df + contrast.n_folds * (n_seeds - contrast.n_seeds),
        periods=contrast.variance_periods,
        period_df=contrast.period_df,
    )
    return float(errors), float(dfs)
