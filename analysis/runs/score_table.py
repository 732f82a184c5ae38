"""The scores of a run's trials on the same rows and seeds, as the statistics take them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.runs.run_fit import RunFit
from analysis.runs.scoring import AnyPredictions, Scoring, stack_fits
from analysis.statistics.metrics.metric import MetricEstimate


@dataclass(frozen=True, eq=False)
class ScoreTable:
    """Scores of K trials with the same S seeds on the same N rows.

    Attributes
    ----------
    names : tuple of str
        One a trial; all names of one configuration joined, `C2 = F2`.
    keys : tuple of str
        Of the configurations.
    seeds : tuple of int
    predictions : tuple of tuple of Predictions or FoldedPredictions
        K trials of S fits each, all on the same rows.
    left_out : tuple of str
        Trials that lack one of the seeds or its predictions.
    """

    names: tuple[str, ...]
    keys: tuple[str, ...]
    seeds: tuple[int, ...]
    predictions: tuple[tuple[AnyPredictions, ...], ...]
    left_out: tuple[str, ...]

    def estimate(self, horizon_rows: int | None, scoring: Scoring) -> MetricEstimate | None:
        """Return the fits' metric, ``values`` (K, S), where all of them can be scored so."""
        return stack_fits(self.predictions, scoring, horizon_rows)

    def estimate_judged(self, horizon_rows: int | None) -> MetricEstimate | None:
        """Return the values that differences are judged by: cross-fitted, or else as selected."""
        crossed = self.estimate(horizon_rows, Scoring.CROSS_FITTED)
        return crossed or self.estimate(horizon_rows, Scoring.SELECTED)


def gather_scores(
    fits: Iterable[RunFit], always: str | None = None, *, is_staged: bool = False
) -> ScoreTable | None:
    """Gather what can be compared: the trials that share the most common list of seeds.

    Parameters
    ----------
    always
        The key of a trial that must be in the table, such as the control's: its seeds are taken.
    is_staged
        Whether trials got their seeds look by look, some fewer than others since what they were
        for was decided: then those are taken that the most trials have among theirs.

    Returns
    -------
    ScoreTable or None
        None where no trial has predictions for all seeds on the usual rows, or the one that must
        be there has none.
    """
    by_key: dict[str, dict[int, AnyPredictions]] = {}
    names: dict[str, str] = {}
    for fit in fits:
        names.setdefault(fit.record.key, " = ".join(fit.record.names))
        if fit.predictions is not None:
            by_key.setdefault(fit.record.key, {})[fit.record.seed] = fit.predictions
    seeds = _choose_shared_seeds(by_key, always) if is_staged else _choose_seeds(by_key, always)
    if not seeds:
        return None
    whole = {
        key: [found[seed] for seed in seeds]
        for key, found in by_key.items()
        if set(seeds) <= set(found)
    }
    usual = _find_usual([fit for trial in whole.values() for fit in trial])
    keys = [k for k, trial in whole.items() if all(fit.covers_same_rows(usual) for fit in trial)]
    if not keys or (always is not None and always not in keys):
        return None
    return ScoreTable(
        names=tuple(names[key] for key in keys),
        keys=tuple(keys),
        seeds=seeds,
        predictions=tuple(tuple(by_key[key][seed] for seed in seeds) for key in keys),
        left_out=tuple(name for key, name in names.items() if key not in keys),
    )


def _find_usual(fits: Sequence[AnyPredictions]) -> AnyPredictions:
    """Return predictions of the rows that most fits speak of, the first of them."""
    places = [fit.place for fit in fits]
    (usual, _), *_ = Counter(places).most_common(1)
    return fits[places.index(usual)]


def _choose_seeds(
    by_key: dict[str, dict[int, AnyPredictions]], always: str | None
) -> tuple[int, ...]:
    """Return the seeds of one trial, or those that most trials have; more seeds win a tie."""
    if always is not None:
        return tuple(sorted(by_key.get(always, ())))
    counts = Counter(tuple(sorted(found)) for found in by_key.values())
    return max(counts, key=lambda seeds: (counts[seeds], len(seeds)), default=())


def _choose_shared_seeds(
    by_key: dict[str, dict[int, AnyPredictions]], always: str | None
) -> tuple[int, ...]:
    """Return the list of some trial's seeds that most trials have among theirs; the longest."""
    held = {key: set(found) for key, found in by_key.items()}
    within = held.get(always, set()) if always is not None else set[int]().union(*held.values())
    lists = {tuple(sorted(seeds)) for seeds in held.values() if seeds <= within}
    return max(
        lists,
        key=lambda seeds: (sum(set(seeds) <= other for other in held.values()), len(seeds), seeds),
        default=(),
    )
