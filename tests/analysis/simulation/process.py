"""Batches of trials on rows that are correlated in time: a market with regimes, and its scores."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter
from scipy.stats import norm

Batch = tuple[np.ndarray, np.ndarray]  # labels (N,) and scores (K, S, N)
_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Process:
    """How labels and scores come about; the defaults are the base case.

    The market's state v is AR(1). The label is ``1[sqrt(r) v + sqrt(1 - r) u > z_p]`` with u iid
    normal, averaged over the horizon. The score of trial k and seed s is ``b v (1 + tau e_ks) +
    sqrt(rho) C + sqrt((1 - rho)/2) (A_k + B_ks)`` with C, A and B AR(1); a drift of the skill
    multiplies b by ``1 + kappa D_k`` with D_k AR(1).

    Over folds the market goes on, v, u, C and D without a break, and the fits are others: A, B and
    e are drawn anew on each fold. A refit multiplies b by ``1 + omega R_kq``, with R_kq standard
    normal for each trial and fold, and offsets that drift add ``lambda W_k``, with W_k AR(1) over
    all folds and so slow that it is another level on each.

    Attributes
    ----------
    n_rows, n_trials, n_seeds, horizon_rows : int
        N, of one fold, K, S and h.
    share_explained, share_positive : float
        r and p.
    regimes, persistence, drift_persistence : float
        phi of v, of C, A and B, and of D.
    skill, seed_spread, first_spread : float
        b, tau, and tau of the first trial where it is another.
    common : float
        rho.
    drift : float
        kappa.
    factors, insights : tuple of float
        Of each trial's b, so that it is better where v is large; and how much of u each trial's
        score holds, so that it is better on all rows alike. None: all trials are equal.
    n_folds : int
        k.
    refit_spread, offset, offset_persistence : float
        omega, lambda, and phi of W.
    """

    n_rows: int = 422
    n_trials: int = 7
    n_seeds: int = 3
    horizon_rows: int = 1
    share_explained: float = 0.3
    share_positive: float = 0.18
    regimes: float = 0.97
    persistence: float = 0.92
    drift_persistence: float = 0.98
    skill: float = 1.3
    seed_spread: float = 0.05
    first_spread: float | None = None
    common: float = 0.95
    drift: float = 0.0
    factors: tuple[float, ...] = ()
    insights: tuple[float, ...] = ()
    n_folds: int = 1
    refit_spread: float = 0.0
    offset: float = 0.0
    offset_persistence: float = 0.995

    def draw(self, n_batches: int, rng: np.random.Generator) -> Iterator[Batch]:
        """Yield batches; one with fewer than two rows of a class is drawn anew."""
        left = n_batches
        while left:
            for labels, scores in zip(*self._draw(min(left, _AT_ONCE), rng), strict=True):
                if 2 <= labels.sum() <= labels.size - 2:
                    left -= 1
                    yield labels, scores

    def _draw(self, size: int, rng: np.random.Generator) -> Batch:
        """Labels (R, k N) and scores (R, K, S, k N)."""
        rows, trials, seeds = self.n_rows * self.n_folds, self.n_trials, self.n_seeds
        state = draw_persistent(rng, self.regimes, size, rows)
        shocks = draw_overlapping(rng, self.horizon_rows, size, rows)
        r = self.share_explained
        labels = np.sqrt(r) * state + np.sqrt(1 - r) * shocks > norm.isf(self.share_positive)
        skill = self._draw_skill(size, rng)
        if self.drift:
            drifts = draw_persistent(rng, self.drift_persistence, size, trials, rows)
            skill = skill * (1 + self.drift * drifts)[:, :, None]
        common = draw_persistent(rng, self.persistence, size, 1, 1, rows)
        own = self.draw_anew(rng, size, trials, 1) + self.draw_anew(rng, size, trials, seeds)
        noise = np.sqrt(self.common) * common + np.sqrt((1 - self.common) / 2) * own
        if self.insights:
            noise = noise + np.array(self.insights)[:, None, None] * shocks[:, None, None]
        if self.offset:
            levels = draw_persistent(rng, self.offset_persistence, size, trials, 1, rows)
            noise = noise + self.offset * levels
        return labels, skill * state[:, None, None] + noise

    def _draw_skill(self, size: int, rng: np.random.Generator) -> np.ndarray:
        """Factors of the state (R, K, S, k N), or 1 for their rows where there is one fold."""
        spread = np.full(self.n_trials, self.seed_spread)
        if self.first_spread is not None:
            spread[0] = self.first_spread
        luck = rng.standard_normal((size, self.n_trials, self.n_seeds, self.n_folds))
        skill = self.skill * (1 + spread[:, None, None] * luck)
        if self.factors:
            skill *= np.array(self.factors)[:, None, None]
        if self.refit_spread:
            refits = rng.standard_normal((size, self.n_trials, 1, self.n_folds))
            skill *= 1 + self.refit_spread * refits
        return skill if self.n_folds == 1 else np.repeat(skill, self.n_rows, axis=-1)

    def draw_anew(self, rng: np.random.Generator, *shape: int) -> np.ndarray:
        """Return persistent series that begin anew on each fold, (..., k N)."""
        series = draw_persistent(rng, self.persistence, *shape, self.n_folds, self.n_rows)
        return series.reshape(*shape, -1)


def draw_persistent(rng: np.random.Generator, phi: float, *shape: int) -> np.ndarray:
    """Stationary AR(1) series of unit variance along the last axis."""
    shocks = rng.standard_normal(shape)
    shocks[..., 1:] *= np.sqrt(1 - phi**2)
    return np.asarray(lfilter([1], [1, -phi], shocks, axis=-1))


def draw_overlapping(rng: np.random.Generator, width: int, size: int, n_rows: int) -> np.ndarray:
    """Series of unit variance, each row the sum of the shocks of the next `width` rows."""
    totals = np.zeros((size, n_rows + width))
    np.cumsum(rng.standard_normal((size, n_rows + width - 1)), axis=1, out=totals[:, 1:])
    return np.asarray((totals[:, width:] - totals[:, :-width]) / np.sqrt(width))
