"""Folds, rows and seeds that are planned, and the error that a contrast is going to have."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from analysis.statistics.comparisons.limits import list_row_limits, list_seed_limits
from analysis.statistics.planning.variance_parts import VarianceParts
from analysis.statistics.variances.period_pool import FEWEST_DF, MOST_POOLED_DF
from analysis.statistics.variances.row_variance import choose_row_df
from analysis.statistics.variances.standard_error import combine_variances

_SHARES = (np.arange(40) + 0.5) / 40  # of the law of an estimated error


@dataclass(frozen=True, slots=True)
class Design:
    """A batch as it is planned.

    Attributes
    ----------
    n_folds, fold_rows, n_seeds : int
        k, the validation rows of each fold (dates, where several rows have one), and S.
    n_trials : int
        K, of the whole run: over them the spread between seeds is pooled.
    horizon_rows : int or None
        Rows that a label looks ahead; None for rows without order.
    fold_class : int or None
        Rows of the rarer class in a fold, where the metric knows classes and it is known.
    test_to_train : float or None
        As in `pool_folds`, of folds whose training sets overlap.
    """

    n_folds: int
    fold_rows: int
    n_seeds: int
    n_trials: int
    horizon_rows: int | None
    fold_class: int | None = None
    test_to_train: float | None = None

    @property
    def n_rows(self) -> int:
        """N, over all folds."""
        return self.n_folds * self.fold_rows

    @property
    def row_df(self) -> int:
        """Degrees of freedom of the rows, nu where they are in time order."""
        return choose_row_df(self.n_rows, self.horizon_rows)

    @property
    def seed_df(self) -> int:
        """Degrees of freedom of the seeds, d0 + k (S - 1)."""
        own = self.n_folds * (self.n_seeds - 1)
        return own + min(MOST_POOLED_DF, max(self.n_trials - 2, 0) * own)

    @property
    def period_df(self) -> int:
        """Degrees of freedom of what folds differ by, d0 + k - 1, and as `PeriodPool` has it."""
        own = self.n_folds - 1
        df = own + min(MOST_POOLED_DF, max(self.n_trials - 2, 0) * own)
        return df if self.test_to_train is None else max(df, FEWEST_DF)

    @property
    def limits(self) -> tuple[str, ...]:
        """Why nothing could be confirmed or refuted, whatever comes out."""
        nu = None if self.horizon_rows is None else self.row_df
        smallest = None if self.fold_class is None else self.n_folds * self.fold_class
        seeds = list_seed_limits(self.n_seeds, self.seed_df)
        return (*seeds, *list_row_limits(self.n_rows, nu, smallest))


@dataclass(frozen=True, slots=True)
class ExpectedError:
    """The error that contrasts of a design are going to have.

    Attributes
    ----------
    rows, others : float
        Variance of one trial's mean, so far as trials differ: of the rows, and of seeds and
        periods. A contrast has ``sum w^2`` times that.
    floor : float
        Share of `rows` below which no batch will estimate it.
    df : float
        Degrees of freedom of any contrast.
    """

    rows: float
    others: float
    floor: float
    df: float

    @property
    def trial_error(self) -> float:
        """Standard deviation of one trial's mean, so far as trials differ."""
        return float(np.sqrt(self.rows + self.others))

    def list_errors(self, squared_weights: float) -> NDArray[np.float64]:
        """Return standard errors that a batch may estimate for a contrast, equally likely (U,).

        ``SE^2 = others u + rows max(u, floor)`` with u of chi-square's law on `df`, over `df`.
        """
        u = chi2.ppf(_SHARES, self.df) / self.df
        total = self.others * u + self.rows * np.maximum(u, self.floor)
        return np.asarray(np.sqrt(squared_weights * total))


def expect_error(parts: VarianceParts, design: Design) -> ExpectedError:
    """Return the error that the contrasts of a design are going to have.

    Per trial ``V_rows = rows / N + interaction / (N S)``, ``V_seed - V_int = seeds / (k S)`` and
    periods / k; the cosines hold (k - 1)/nu of the last, the rest is V_period where enough folds
    or trials tell it. Where training sets overlap all three count 1 + k c times, as in
    `PeriodPool`. They are put together as those of a contrast are. One fold says nothing of
    periods.

    Parameters
    ----------
    parts : VarianceParts
    design : Design
    """
    n_folds, n_rows = design.n_folds, design.n_rows
    rows = (parts.rows + parts.interaction / design.n_seeds) / n_rows
    seeds = max(0.0, parts.seeds) / (n_folds * design.n_seeds)
    periods = max(0.0, parts.periods) / n_folds if n_folds > 1 else 0.0
    seen = 0.0 if design.horizon_rows is None else min(1.0, (n_folds - 1) / design.row_df)
    unseen = 1 - seen if design.period_df >= FEWEST_DF else 0.0
    shared = n_folds * (design.test_to_train or 0.0) if n_folds > 1 else 0.0
    error, df = combine_variances(
        np.asarray(rows + seen * periods),
        np.asarray(seeds),
        np.zeros(()),
        row_df=design.row_df,
        seed_df=design.seed_df,
        periods=unseen * periods + shared * (rows + seeds + periods),
        period_df=design.period_df,
    )
    return ExpectedError(rows, float(error) ** 2 - rows, parts.floor, float(df))
