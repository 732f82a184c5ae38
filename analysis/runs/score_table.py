"""The scores of a run's trials on the same rows and seeds, as the statistics take them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.runs.predictions import Predictions
from analysis.runs.run import RunFit


@dataclass(frozen=True, slots=True, eq=False)
class ScoreTable:
    """Scores of K trials with the same S seeds on the same N rows.

    Attributes
    ----------
    names : tuple of str
        One a trial; all names of one configuration joined, `C2 = F2`.
    keys : tuple of str
        Of the configurations.
    seeds : tuple of int
    labels : ndarray of bool, shape (N,)
    scores : ndarray, shape (K, S, N)
    left_out : tuple of str
        Trials that lack one of the seeds or its predictions.
    """

    names: tuple[str, ...]
    keys: tuple[str, ...]
    seeds: tuple[int, ...]
    labels: NDArray[np.bool_]
    scores: NDArray[np.float64]
    left_out: tuple[str, ...]

    def get_scores(self, key: str) -> NDArray[np.float64]:
        """Return the scores of one configuration, shape (S, N)."""
        scores: NDArray[np.float64] = self.scores[self.keys.index(key)]
        return scores


def gather_scores(fits: Iterable[RunFit], always: str | None = None) -> ScoreTable | None:
    """Gather what can be compared: the trials that share the most common list of seeds.

    Parameters
    ----------
    always
        The key of a trial that must be in the table, such as the control's: its seeds are taken.

    Returns
    -------
    ScoreTable or None
        None where no trial has predictions.
    """
    by_key: dict[str, dict[int, Predictions]] = {}
    names: dict[str, str] = {}
    for fit in fits:
        names.setdefault(fit.record.key, " = ".join(fit.record.names))
        if fit.predictions is not None:
            by_key.setdefault(fit.record.key, {})[fit.record.seed] = fit.predictions
    seeds = _choose_seeds(by_key, always)
    if not seeds:
        return None
    first = next(one[seeds[0]] for one in by_key.values() if set(seeds) <= set(one))
    keys = [
        key
        for key, found in by_key.items()
        if set(seeds) <= set(found) and all(found[s].covers_same_rows(first) for s in seeds)
    ]
    scores = np.stack([np.stack([by_key[key][seed].logits for seed in seeds]) for key in keys])
    return ScoreTable(
        names=tuple(names[key] for key in keys),
        keys=tuple(keys),
        seeds=seeds,
        labels=first.labels,
        scores=scores,
        left_out=tuple(name for key, name in names.items() if key not in keys),
    )


def _choose_seeds(by_key: dict[str, dict[int, Predictions]], always: str | None) -> tuple[int, ...]:
    """Return the seeds of one trial, or those that most trials have; more seeds win a tie."""
    if always is not None:
        return tuple(sorted(by_key.get(always, ())))
    counts = Counter(tuple(sorted(found)) for found in by_key.values())
    return max(counts, key=lambda seeds: (counts[seeds], len(seeds)), default=())
