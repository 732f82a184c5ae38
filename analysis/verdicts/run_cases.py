"""What a run knows about each claim of its study."""

from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from analysis.runs.run import Run
from analysis.runs.run_fit import RunFit
from analysis.runs.scoring import AnyPredictions, Scoring, stack_fits
from analysis.statistics.comparisons.inference import Inference
from analysis.statistics.metrics.metric import join_estimates
from analysis.statistics.variances.seed_pool import SeedPool, pool_seeds
from analysis.verdicts.advice import advise
from analysis.verdicts.checklist import Case, Checklist, draw_up_checklist
from analysis.verdicts.claim_test import infer_claim, weigh_seeds
from analysis.verdicts.dating import FOREIGN, DatedClaims, Dating, Look, date_claims
from analysis.verdicts.gaps import list_gaps
from analysis.verdicts.judged_looks import describe_look, enter_looks, is_new
from analysis.verdicts.margins import margin_of, scale_value
from analysis.verdicts.observation import observe
from analysis.verdicts.recorded import EXACT, ROWLESS, list_recorded, read_recorded
from analysis.verdicts.verdict import ClaimTest, Missing
from trial_sets.claim import Claim, ClaimForm
from trial_sets.claims.binding import BoundClaim, bind_claim
from trial_sets.errors import InputError
from trial_sets.study import Trial, TrialSet
from trial_sets.wording import join_words

_BROKEN = Dating("undated", None, ())


def judge_run(run: Run, rope: float | None = None, *, enter: bool = False) -> Checklist:
    """Judge every claim that the run's study declares.

    Parameters
    ----------
    rope
        Instead of the study's, in AUC.
    enter
        Whether the looks at the claims are entered in their ledger first, as for whoever sees the
        verdicts; a look that cannot be entered leaves a claim inconclusive at most.
    """
    chosen = run.info.study.rope if rope is None else rope
    cases = _open_cases(run, chosen, run.info.study.seeds)
    bound = [case.bound for case in cases if case.bound is not None]
    dated = date_claims(run, bound, chosen)
    found = iter(dated.claims)
    datings = [_BROKEN if case.bound is None else next(found) for case in cases]
    looks = [_describe_look(run, case) for case in cases]
    dated = replace(dated, claims=tuple(datings))
    uncounted = None
    if enter:
        uncounted = enter_looks(run, [case.bound for case in cases], dated, looks, chosen)
    if uncounted is not None:
        limit = f"this look at it does not count: {uncounted}"
        triples = zip(cases, datings, looks, strict=True)
        cases = [_limit(c, limit) if is_new(dating, look) else c for c, dating, look in triples]
    checklist = draw_up_checklist(cases, chosen, dated, looks, partial(advise, run))
    return replace(checklist, uncounted=uncounted)


def judge_scores(run: Run, rope: float | None = None) -> Checklist:
    """Judge the claims on another tool's predictions: of those no ledger tells when they came."""
    chosen = run.info.study.rope if rope is None else rope
    cases = _open_cases(run, chosen, ())
    dated = DatedClaims((FOREIGN,) * len(cases))
    return draw_up_checklist(cases, chosen, dated, [None] * len(cases))


def _open_cases(run: Run, rope: float, declared: tuple[int, ...]) -> list[Case]:
    bench = _Bench(run, rope, declared)
    return [bench.open_case(*declared) for declared in run.info.study.expectations()]


@dataclass(eq=False)
class _Bench:
    """Where a run's claims are tested: what they share is computed once."""

    run: Run
    rope: float
    declared: tuple[int, ...]  # seeds in the order in which they are to be run

    @cached_property
    def fits(self) -> dict[str, dict[int, RunFit]]:
        """The fits of each configuration by seed."""
        found: dict[str, dict[int, RunFit]] = {}
        for fit in self.run.trained:
            found.setdefault(fit.record.key, {})[fit.record.seed] = fit
        return found

    @property
    def horizon(self) -> int:
        return self.run.info.study.label.horizon

    def open_case(self, trial_set: TrialSet, claim: Claim) -> Case:
        """Return what the run says of a claim."""
        study = self.run.info.study
        try:
            bound = bind_claim(study, trial_set, claim)
        except InputError as error:
            return Case(trial_set.name, claim, None, Missing((str(error),)), None, ())
        seeds = self._find_seeds(bound)
        named = {t.name: (t.configuration, self._fits_of(t)) for t in bound.trials}
        reasons = list_gaps(self.run, named, seeds)
        every = None
        test: ClaimTest | Missing = Missing(reasons, can_be_run=True)
        if not reasons:
            test = self._test(bound, seeds)
            if claim.form is ClaimForm.BEATS and claim.sides == "mean" and len(bound.trials) > 2:
                every = self._test(bound, seeds, is_every=True)
        return Case(
            set_name=trial_set.name,
            claim=claim,
            bound=bound,
            test=test,
            observation=observe(bound, self._list_results(bound)),
            seeds=seeds,
            every=every,
        )

    def _fits_of(self, trial: Trial) -> dict[int, RunFit]:
        return self.fits.get(trial.configuration.key, {})

    def _find_seeds(self, bound: BoundClaim) -> tuple[int, ...]:
        """Return the seeds that the claim needs: all that its trials, but a control, ran with.

        And those declared before them: nobody leaves out the seeds that he does not like.
        """
        trials = [trial for trial in bound.trials if not trial.is_control] or bound.trials
        found = {seed for trial in trials for seed in self._fits_of(trial)}
        last = max((at for at, seed in enumerate(self.declared) if seed in found), default=-1)
        return tuple(sorted(found | set(self.declared[: last + 1])))

    def _list_results(self, bound: BoundClaim) -> dict[str, dict[int, float]]:
        """Return what the complete fits of a claim's trials recorded, as the claim counts it."""
        claim = bound.claim
        found: dict[str, dict[int, float]] = {}
        for trial in bound.trials:
            known = {
                seed: read_recorded(fit.record, claim.metric)
                for seed, fit in self._fits_of(trial).items()
                if fit.is_complete
            }
            scaled = {s: scale_value(claim, v) for s, v in known.items() if v is not None}
            found[trial.configuration.key] = {s: v for s, v in scaled.items() if np.isfinite(v)}
        return found

    def _test(
        self, bound: BoundClaim, seeds: tuple[int, ...], *, is_every: bool = False
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
        if not known[0].is_scorable:
            n, m = known[0].n_rows, known[0].n_positive
            reason = f"{m} positive and {n - m} negative rows: an AUC's error needs two of each"
            return Missing((reason,))

        def infer(scoring: Scoring) -> Inference | None:
            estimates = stack_fits(fits, scoring, self.horizon)
            if estimates is None:
                return None
            pool = self._pool(seeds, known[0], scoring)
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

    def _pool(self, seeds: tuple[int, ...], usual: AnyPredictions, scoring: Scoring) -> SeedPool:
        """Return what these seeds do to all trials that have them, on the same rows."""
        place = (seeds, scoring, usual.place)
        if place not in self._pools:
            tables = [
                [one for seed in seeds if seed in fits and (one := fits[seed].predictions)]
                for fits in self.fits.values()
            ]
            whole = [
                stack_fits([table], scoring, self.horizon)
                for table in tables
                if len(table) == len(seeds) and all(one.covers_same_rows(usual) for one in table)
            ]
            fits = join_estimates([stack for stack in whole if stack is not None])
            self._pools[place] = pool_seeds(fits, horizon_rows=self.horizon)
        return self._pools[place]

    @cached_property
    def _pools(self) -> dict[tuple[tuple[int, ...], Scoring, tuple[str, ...]], SeedPool]:
        return {}

    def _test_recorded(
        self, bound: BoundClaim, seeds: tuple[int, ...], *, is_every: bool
    ) -> ClaimTest | Missing:
        """Test a claim about what records hold: over seeds alone."""
        claim, results = bound.claim, self._list_results(bound)
        for trial in bound.trials:
            if set(seeds) - set(results[trial.configuration.key]):
                return Missing((self._describe_unrecorded(trial, claim),))
        test = weigh_seeds(bound, results, seeds, rope=self.rope, is_every=is_every)
        if claim.metric in EXACT:
            test = replace(test, inference=_take_as_exact(test.inference, test.rope))
        return replace(test, limits=()) if claim.metric in ROWLESS else test

    def _describe_unrecorded(self, trial: Trial, claim: Claim) -> str:
        fits = self._fits_of(trial).values()
        held = join_words(sorted({name for fit in fits for name in list_recorded(fit.record)}))
        what = "logarithm of " if claim.ratio else ""
        return f"{trial.name} has no {what}{claim.metric} in every record; they hold {held}"


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


def _limit(case: Case, limit: str) -> Case:
    """Return a case whose claim is inconclusive at most."""
    test, every = case.test, case.every
    if isinstance(test, ClaimTest):
        test = replace(test, limits=(*test.limits, limit))
    if isinstance(every, ClaimTest):
        every = replace(every, limits=(*every.limits, limit))
    return replace(case, test=test, every=every)


def _describe_look(run: Run, case: Case) -> Look | None:
    """Return what a claim is judged on; None while it is pending."""
    if case.bound is None or isinstance(case.test, Missing):
        return None
    return describe_look(run, case.bound, case.seeds)
