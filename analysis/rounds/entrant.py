"""A configuration of a round, with its scores by seed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.findings.evidence import describe_trial
from analysis.frames.frame import TrialFrame
from analysis.runs.run import Run
from analysis.statistics.comparisons.seed_spread import SeedSpread, pool_spread
from trial_sets.configuration import OptionValue

_Scores = Mapping[int, float]


@dataclass(frozen=True, slots=True, eq=False)
class Entrant:
    """One configuration that finished in a round.

    Attributes
    ----------
    name
        All its trial's names joined, `C2 = F2`.
    key
        Of the configuration; None in another tool's results.
    values
        Its hyperparameters that are known.
    scores
        By seed, in the metric's own direction; where seeds are not known, their mean alone.
    has_seeds
        Whether the seeds are known.
    """

    name: str
    key: str | None
    values: Mapping[str, OptionValue | None]
    scores: _Scores
    has_seeds: bool = True

    @property
    def mean(self) -> float:
        """The mean over its seeds."""
        return float(np.mean(list(self.scores.values())))

    @property
    def n_seeds(self) -> int:
        """How many fits it has."""
        return len(self.scores)


def list_entrants(frame: TrialFrame, run: Run | None) -> tuple[Entrant, ...]:
    """Return the configurations of a round that have a result, baselines left out.

    Parameters
    ----------
    run
        Of our own; its records then go before the frame.
    """
    return tuple(_of_frame(frame) if run is None else _of_run(run))


def pick_best(entrants: Sequence[Entrant], sign: int) -> Entrant | None:
    """Return the one with the best mean, the first of equal ones; None of none."""
    return max(entrants, key=lambda one: sign * one.mean, default=None)


def measure_spread(*sides: Sequence[Entrant]) -> SeedSpread:
    """Return how much seeds differ, pooled over all configurations of some rounds."""
    return pool_spread(list(one.scores.values()) for side in sides for one in side)


def _of_run(run: Run) -> Iterator[Entrant]:
    for key, fits in run.by_key.items():
        scores = {seed: fit.score for seed, fit in fits.items() if np.isfinite(fit.score)}
        if not scores:
            continue
        record = next(iter(fits.values())).record
        configuration = record.configuration
        values = {} if configuration is None else configuration.settings
        yield Entrant(" = ".join(record.names), key, values, scores)


def _of_frame(frame: TrialFrame) -> Iterator[Entrant]:
    """Yield configurations of other tools; copies without seeds are one fit with their mean."""
    for _, rows in frame.configured.groupby("configuration", sort=False):
        has_seeds = bool(rows["seed"].notna().all() and rows["seed"].is_unique)
        first = rows.iloc[0]
        scores = {0: float(rows["metric"].mean())}
        if has_seeds:
            pairs = zip(rows["seed"], rows["metric"], strict=True)
            scores = {int(seed): float(score) for seed, score in pairs}
        yield Entrant(
            name=describe_trial(frame, first, with_seed=False),
            key=None,
            values={name: first[name] for name in frame.params if first[name] == first[name]},
            scores=scores,
            has_seeds=has_seeds,
        )
