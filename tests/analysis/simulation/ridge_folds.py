"""Ridge regressions, cross-validated on rows without order: a real learner on real refits."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.statistics.metrics.estimators import estimate_metric
from analysis.statistics.metrics.folds import pool_folds
from analysis.statistics.metrics.metric import MetricEstimate

NUMBERS = ("mse", "mae", "rmse", "r2")
SEVERAL = ("accuracy", "macro_f1")


@dataclass(frozen=True, slots=True)
class RidgeFolds:
    """Trials that each see other features of the same rows.

    Labels are ``X b + noise`` with the same b for every useful one of d normal features, and
    their thirds the classes. A trial sees so many features, drawn anew in each batch, so that all
    are equal but the last, which sees half as many; a seed draws the training rows with
    replacement. Where trials are unstable, each keeps only the few of its features that correlate
    most with the label in its training rows.

    Attributes
    ----------
    n_rows, n_folds, n_features, n_seen, n_trials, n_seeds : int
        N, of all folds, k, d, features of a trial, K and S.
    penalty, noise : float
    n_kept : int or None
        Features that an unstable trial keeps.
    n_useful : int or None
        Features with a b that is not zero; None: all.
    is_corrected : bool
        Whether the pooled estimate knows that the training sets overlap.
    """

    n_rows: int = 200
    n_folds: int = 5
    n_features: int = 16
    n_seen: int = 12
    n_trials: int = 4
    n_seeds: int = 2
    penalty: float = 5.0
    noise: float = 1.0
    n_kept: int | None = None
    n_useful: int | None = None
    is_corrected: bool = True

    def draw(self, n_batches: int, rng: np.random.Generator) -> Iterator[dict[str, MetricEstimate]]:
        """Yield each metric of the fits (K, S), pooled over folds."""
        for _ in range(n_batches):
            x = rng.standard_normal((self.n_rows, self.n_features))
            useful = x[:, : self.n_useful]
            y = useful.sum(axis=1) / np.sqrt(useful.shape[1])
            y += self.noise * rng.standard_normal(self.n_rows)
            yield self._cross_validate(x, y, rng)

    def _cross_validate(
        self, x: np.ndarray, y: np.ndarray, rng: np.random.Generator
    ) -> dict[str, MetricEstimate]:
        classes = np.digitize(y, np.quantile(y, [1 / 3, 2 / 3]))
        seen = [rng.permutation(self.n_features)[: self.n_seen] for _ in range(self.n_trials)]
        seen[-1] = seen[-1][: self.n_seen // 2]
        places = np.arange(self.n_rows)
        found: dict[str, list[MetricEstimate]] = {name: [] for name in (*NUMBERS, *SEVERAL)}
        targets = np.column_stack([y, np.eye(3)[classes]])
        for held in np.array_split(places, self.n_folds):
            train = np.setdiff1d(places, held)
            said = self._predict(x, targets, train, held, seen, rng)  # (K, S, n, 4)
            for name in NUMBERS:
                found[name].append(estimate_metric(name, y[held], said[..., 0]))
            for name in SEVERAL:
                found[name].append(estimate_metric(name, classes[held], said[..., 1:]))
        share = 1 / (self.n_folds - 1) if self.is_corrected else None
        return {name: pool_folds(folds, test_to_train=share) for name, folds in found.items()}

    def _predict(
        self,
        x: np.ndarray,
        targets: np.ndarray,
        train: np.ndarray,
        held: np.ndarray,
        seen: list[np.ndarray],
        rng: np.random.Generator,
    ) -> np.ndarray:
        said = np.empty((self.n_trials, self.n_seeds, held.size, targets.shape[1]))
        for trial, seed in np.ndindex(self.n_trials, self.n_seeds):
            rows = rng.choice(train, train.size)
            columns = seen[trial]
            if self.n_kept is not None:
                strength = np.abs(x[np.ix_(rows, columns)].T @ targets[rows, 0])
                columns = columns[np.argsort(-strength)[: self.n_kept]]
            a, means = x[np.ix_(rows, columns)], targets[rows].mean(axis=0)
            system = a.T @ a + self.penalty * np.eye(columns.size)
            weights = np.linalg.solve(system, a.T @ (targets[rows] - means))
            said[trial, seed] = x[np.ix_(held, columns)] @ weights + means
        return said
