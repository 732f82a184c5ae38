"""The selected epoch: tabulated, cross-fitted, and its level."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.statistics.comparisons.contrast import contrast_trials
from analysis.statistics.comparisons.inference import infer_difference
from analysis.statistics.metrics.auc import estimate_auc
from analysis.statistics.metrics.cross_fit import cross_fit_auc
from analysis.statistics.metrics.folds import pool_folds
from analysis.statistics.metrics.metric import MetricEstimate
from analysis.statistics.metrics.selected_auc import estimate_selected_auc
from tests.analysis.simulation.epochs import EpochProcess
from tests.analysis.simulation.measure import Share, is_confirmed
from tests.analysis.simulation.process import Batch
from tests.analysis.simulation.scoring import SEED


@dataclass(frozen=True, slots=True)
class Selecting:
    """How a contrast of two equal trials fared.

    Attributes
    ----------
    bias, coverage, false : Share
        Mean estimate, coverage of zero by the 95 % interval, and share confirmed.
    """

    bias: Share
    coverage: Share
    false: Share

    def __str__(self) -> str:
        return f"{self.bias.value:+.4f} {self.coverage} {self.false}"


def measure_selecting(process: EpochProcess, n_batches: int) -> tuple[Selecting, Selecting]:
    """Compare the noisier of two equal trials with the other: tabulated, and cross-fitted."""
    horizon_rows = process.process.horizon_rows
    found: tuple[list[tuple[float, bool, bool]], ...] = ([], [])
    for folds in _draw_folds(process, n_batches):
        crossed = [cross_fit_auc(*fold, horizon_rows=horizon_rows) for fold in folds]
        whole = [
            (_tabulate(*fold), one)
            for fold, one in zip(folds, crossed, strict=True)
            if one is not None
        ]
        if not whole:
            continue
        for of, estimates in zip(found, zip(*whole, strict=True), strict=True):
            fits = pool_folds(estimates)
            sides = fits.select([0]), fits.select([1])
            contrast = contrast_trials(*sides, horizon_rows=horizon_rows)
            is_covered = contrast.low <= 0 <= contrast.high
            is_found = is_confirmed(infer_difference(contrast))
            of.append((contrast.estimate, is_covered, is_found))
    plain, cross = (Selecting(*map(Share.of, np.array(of).T)) for of in found)
    return plain, cross


def measure_levels(process: EpochProcess, n_batches: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean distance from the epochs' own AUC of the tabulated level and the corrected, (K,)."""
    distances = []
    for folds in _draw_folds(process, n_batches):
        for labels, scores in folds:
            level = estimate_selected_auc(labels, scores, horizon_rows=process.process.horizon_rows)
            if level is not None:
                every = estimate_auc(labels, scores).values
                truth = every.mean(axis=-1)
                distances.append([(every.max(axis=-1) - truth).mean(1), (level - truth).mean(1)])
    plain, corrected = np.mean(distances, axis=0)
    return plain, corrected


def _tabulate(labels: np.ndarray, scores: np.ndarray) -> MetricEstimate:
    """The AUCs of the epochs that are highest on these rows."""
    every = estimate_auc(labels, scores)
    best = every.values.argmax(axis=-1)[..., None]
    values = np.take_along_axis(every.values, best, axis=-1)[..., 0]
    influences = np.take_along_axis(every.influences, best[..., None], axis=-2)[..., 0, :]
    return MetricEstimate(values, influences, every.smallest_class)


def _draw_folds(process: EpochProcess, n_batches: int) -> Iterator[list[Batch]]:
    n_folds = process.process.n_folds
    for labels, scores in process.draw(n_batches, np.random.default_rng(SEED)):
        parts = zip(np.split(labels, n_folds), np.split(scores, n_folds, axis=-1), strict=True)
        yield [fold for fold in parts if 2 <= fold[0].sum() <= fold[0].size - 2]
