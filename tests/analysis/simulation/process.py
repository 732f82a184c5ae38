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

    Attributes
    ----------
    n_rows, n_trials, n_seeds, horizon_rows : int
        N, K, S and h.
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
    factors : tuple of float
        Of each trial's b; none: all trials are equal.
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

    def draw(self, n_batches: int, rng: np.random.Generator) -> Iterator[Batch]:
        """Yield batches; one with fewer than two rows of a class is drawn anew."""
        left = n_batches
        while left:
            for labels, scores in zip(*self._draw(min(left, _AT_ONCE), rng), strict=True):
                if 2 <= labels.sum() <= labels.size - 2:
                    left -= 1
                    yield labels, scores

    def _draw(self, size: int, rng: np.random.Generator) -> Batch:
        """Labels (R, N) and scores (R, K, S, N)."""
        rows, trials, seeds = self.n_rows, self.n_trials, self.n_seeds
        state = _draw_persistent(rng, self.regimes, size, rows)
        shocks = _draw_overlapping(rng, self.horizon_rows, size, rows)
        r = self.share_explained
        labels = np.sqrt(r) * state + np.sqrt(1 - r) * shocks > norm.isf(self.share_positive)
        spread = np.full(trials, self.seed_spread)
        if self.first_spread is not None:
            spread[0] = self.first_spread
        luck = rng.standard_normal((size, trials, seeds))
        skill = (self.skill * (1 + spread[:, None] * luck))[..., None]
        if self.factors:
            skill *= np.array(self.factors)[:, None, None]
        if self.drift:
            drifts = _draw_persistent(rng, self.drift_persistence, size, trials, rows)
            skill = skill * (1 + self.drift * drifts)[:, :, None]
        common = _draw_persistent(rng, self.persistence, size, 1, 1, rows)
        own = _draw_persistent(rng, self.persistence, size, trials, 1, rows)
        own = own + _draw_persistent(rng, self.persistence, size, trials, seeds, rows)
        noise = np.sqrt(self.common) * common + np.sqrt((1 - self.common) / 2) * own
        return labels, skill * state[:, None, None] + noise


def _draw_persistent(rng: np.random.Generator, phi: float, *shape: int) -> np.ndarray:
    """Stationary AR(1) series of unit variance along the last axis."""
    shocks = rng.standard_normal(shape)
    shocks[..., 1:] *= np.sqrt(1 - phi**2)
    return np.asarray(lfilter([1], [1, -phi], shocks, axis=-1))


def _draw_overlapping(rng: np.random.Generator, width: int, size: int, n_rows: int) -> np.ndarray:
    """Series of unit variance, each row the sum of the shocks of the next `width` rows."""
    totals = np.zeros((size, n_rows + width))
    np.cumsum(rng.standard_normal((size, n_rows + width - 1)), axis=1, out=totals[:, 1:])
    return np.asarray((totals[:, width:] - totals[:, :-width]) / np.sqrt(width))
