"""From which earlier fits the error of a planned claim is expected."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from analysis.runs.run import Run
from analysis.runs.run_fit import RunFit
from analysis.runs.score_table import gather_scores
from analysis.statistics.planning.variance_parts import (
    REFERENCE_PARTS,
    VarianceParts,
    estimate_parts,
)
from trial_sets.claims.binding import BoundClaim
from trial_sets.task import Metric

_ONE_PERIOD = "from one period, so that what periods differ by is not in it"


@dataclass(frozen=True, slots=True)
class ExpectedParts:
    """What the error of a claim is expected to be made of.

    Attributes
    ----------
    parts : VarianceParts
    source : str
        In words, where they are taken from, such as ``that of all trials of sp500-1ddd208e``.
    n_folds : int
        Of the fits; with one nothing is known of what periods differ by.
    """

    parts: VarianceParts
    source: str
    n_folds: int

    def describe(self, most_folds: int) -> str:
        """Return the source, and what it does not know of plans of up to so many folds."""
        is_blind = self.n_folds == 1 and most_folds > 1
        return f"{self.source}, {_ONE_PERIOD}" if is_blind else self.source


REFERENCE = ExpectedParts(
    REFERENCE_PARTS,
    "that of the reference, since no fits on these data tell it: networks with AUCs of about .72, "
    "18 % positive",
    n_folds=1,
)


def refer(metric: Metric) -> ExpectedParts | None:
    """Return what is expected of a metric before any fit; of others than the AUC nothing is."""
    return REFERENCE if metric.is_auc else None


def find_parts(runs: Sequence[Run], claim: BoundClaim) -> ExpectedParts | None:
    """Return what the error of a claim is made of, as earlier runs have it; None if none tells.

    A run by another metric tells nothing.

    The claim's own trials tell it best, in the first run in which two of them that differ have the
    same seeds: an average over all trials of a run holds what others add. Else all trials of the
    first run that tells anything. A single seed of the claim's own counts only where there is no
    more of others.
    """
    alike = [run for run in runs if run.metric == claim.study_metric]
    learnt = list(_learn_in_turn(alike, claim))
    found = [one for one, n_seeds in learnt if n_seeds > 1] or [one for one, _ in learnt]
    return found[0] if found else None


def _learn_in_turn(runs: Sequence[Run], claim: BoundClaim) -> Iterator[tuple[ExpectedParts, int]]:
    """Yield what runs tell, the best first, and with how many seeds; up to the first with two."""
    keys = {trial.configuration.key for trial in claim.trials}
    for is_own in (True, False):
        for run in runs:
            fits = [fit for fit in run.trained if not is_own or fit.record.key in keys]
            whose = "the claim's own trials in" if is_own else "all trials of"
            found = _learn(run, fits, f"that of {whose} {run.info.run}")
            if found is not None:
                yield found
                if found[1] > 1:
                    return


def _learn(run: Run, fits: Iterable[RunFit], source: str) -> tuple[ExpectedParts, int] | None:
    """Return what some fits tell, and with how many seeds."""
    horizon = run.horizon_rows
    table = gather_scores(_leave_out_single(fits), is_staged=True)
    estimate = None if table is None else table.estimate_judged(horizon)
    parts = None if estimate is None else estimate_parts(estimate, horizon_rows=horizon)
    if table is None or estimate is None or parts is None:
        return None
    return ExpectedParts(parts, source, estimate.n_folds), len(table.seeds)


def _leave_out_single(fits: Iterable[RunFit]) -> list[RunFit]:
    """Return the fits without trials of one seed, if two have more: all would be cut to it."""
    scored = [fit for fit in fits if fit.predictions is not None]
    n_seeds = Counter(fit.record.key for fit in scored)
    several = [fit for fit in scored if n_seeds[fit.record.key] > 1]
    return several if len({fit.record.key for fit in several}) > 1 else scored
