"""How far a search's best trial leads, and what is left of it where it did not choose."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from analysis.runs.run_fit import RunFit
from analysis.runs.score_table import gather_scores
from analysis.runs.scoring import Scoring, stack_fits
from analysis.searches.search import Search, SearchedTrial
from analysis.statistics.comparisons.contrast import Contrast, contrast_trials
from analysis.statistics.comparisons.maximum import adjust_maximum
from analysis.statistics.variances.row_variance import measure_row_variance


@dataclass(frozen=True, slots=True, eq=False)
class ComparedWith:
    """What the best trial is set beside: the default or a baseline, with the best's lead over it.

    Attributes
    ----------
    score
        In the metric's own direction.
    contrast
        The best trial less this one, more is better; None where rows are not known. Of one seed,
        so that rows are its only error.
    """

    name: str
    score: float
    contrast: Contrast | None


@dataclass(frozen=True, slots=True, eq=False)
class SearchLead:
    """The best of a search.

    Attributes
    ----------
    best : SearchedTrial
    n_trials
        Distinct configurations with a result that it is the best of.
    n_tried
        Likewise, with those that were pruned, which it has beaten too.
    error
        The standard error of its score by the rows; None where they are not known.
    adjusted
        Its score, in the metric's own direction, less what the choice among the trials has added by
        rows that did not choose, as `analysis.statistics.comparisons.maximum` has it; None where it
        cannot be told.
    default : ComparedWith or None
    baselines : tuple of ComparedWith
        The best first.
    """

    best: SearchedTrial
    n_trials: int
    n_tried: int
    error: float | None
    adjusted: float | None
    default: ComparedWith | None
    baselines: tuple[ComparedWith, ...]


def weigh_lead(search: Search) -> SearchLead | None:
    """Weigh the best trial of a search; None where no trial is complete."""
    best = search.best
    if best is None or best.fit is None:
        return None
    default = search.default
    beside = None if default is None or default.fit is None else default
    return SearchLead(
        best=best,
        n_trials=len(_list_keys(search.scored)),
        n_tried=len(_list_keys(t for t in search.trials if t.state in {"complete", "pruned"})),
        error=_measure_error(search, best.fit),
        adjusted=_adjust(search, best.fit),
        default=None
        if beside is None or beside.fit is None or beside.score is None
        else ComparedWith(beside.name, beside.score, _contrast(search, best.fit, beside.fit)),
        baselines=tuple(
            ComparedWith(fit.record.key, fit.score, _contrast(search, best.fit, fit))
            for fit in search.run.baselines
        ),
    )


def _list_keys(trials: Iterable[SearchedTrial]) -> set[str]:
    """Return the configurations that were trained."""
    return {trial.fit.record.key for trial in trials if trial.fit is not None}


def _measure_error(search: Search, fit: RunFit) -> float | None:
    found = stack_fits([[fit.predictions]], Scoring.SELECTED, search.run.horizon_rows)
    if found is None:
        return None
    variance = measure_row_variance(found.influences[0, 0][None, :], search.run.horizon_rows)
    return float(np.sqrt(variance.sum()))


def _adjust(search: Search, best: RunFit) -> float | None:
    table = gather_scores(search.run.trained)
    scored = None if table is None else table.estimate(search.run.horizon_rows, Scoring.SELECTED)
    if table is None or scored is None or len(table.keys) < 2:
        return None
    maximum = adjust_maximum(scored, horizon_rows=search.run.horizon_rows)
    is_best = table.keys[maximum.best] == best.record.key
    if not is_best or maximum.adjusted is None:
        return None
    return float(search.sign * maximum.adjusted)


def _contrast(search: Search, best: RunFit, other: RunFit) -> Contrast | None:
    """Return the best trial less another fit, cross-fitted where epochs were chosen."""
    mine, theirs = best.predictions, other.predictions
    if mine is None or theirs is None or mine is theirs or not theirs.covers_same_rows(mine):
        return None
    horizon = search.run.horizon_rows
    judged = stack_fits([[mine], [theirs]], Scoring.CROSS_FITTED, horizon)
    judged = judged or stack_fits([[mine], [theirs]], Scoring.SELECTED, horizon)
    if judged is None:
        return None
    return contrast_trials(judged.select([0]), judged.select([1]), horizon_rows=horizon)
