"""What rows, seeds and periods each add to the error of a contrast, as a further batch meets it."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np

from analysis.statistics.metrics.folds import centre_folds
from analysis.statistics.metrics.metric import MetricEstimate, check_estimates
from analysis.statistics.variances.row_variance import choose_row_df, resolve_rows, spread_pairs
from analysis.statistics.variances.seed_pool import SeedPool, pool_seeds


@dataclass(frozen=True, slots=True)
class VarianceParts:
    """What one trial adds to the variance of a contrast, in units of the metric, squared.

    Attributes
    ----------
    rows : float
        That of its mean over all seeds, times the rows.
    interaction : float
        What a single seed adds to it on these rows, times the rows.
    seeds : float
        Of one fit, beyond its rows.
    periods : float
        Of one trial on one fold, beyond its rows and seeds.
        These two may come out below zero, where a batch's rows explain more than its spread; they
        are cut off where they are used, so that means over batches are not biased.
    floor : float
        What independent rows would make of ``rows`` and ``interaction``, as a share: below it no
        batch will estimate them.
    """

    rows: float
    interaction: float
    seeds: float = 0.0
    periods: float = 0.0
    floor: float = 0.0


# SE^2 = (7.0e-5 + 3.2e-4 / S) 422 / N for one trial against one: AUCs of about .72, 18 % positive.
REFERENCE_PARTS = VarianceParts(rows=3.5e-5 * 422, interaction=1.6e-4 * 422)


def estimate_parts(fits: MetricEstimate, *, horizon_rows: int | None) -> VarianceParts | None:
    """Return what the trials of a batch say of the next one's error.

    Averages over all trials: with V_pair the mean over pairs of the cosines' variance, without its
    floor, which would make it too large on average, and V_int alike, per trial ``rows = (V_pair /
    2 - V_int / S) N``, ``interaction = V_int N`` and ``seeds = k (sigma^2 - V_int)`` with the
    sigma^2 of `pool_seeds`; ``periods`` likewise from its `PeriodPool`, less what V_pair holds of
    it. One seed can't tell what seeds do: rows and seeds are then in the proportion of
    `REFERENCE_PARTS`. Trials that differ are less alike than equal ones: give those of a claim
    where their own error is asked for.

    Parameters
    ----------
    fits : MetricEstimate
        Of K trials with S seeds, ``values`` (K, S), on one or several folds.
    horizon_rows : int or None
        Rows that a label looks ahead; None for rows without order.

    Returns
    -------
    VarianceParts or None
        None where there are no two trials that differ, or the metric knows no rows.
    """
    fits = check_estimates(fits, "fits")
    n_seeds, n_rows = fits.influences.shape[1:]
    means = fits.influences.mean(axis=1)
    pairs = spread_pairs(resolve_rows(means, horizon_rows, fits.fold_rows))
    differing = pairs > 0
    if not differing.any():
        return None
    independent = spread_pairs(centre_folds(means, fits.fold_rows))
    floor = float(independent[differing].mean() / pairs[differing].mean())
    pool = pool_seeds(fits, horizon_rows=horizon_rows)
    periods = _find_periods(pool)
    nu = choose_row_df(n_rows, horizon_rows)
    held = min(1.0, (fits.n_folds - 1) / nu) * periods / fits.n_folds if horizon_rows else 0.0
    whole = max(0.0, float(pairs[differing].mean()) / 2 - held) * n_rows
    if n_seeds == 1:
        share = REFERENCE_PARTS.rows / (REFERENCE_PARTS.rows + REFERENCE_PARTS.interaction)
        return VarianceParts(share * whole, (1 - share) * whole, 0.0, periods, floor)
    own = fits.influences - means[:, None]
    own = resolve_rows(own - own.mean(axis=0), horizon_rows, fits.fold_rows)
    interaction = float(np.square(own).sum()) * n_rows / ((len(own) - 1) * (n_seeds - 1))
    return VarianceParts(
        rows=max(0.0, whole - interaction / n_seeds),
        interaction=interaction,
        seeds=(pool.variance - interaction / n_rows) * fits.n_folds,
        periods=periods,
        floor=floor,
    )


def _find_periods(pool: SeedPool) -> float:
    of = pool.periods
    return 0.0 if of is None else (of.variance - of.expected) * of.n_folds


def average_parts(parts: Sequence[VarianceParts]) -> VarianceParts:
    """Return the mean of what several batches say; their floors weigh as their rows do.

    Raises
    ------
    ValueError
        If there are none.
    """
    if not parts:
        raise ValueError("parts: got none, expected those of one batch or more")
    rows, interaction, seeds, periods, floors = np.array([astuple(one) for one in parts]).T
    whole = rows + interaction
    floor = floors @ whole / whole.sum() if whole.sum() else 0.0
    return VarianceParts(
        rows=float(rows.mean()),
        interaction=float(interaction.mean()),
        seeds=float(seeds.mean()),
        periods=float(periods.mean()),
        floor=float(floor),
    )
