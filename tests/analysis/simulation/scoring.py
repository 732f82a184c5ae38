"""What simulated batches come to as estimates, by the product's own functions."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from analysis.statistics.metrics.auc import estimate_auc
from analysis.statistics.metrics.folds import pool_folds
from analysis.statistics.metrics.metric import MetricEstimate
from tests.analysis.simulation.process import Process

SEED = 20_260_128


def score_batches(process: Process, n_batches: int, seed: int = SEED) -> Iterator[MetricEstimate]:
    """Yield the AUCs (K, S) of each batch, pooled over its folds."""
    for labels, scores in process.draw(n_batches, np.random.default_rng(seed)):
        yield score_folds(labels, scores, process.n_rows)


def score_folds(labels: np.ndarray, scores: np.ndarray, fold_rows: int) -> MetricEstimate:
    """Return the AUCs of fits on consecutive folds; one with too few rows of a class is dropped."""
    folds = []
    for start in range(0, labels.size, fold_rows):
        fold = slice(start, start + fold_rows)
        if 2 <= labels[fold].sum() <= labels[fold].size - 2:
            folds.append(estimate_auc(labels[fold], scores[..., fold]))
    return pool_folds(folds)


def take_seeds(fits: MetricEstimate, n_seeds: int) -> MetricEstimate:
    """Return estimates (K, S) with their first seeds alone."""
    by_fold = None if fits.fold_values is None else fits.fold_values[:, :n_seeds]
    return replace(
        fits,
        values=fits.values[:, :n_seeds],
        influences=fits.influences[:, :n_seeds],
        fold_values=by_fold,
    )
