"""Fits of many epochs, of which the highest on the validation rows is selected."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from tests.analysis.simulation.process import Batch, Process


@dataclass(frozen=True, slots=True)
class EpochProcess:
    """Trials whose epochs are equally good and differ by noise, in one trial more than another.

    To the score of trial k with seed s (see `Process`) epoch e adds ``sqrt(lambda) (sqrt(1 - w_k)
    F_ks + sqrt(w_k) E_kse)`` with F and E AR(1) over the rows, E drawn anew for each epoch. Every
    epoch of every trial has the same skill and the same variance, so that trials are equal
    whichever is selected; and the more of a trial's noise changes from epoch to epoch, the more
    its highest AUC owes to chance.

    Attributes
    ----------
    process : Process
        Of what is no matter of epochs; its trials are as many as there are shares.
    n_epochs : int
        E.
    noise : float
        lambda.
    shares : tuple of float
        w_k.
    """

    process: Process = field(default_factory=lambda: Process(n_trials=2))
    n_epochs: int = 20
    noise: float = 0.05
    shares: tuple[float, ...] = (1.0, 0.0)

    def draw(self, n_batches: int, rng: np.random.Generator) -> Iterator[Batch]:
        """Yield labels (k N,) and scores (K, S, E, k N)."""
        process = self.process
        shares = np.array(self.shares)[:, None, None, None]
        for labels, scores in process.draw(n_batches, rng):
            fits = scores.shape[:2]
            lasting = process.draw_anew(rng, *fits, 1)
            epochs = process.draw_anew(rng, *fits, self.n_epochs)
            added = np.sqrt(1 - shares) * lasting + np.sqrt(shares) * epochs
            yield labels, scores[:, :, None] + np.sqrt(self.noise) * added
