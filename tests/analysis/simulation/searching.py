"""What is said of a search where nothing is to be found: ``python -m`` this module prints it.

Searches of 60 trials over four hyperparameters whose results are noise: by a random sampler, by one
that stays near its best in every other trial, and by Optuna's TPE. And searches in which later
trials are better, by a share of a standard deviation over the whole search. And searches by a
random sampler with a median pruner, of which the complete trials alone seem to learn.
"""

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import optuna
from numpy.typing import NDArray

from analysis.statistics.comparisons.multiplicity import ALPHA, adjust_holm
from analysis.statistics.effects.ped_anova import GridColumn, measure_ped_anova
from analysis.statistics.effects.regret import measure_order_trend, trace_regret

N_TRIALS, N_PARAMS, N_CELLS = 60, 4, 50
Cells = NDArray[np.int64]
Gains = NDArray[np.float64]
Sample = Callable[[np.random.Generator], tuple[Cells, Gains]]


@dataclass(frozen=True)
class NullShares:
    """Shares of searches in which something is said though nothing is there.

    Attributes
    ----------
    single
        Of hyperparameters with p below 0.05.
    any_told
        Of searches in which some importance is more than chance after Holm.
    below, above
        Of searches whose best so far is said to lie below or above the band.
    trend
        Of searches whose later trials are said to be better or worse.
    """

    single: float
    any_told: float
    below: float
    above: float
    trend: float


def sample_randomly(rng: np.random.Generator) -> tuple[Cells, Gains]:
    return rng.integers(0, N_CELLS, size=(N_TRIALS, N_PARAMS)), rng.normal(size=N_TRIALS)


def sample_greedily(rng: np.random.Generator) -> tuple[Cells, Gains]:
    """Propose every other trial within a tenth of the range about the best so far."""
    cells, gains = sample_randomly(rng)
    for number in range(10, N_TRIALS, 2):
        best = cells[int(np.argmax(gains[:number]))]
        steps = rng.integers(-N_CELLS // 10, N_CELLS // 10 + 1, size=N_PARAMS)
        cells[number] = np.clip(best + steps, 0, N_CELLS - 1)
    return cells, gains


def sample_by_tpe(rng: np.random.Generator) -> tuple[Cells, Gains]:
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    gains = rng.normal(size=N_TRIALS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sampler = optuna.samplers.TPESampler(seed=int(rng.integers(2**31)))
        study = optuna.create_study(direction="maximize", sampler=sampler)
        ranges = {
            f"x{k}": optuna.distributions.IntDistribution(0, N_CELLS - 1) for k in range(N_PARAMS)
        }
        for gain in gains:
            study.tell(study.ask(dict(ranges)), float(gain))
    return np.array([list(trial.params.values()) for trial in study.trials]), gains


def measure_null(sample: Sample, n_searches: int, seed: int = 0) -> NullShares:
    """Return what is said of searches in which nothing is to be found."""
    rng = np.random.default_rng(seed)
    found = [list(_judge(*sample(rng))) for _ in range(n_searches)]
    return NullShares(*np.mean(found, axis=0).tolist())


def _judge(cells: Cells, gains: Gains) -> Iterator[float]:
    columns = [GridColumn(column, N_CELLS, is_ordered=True) for column in cells.T]
    p_values = measure_ped_anova(columns, gains, n_shuffles=399).p_values
    yield float(np.mean(p_values < ALPHA))
    yield float(adjust_holm(p_values).min() < ALPHA)
    curve = trace_regret(gains)
    yield float(curve.p_below < ALPHA / 2)
    yield float(curve.p_above < ALPHA / 2)
    yield float(measure_order_trend(gains).p_value < ALPHA)


def measure_band(n_searches: int, n: int = 30, seed: int = 0) -> NDArray[np.float64]:
    """Return in how many random orders of ties and normal values the band holds, shape (n,)."""
    rng = np.random.default_rng(seed)
    covered = np.zeros(n)
    for number in range(n_searches):
        values = rng.normal(size=n) if number % 2 else rng.integers(0, 8, size=n).astype(float)
        curve = trace_regret(values)
        covered += (curve.low <= curve.best) & (curve.best <= curve.high)
    return covered / n_searches


def measure_learning(rise: float, n_searches: int, seed: int = 0) -> tuple[float, float]:
    """Return in how many searches that rise so far the curve lies below, and the trend is up."""
    rng = np.random.default_rng(seed)
    told = []
    for _ in range(n_searches):
        gains = rng.normal(size=N_TRIALS) + rise * np.linspace(0, 1, N_TRIALS)
        trend = measure_order_trend(gains)
        told.append(
            (trace_regret(gains).p_below < ALPHA / 2, trend.p_value < ALPHA and trend.rho > 0)
        )
    below, up = np.mean(told, axis=0)
    return float(below), float(up)


def measure_pruning(n_searches: int, seed: int = 0) -> tuple[float, float, float]:
    """Return what is said of random searches with a median pruner.

    Returns
    -------
    tuple of float
        Shares of searches whose best so far lies below the band and above it, pruned trials at
        their places; and those whose complete trials alone would show a trend upwards.
    """
    rng = np.random.default_rng(seed)
    told = []
    for _ in range(n_searches):
        scores = _prune_by_median(rng)
        is_complete = np.isfinite(scores)
        curve = trace_regret(np.where(is_complete, scores, scores[is_complete].min()))
        trend = measure_order_trend(scores[is_complete])
        is_up = trend.p_value < ALPHA and trend.rho > 0
        told.append((curve.p_below < ALPHA / 2, curve.p_above < ALPHA / 2, is_up))
    below, above, up = np.mean(told, axis=0)
    return float(below), float(above), float(up)


def _prune_by_median(rng: np.random.Generator, n_epochs: int = 20) -> Gains:
    """Return the scores of trials whose curves approach a random level; NaN of those pruned.

    From epoch 11 on, and once five trials are complete, a trial ends whose best so far is below the
    median of those of the epoch.
    """
    levels = rng.normal(size=(N_TRIALS, 1))
    curves = levels * (1 - np.exp(-np.arange(1, n_epochs + 1) / 4))
    curves += 0.3 * rng.normal(size=curves.shape)
    bests, complete = np.maximum.accumulate(curves, axis=1), []
    scores = np.full(N_TRIALS, np.nan)
    for number in range(N_TRIALS):
        judged = slice(10, n_epochs - 1)
        medians = np.median(curves[complete, judged], axis=0) if len(complete) >= 5 else -np.inf
        if (bests[number, judged] >= medians).all():
            complete.append(number)
            scores[number] = bests[number, -1]
    return scores


if __name__ == "__main__":
    for name, sampler, n_searches in (
        ("random", sample_randomly, 1000),
        ("greedy", sample_greedily, 1000),
        ("TPE", sample_by_tpe, 300),
    ):
        shares = measure_null(sampler, n_searches)
        print(f"{name:8}{shares.single:.3f} / {shares.any_told:.3f}   "
              f"{shares.below:.3f} / {shares.above:.3f} / {shares.trend:.3f}")  # fmt: skip
    band = measure_band(2000)
    print(f"band    {band.min():.3f} to {band.max():.3f}")
    print(f"pruner  {measure_pruning(1000)}")
    for rise in (1.0, 2.0, 4.0):
        print(f"rise {rise:g}  {measure_learning(rise, 500)}")
