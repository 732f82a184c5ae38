"""Where a run's claims are tested: the fits of their trials, and what they share."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analysis.runs.run import Run
from analysis.runs.run_fit import RunFit
from analysis.runs.scoring import AnyPredictions, Scoring, stack_fits
from analysis.statistics.comparisons.inference import Inference
from analysis.statistics.metrics.metric import join_estimates
from analysis.statistics.variances.seed_pool import SeedPool, pool_seeds
from analysis.verdicts.checklist import Case
from analysis.verdicts.claim_test import infer_claim, weigh_seeds
from analysis.verdicts.gaps import list_gaps
from analysis.verdicts.look_seeds import find_seeds
from analysis.verdicts.margins import margin_of, scale_value
from analysis.verdicts.observation import observe
from analysis.verdicts.recorded import EXACT, ROWLESS, list_recorded, read_recorded
from analysis.verdicts.verdict import ClaimTest, Missing
from trial_sets.claim import Claim, ClaimForm
from trial_sets.claims.binding import BoundClaim
from trial_sets.errors import InputError
from trial_sets.records.claim_lines import StopLine
from trial_sets.study import Trial, TrialSet
from trial_sets.wording import join_words


@dataclass(eq=False)
class ClaimBench:
    """Where a run's claims are tested: what they share is computed once."""

    run: Run
    rope: float
    declared: tuple[int, ...]  # seeds in the order in which they are to be run

    @property
    def horizon(self) -> int | None:
        """Rows that a label looks ahead; None for rows without order."""
        return self.run.horizon_rows

    def open_case(
        self,
        trial_set: TrialSet,
        claim: Claim,
        bound: BoundClaim | InputError,
        seeds: tuple[int, ...] | None = None,
        stop: StopLine | None = None,
    ) -> Case:
        """Return what the run says of a claim.

        Parameters
        ----------
        bound
            The claim, or why it is broken.
        seeds
            On which it is judged; by default on all that it needs.
        stop
            In effect: then it is judged on what that look saw.
        """
        if isinstance(bound, InputError):
            missing = Missing((str(bound),))
            metric = self.run.info.study.metric
            return Case(trial_set.name, claim, None, missing, None, (), study_metric=metric)
        if stop is not None:
            seeds = stop.seeds
        results = self._list_results(bound, seeds)
        if seeds is None:
            seeds = self._find_seeds(bound)
        named = {t.name: (t.configuration, self._fits_of(t)) for t in bound.trials}
        reasons = list_gaps(self.run, named, seeds)
        every: ClaimTest | Missing | None = None
        pooled: tuple[str, ...] = ()
        test: ClaimTest | Missing = Missing(reasons, can_be_run=True)
        if not reasons:
            pooled = self._list_pooled(bound, seeds)
            if stop is not None:
                pooled = tuple(key for key in pooled if key in stop.pooled) or pooled
            test = self._test(bound, seeds, pooled)
            if claim.form is ClaimForm.BEATS and claim.sides == "mean" and len(bound.trials) > 2:
                every = self._test(bound, seeds, pooled, is_every=True)
        return Case(
            set_name=trial_set.name,
            claim=claim,
            bound=bound,
            test=test,
            observation=observe(bound, results),
            seeds=seeds,
            every=every,
            pooled=pooled,
            study_metric=bound.study_metric,
        )

    def _fits_of(self, trial: Trial) -> dict[int, RunFit]:
        return self.run.list_fits(trial.configuration.key)

    def _find_seeds(self, bound: BoundClaim) -> tuple[int, ...]:
        """Return the seeds that the claim needs: all that its trials, but a control, ran with.

        And those declared before them: nobody leaves out the seeds that he does not like.
        """
        found = find_seeds(self.run, bound)
        last = max((at for at, seed in enumerate(self.declared) if seed in found), default=-1)
        return tuple(sorted(found | set(self.declared[: last + 1])))

    def _list_results(
        self, bound: BoundClaim, seeds: Sequence[int] | None = None
    ) -> dict[str, dict[int, float]]:
        """Return what the complete fits of a claim's trials recorded, as the claim counts it."""
        claim = bound.claim
        found: dict[str, dict[int, float]] = {}
        for trial in bound.trials:
            known = {
                seed: read_recorded(fit.record, claim.metric)
                for seed, fit in self._fits_of(trial).items()
                if fit.is_complete and (seeds is None or seed in seeds)
            }
            scaled = {s: scale_value(bound, v) for s, v in known.items() if v is not None}
            found[trial.configuration.key] = {s: v for s, v in scaled.items() if np.isfinite(v)}
        return found

    def _test(
        self,
        bound: BoundClaim,
        seeds: tuple[int, ...],
        pooled: tuple[str, ...],
        *,
        is_every: bool = False,
    ) -> ClaimTest | Missing:
        """Test a claim whose every fit is there."""
        fits = [
            [self._fits_of(trial)[seed].predictions for seed in seeds] for trial in bound.trials
        ]
        known = [one for trial in fits for one in trial if one is not None]
        if not bound.claim.is_of_study_metric or len(known) < len(bound.trials) * len(seeds):
            return self._test_recorded(bound, seeds, is_every=is_every)
        if any(not known[0].covers_same_rows(one) for one in known):
            return Missing(("the fits were scored on different rows",))
        if known[0].flaw is not None:
            return Missing((known[0].flaw,))

        def infer(scoring: Scoring) -> Inference | None:
            estimates = stack_fits(fits, scoring, self.horizon)
            if estimates is None:
                return None
            pool = self._pool(seeds, pooled, scoring)
            return infer_claim(
                bound,
                estimates,
                rope=self.rope,
                horizon_rows=self.horizon,
                pool=pool,
                is_every=is_every,
            )

        selected, crossed = infer(Scoring.SELECTED), infer(Scoring.CROSS_FITTED)
        assert selected is not None
        return ClaimTest(
            inference=crossed or selected,
            rope=self.rope,
            n_seeds=len(seeds),
            against=margin_of(bound.claim),
            selected=selected if crossed is not None else None,
            last_epoch=infer(Scoring.LAST),
            needs_last_epoch=crossed is None,
        )

    def _list_pooled(self, bound: BoundClaim, seeds: tuple[int, ...]) -> tuple[str, ...]:
        """Return the configurations that have these seeds, scored on the claim's rows."""
        first = self._fits_of(bound.trials[0])[seeds[0]].predictions
        if first is None or not bound.claim.is_of_study_metric:
            return ()
        place = (seeds, first.place)
        if place not in self._pooled:
            self._pooled[place] = tuple(
                key
                for key in self.run.by_key
                if all(
                    one is not None and one.covers_same_rows(first)
                    for one in self._list_predictions(key, seeds)
                )
            )
        return self._pooled[place]

    def _list_predictions(self, key: str, seeds: tuple[int, ...]) -> list[AnyPredictions | None]:
        fits = self.run.list_fits(key)
        return [fits[seed].predictions if seed in fits else None for seed in seeds]

    def _pool(self, seeds: tuple[int, ...], pooled: tuple[str, ...], scoring: Scoring) -> SeedPool:
        """Return what these seeds do to some configurations, on the same rows."""
        place = (seeds, pooled, scoring)
        if place not in self._pools:
            whole = [
                stack_fits([self._list_predictions(key, seeds)], scoring, self.horizon)
                for key in pooled
            ]
            fits = join_estimates([stack for stack in whole if stack is not None])
            self._pools[place] = pool_seeds(fits, horizon_rows=self.horizon)
        return self._pools[place]

    @cached_property
    def _pooled(self) -> dict[tuple[tuple[int, ...], tuple[str, ...]], tuple[str, ...]]:
        return {}

    @cached_property
    def _pools(self) -> dict[tuple[tuple[int, ...], tuple[str, ...], Scoring], SeedPool]:
        return {}

    def _test_recorded(
        self, bound: BoundClaim, seeds: tuple[int, ...], *, is_every: bool
    ) -> ClaimTest | Missing:
        """Test a claim about what records hold: over seeds alone."""
        claim, results = bound.claim, self._list_results(bound)
        for trial in bound.trials:
            if set(seeds) - set(results[trial.configuration.key]):
                return Missing((self._describe_unrecorded(trial, bound),))
        test = weigh_seeds(bound, results, seeds, rope=self.rope, is_every=is_every)
        if claim.metric in EXACT:
            test = replace(test, inference=_take_as_exact(test.inference, test.rope))
        return replace(test, limits=()) if claim.metric in ROWLESS else test

    def _describe_unrecorded(self, trial: Trial, bound: BoundClaim) -> str:
        claim = bound.claim
        fits = self._fits_of(trial).values()
        held = join_words(sorted({name for fit in fits for name in list_recorded(fit.record)}))
        what = "logarithm of " if claim.ratio else ""
        name = claim.metric or bound.study_metric.key()
        return f"{trial.name} has no {what}{name} in every record; they hold {held}"


def _take_as_exact(found: Inference, margin: float) -> Inference:
    """Return the test of a difference that has no error: there is no doubt either way."""
    value, is_true = found.estimate, found.reaches(margin, rope=margin)
    return replace(
        found,
        low=value,
        high=value,
        upper_for_refutation=value,
        standard_error=0.0,
        p_value=0.0 if is_true else 1.0,
        limits=(),
    )
