"""Batches of trials for every task, on rows in time order, apart from each other, or in groups."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import norm

from tests.analysis.simulation.process import draw_overlapping, draw_persistent

Task = Literal["two", "several", "numbers"]
Rows = Literal["time", "apart", "groups"]
TaskBatch = tuple[np.ndarray, np.ndarray, np.ndarray | None]
_AT_ONCE = 25
_BIASES = np.array([0.5, 0.2, -0.2, -0.5])


@dataclass(frozen=True, slots=True)
class TaskProcess:
    """How labels and scores of a task come about.

    A state v and shocks u make the latent value ``sqrt(r) v + sqrt(1 - r) u`` of each row: the
    label itself, whether it is among the highest quarter, or of four such values with the biases
    .5, .2, -.2, -.5 the highest. The score of trial k with seed s is ``b_k v (1 + tau e_ks) + eta
    (sqrt(rho) C + sqrt((1 - rho)/2) (A_k + B_ks))``, on the scale of a good prediction. All
    series are AR(1) over rows in time order, with labels that look h rows ahead; independent over
    rows apart; and with a share that a group has in common where there are groups.

    Attributes
    ----------
    task, rows : str
    n_rows, n_trials, n_seeds, horizon : int
        N, K, S and h.
    last_skill : float
        b of the last trial; that of the others is 1.
    share_explained, noise, common, seed_spread : float
        r, eta, rho and tau.
    regimes, persistence : float
        phi of v, and of C, A and B.
    n_groups, alike : int, float
        Groups, of unequal sizes, and the share that their rows have in common.
    biases : tuple of float
        Of the classes.
    """

    task: Task
    rows: Rows
    n_rows: int = 422
    n_trials: int = 4
    n_seeds: int = 3
    horizon: int = 5
    last_skill: float = 0.7
    share_explained: float = 0.3
    noise: float = 0.7
    common: float = 0.9
    seed_spread: float = 0.05
    regimes: float = 0.97
    persistence: float = 0.92
    n_groups: int = 90
    alike: float = 0.3
    biases: tuple[float, ...] = tuple(_BIASES)

    @property
    def horizon_rows(self) -> int | None:
        """What the comparisons are told."""
        return self.horizon if self.rows == "time" else None

    def draw(self, n_batches: int, rng: np.random.Generator) -> Iterator[TaskBatch]:
        """Yield labels (N,), scores (K, S, N) or (K, S, N, classes), and groups (N,) or None."""
        for first in range(0, n_batches, _AT_ONCE):
            size = min(_AT_ONCE, n_batches - first)
            groups = self._draw_groups(size, rng)
            labels, scores = self._draw(size, groups, rng)
            known = [None] * size if groups is None else groups
            yield from zip(labels, scores, known, strict=True)

    def _draw_groups(self, size: int, rng: np.random.Generator) -> np.ndarray | None:
        if self.rows != "groups":
            return None
        chances = rng.gamma(2, size=self.n_groups)
        return rng.choice(self.n_groups, (size, self.n_rows), p=chances / chances.sum())

    def _draw(
        self, size: int, groups: np.ndarray | None, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Labels (R, N) and scores (R, K, S, N), or with the classes behind."""
        n_outputs = len(self.biases) if self.task == "several" else 1
        state = self._series(rng, groups, self.regimes, size, n_outputs)  # (R, C, N)
        width = self.horizon if self.rows == "time" else 1
        shocks = draw_overlapping(rng, width, size * n_outputs, self.n_rows)
        shocks = shocks.reshape(size, n_outputs, self.n_rows)
        r = self.share_explained
        latent = np.sqrt(r) * state + np.sqrt(1 - r) * shocks
        scores = self._score(state, groups, rng)  # (R, K, S, C, N)
        if self.task == "numbers":
            return latent[:, 0], np.sqrt(r) * 0.7 * scores[..., 0, :]
        if self.task == "two":
            return latent[:, 0] > norm.isf(0.25), 0.8 * scores[..., 0, :] - 1.3
        biases = np.array(self.biases)[:, None]
        return (latent + biases).argmax(axis=1), np.moveaxis(biases + 0.8 * scores, -2, -1)

    def _score(
        self, state: np.ndarray, groups: np.ndarray | None, rng: np.random.Generator
    ) -> np.ndarray:
        size, n_outputs = state.shape[:2]
        fits = (self.n_trials, self.n_seeds)
        skill = np.ones((self.n_trials, 1, 1, 1))
        skill[-1] = self.last_skill
        luck = 1 + self.seed_spread * rng.standard_normal((size, *fits, 1, 1))
        parts = [
            self._series(rng, groups, self.persistence, size, *shape, n_outputs)
            for shape in ((1, 1), (self.n_trials, 1), fits)
        ]
        own = np.sqrt((1 - self.common) / 2) * (parts[1] + parts[2])
        noise = np.sqrt(self.common) * parts[0] + own
        return np.asarray(skill * luck * state[:, None, None] + self.noise * noise)

    def _series(
        self, rng: np.random.Generator, groups: np.ndarray | None, phi: float, *shape: int
    ) -> np.ndarray:
        """Series of unit variance, (R, ..., N)."""
        if self.rows == "time":
            return draw_persistent(rng, phi, *shape, self.n_rows)
        series = rng.standard_normal((*shape, self.n_rows))
        if groups is None:
            return series
        levels = rng.standard_normal((*shape, self.n_groups))
        at = groups.reshape(len(groups), *(1,) * (len(shape) - 1), self.n_rows)
        shared = np.take_along_axis(levels, np.broadcast_to(at, series.shape), axis=-1)
        return np.asarray(np.sqrt(self.alike) * shared + np.sqrt(1 - self.alike) * series)
