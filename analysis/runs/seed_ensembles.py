"""The ensemble of a trial's seeds: the mean of what its fits predict, scored as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_softmax, logit, logsumexp

from analysis.runs.predictions import Predictions
from analysis.runs.run import Run
from analysis.runs.run_fit import RunFit
from analysis.runs.whole import take_whole
from analysis.statistics.metrics.estimators import estimate_metric
from trial_sets.task import Task

_NEAREST = 1e-12  # of a probability to 0 and 1


@dataclass(frozen=True, slots=True)
class SeedEnsemble:
    """A trial's seeds, alone and together, by the study's metric in its own direction.

    Attributes
    ----------
    mean, deviation
        Of the fits' scores.
    together
        Of the mean of their predictions; with folds the mean over these.
    """

    trial: str
    n_seeds: int
    mean: float
    deviation: float
    together: float


def measure_ensembles(run: Run) -> tuple[SeedEnsemble, ...]:
    """Return the trials that have predictions of two seeds or more, the best mean first."""
    found = [
        one
        for by_seed in run.by_key.values()
        if (one := _measure(run, [fit for fit in by_seed.values() if fit.is_complete])) is not None
    ]
    return tuple(sorted(found, key=lambda one: -run.metric.sign * one.mean))


def average_predictions(scores: Sequence[NDArray[np.float64]], task: Task) -> NDArray[np.float64]:
    """Return the mean of some fits' predictions, in the form that they have.

    Parameters
    ----------
    scores
        Log-odds (N,) of two classes, logits (N, K) of several, numbers (N,) of a regression.
    task
        Of classes, probabilities are averaged, and not their logarithms.
    """
    stacked = np.stack(scores)
    if task == "multiclass":
        return np.asarray(logsumexp(log_softmax(stacked, axis=-1), axis=0) - np.log(len(scores)))
    if task == "binary":
        mean = expit(stacked).mean(axis=0)
        return np.asarray(logit(np.clip(mean, _NEAREST, 1 - _NEAREST)))
    return np.asarray(stacked.mean(axis=0))


def _measure(run: Run, fits: list[RunFit]) -> SeedEnsemble | None:
    if len(fits) < 2:
        return None
    folds = list(zip(*(fit.parts for fit in fits), strict=False))
    scores = take_whole(_score_together(run, parts) for parts in folds)
    if scores is None:
        return None
    values = [fit.score for fit in fits]
    return SeedEnsemble(fits[0].record.name, len(fits), fmean(values), stdev(values), fmean(scores))


def _score_together(run: Run, parts: Sequence[RunFit]) -> float | None:
    """Return the score of the mean prediction of some fits on the same rows."""
    known = [p for part in parts if isinstance(p := part.predictions, Predictions)]
    places = {one.place for one in known}
    if len(known) < len(parts) or len(places) != 1 or not known[0].is_scorable:
        return None
    mean = average_predictions([one.scores for one in known], run.info.study.task)
    estimate = estimate_metric(run.metric.name, known[0].labels, mean)
    return run.metric.sign * float(estimate.values)
