"""The error as it was first computed, for comparison: Bartlett, seeds alone, block bootstrap."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm
from scipy.stats import t as student

from analysis.statistics.metrics.metric import MetricEstimate


@dataclass(frozen=True, slots=True)
class FirstContrast:
    """A difference with the first edition's error."""

    estimate: float
    standard_error: float
    df: float

    @property
    def p_value(self) -> float:
        return 2 * float(student.sf(abs(self.estimate / self.standard_error), self.df))

    @property
    def reach(self) -> float:
        """Half of the 95 % interval."""
        return float(student.ppf(0.975, self.df)) * self.standard_error


def contrast_first(
    candidates: MetricEstimate, references: MetricEstimate, horizon_rows: int
) -> FirstContrast:
    """Bartlett's sum over L = max(2h, 20) rows and the spread of the contrast's own seeds."""
    lag = max(2 * horizon_rows, 20)
    deltas = candidates.values.mean(axis=0) - references.values.mean(axis=0)
    influences = candidates.influences.mean(axis=0) - references.influences.mean(axis=0)
    n_seeds, n_rows = influences.shape
    rows = sum_bartlett(influences.mean(axis=0), lag)
    own = sum_bartlett(influences - influences.mean(axis=0), lag).sum()
    seeds = deltas.var(ddof=1) / n_seeds
    rest = max(0.0, float(seeds - own / (n_seeds * (n_seeds - 1))))
    total = float(rows) + rest
    df = total**2 / (float(rows) ** 2 / max(n_rows / lag - 1, 1) + rest**2 / (n_seeds - 1))
    return FirstContrast(float(deltas.mean()), float(np.sqrt(total)), df)


def sum_bartlett(series: np.ndarray, lag: int) -> np.ndarray:
    """``sum_(|l| < L) (1 - |l|/L) sum_t f_t f_(t-l)``, as overlaps of windows of L rows."""
    return np.asarray(np.square(_sum_windows(series, lag)).sum(axis=-1) / lag)


def challenge_first(
    fits: MetricEstimate, horizon_rows: int, rng: np.random.Generator, n_draws: int
) -> float:
    """Smallest adjusted p of the trials against the first one, by circular blocks of L rows."""
    lag = max(2 * horizon_rows, 20)
    n_trials, n_seeds = fits.values.shape
    contrasts = [
        contrast_first(fits.select([k]), fits.select([0]), horizon_rows) for k in range(1, n_trials)
    ]
    differences = fits.influences[1:].mean(axis=1) - fits.influences[0].mean(axis=0)
    noise = _resample(differences, lag, n_draws, rng)
    deltas = fits.values[1:] - fits.values[0]
    spread = deltas - deltas.mean(axis=1, keepdims=True)
    scale = n_seeds * (n_seeds - 1)
    seeds = np.square(spread).sum(axis=1) / scale
    own = fits.influences[1:] - fits.influences[0]
    interaction = sum_bartlett(own - differences[:, None], lag).sum(axis=1) / scale
    kept = np.maximum(0, seeds - interaction)
    share = np.sqrt(np.divide(kept, seeds, out=np.zeros_like(seeds), where=seeds > 0))
    drawn = rng.standard_normal((n_draws, n_seeds)) @ spread.T / np.sqrt(scale)
    noise = noise + share * drawn
    largest = np.abs(noise / np.sqrt(np.square(noise).mean(axis=0))).max(axis=1)
    observed = max(
        float(norm.isf(student.sf(abs(one.estimate / one.standard_error), one.df)))
        for one in contrasts
    )
    return float((1 + (largest >= observed).sum()) / (1 + n_draws))


def _resample(
    series: np.ndarray, block_rows: int, n_draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Sums of each series over circular blocks, the last one cut, (B, K)."""
    n_rows = series.shape[1]
    n_blocks = -(-n_rows // block_rows)
    starts = rng.integers(n_rows, size=(n_draws, n_blocks))
    last = n_rows - block_rows * (n_blocks - 1)
    whole, cut = _sum_circular(series, block_rows), _sum_circular(series, last)
    return np.stack(
        [
            full[starts[:, :-1]].sum(axis=1) + part[starts[:, -1]]
            for full, part in zip(whole, cut, strict=True)
        ],
        axis=1,
    )


def _sum_circular(series: np.ndarray, width: int) -> np.ndarray:
    joined = np.concatenate([np.zeros_like(series[:, :1]), series, series[:, : width - 1]], axis=1)
    totals = np.cumsum(joined, axis=1)
    return np.asarray(totals[:, width:] - totals[:, :-width])


def _sum_windows(series: np.ndarray, width: int) -> np.ndarray:
    ends = [(0, 0)] * (series.ndim - 1) + [(width, width - 1)]
    totals = np.cumsum(np.pad(series, ends), axis=-1)
    return np.asarray(totals[..., width:] - totals[..., :-width])
