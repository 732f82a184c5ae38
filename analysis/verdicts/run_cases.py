"""The claims of a run's study, judged on what the run knows about each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from analysis.runs.other_metric import score_by, settle_rope
from analysis.runs.run import Run
from analysis.verdicts.advice import advise
from analysis.verdicts.checklist import Case, Checklist, draw_up_checklist
from analysis.verdicts.claim_bench import ClaimBench
from analysis.verdicts.dating import FOREIGN, DatedClaims, Dating, Look, date_claims
from analysis.verdicts.judged_looks import describe_look, enter_looks, is_new
from analysis.verdicts.look_seeds import are_first, choose_seeds
from analysis.verdicts.threshold import doubt_stop
from analysis.verdicts.verdict import ClaimTest, Missing
from trial_sets.claim import Claim
from trial_sets.claims.binding import BoundClaim, bind_each
from trial_sets.errors import InputError
from trial_sets.records.claim_stops import describe_stop
from trial_sets.study import TrialSet
from trial_sets.task import Metric

_BROKEN = Dating("undated", None, ())


def judge_run(
    run: Run,
    rope: float | None = None,
    *,
    enter: bool = False,
    at: Mapping[str, int] | None = None,
    metric: Metric | None = None,
) -> Checklist:
    """Judge every claim that the run's study declares.

    A claim that was stopped at a look is judged on what that look saw, whatever has been run
    since.

    Parameters
    ----------
    rope
        Instead of the study's, in units of the metric.
    enter
        Whether the looks at the claims are entered in their ledger first, as for whoever sees the
        verdicts; a look that cannot be entered leaves a claim inconclusive at most.
    at
        By a claim's digest, on how many of the study's first seeds it is judged, whether it was
        stopped or not; on all there are where that would leave out some against its plan, see
        `analysis.verdicts.look_seeds.choose_seeds`. Looks at other claims are then not entered.
    metric
        Instead of the study's; see `analysis.runs.other_metric`. It needs a `rope`. The claims
        were not made of it, so that none is confirmed, and no look is entered.

    Raises
    ------
    InputError
        If another metric comes without a ROPE.
    """
    study = run.info.study
    chosen = settle_rope(run, rope, metric)
    if metric is not None and metric != run.metric:
        return _judge_by_other(score_by(run, metric), study.metric, chosen)
    declared = list(bind_each(study))
    known = [bound for _, _, bound in declared if isinstance(bound, BoundClaim)]
    dated = date_claims(run, known, chosen)
    found = iter(dated.claims)
    bench = ClaimBench(run, chosen, study.seeds)
    cases, datings = [], []
    for part, claim, bound in declared:
        if isinstance(bound, BoundClaim):
            n_seeds = (at or {}).get(bound.digest(chosen))
            case, dating = _open_dated(bench, (part, claim, bound), next(found), n_seeds)
        else:
            case, dating = bench.open_case(part, claim, bound), _BROKEN
        cases.append(case)
        datings.append(dating)
    dated = replace(dated, claims=tuple(datings))
    looks = [_describe_look(run, case) for case in cases]
    uncounted = None
    if enter:
        entered = [
            look if at is None or (case.bound and case.bound.digest(chosen) in at) else None
            for case, look in zip(cases, looks, strict=True)
        ]
        uncounted = enter_looks(run, [case.bound for case in cases], dated, entered, chosen)
        if uncounted is not None:
            cases = _limit_new(cases, datings, entered, uncounted)
    checklist = draw_up_checklist(cases, chosen, dated, looks, partial(advise, run))
    return replace(checklist, uncounted=uncounted)


def judge_scores(run: Run, rope: float | None = None) -> Checklist:
    """Judge the claims on another tool's predictions: of those no ledger tells when they came."""
    study = run.info.study
    chosen = study.rope if rope is None else rope
    bench = ClaimBench(run, chosen, ())
    cases = [bench.open_case(*declared) for declared in bind_each(study)]
    dated = DatedClaims((FOREIGN,) * len(cases))
    return draw_up_checklist(cases, chosen, dated, [None] * len(cases))


def _judge_by_other(run: Run, own: Metric, rope: float) -> Checklist:
    """Judge the claims of a run that is scored by another metric than its study's own."""
    bench = ClaimBench(run, rope, run.info.study.seeds)
    cases = []
    for part, claim, bound in bind_each(run.info.study):
        has_margin = claim.is_of_study_metric and (claim.by or claim.within)
        broken = InputError(f"its margin is in units of {own.title}") if has_margin else bound
        cases.append(bench.open_case(part, claim, broken))
    dating = Dating("post hoc", None, (f"the study's claims are about {own.title}",))
    dated = DatedClaims((dating,) * len(cases))
    return draw_up_checklist(cases, rope, dated, [None] * len(cases))


def _open_dated(
    bench: ClaimBench,
    declared: tuple[TrialSet, Claim, BoundClaim],
    given: Dating,
    n_seeds: int | None,
) -> tuple[Case, Dating]:
    """Return what the run says of a claim, and its dating with the stop that holds, if one does.

    Parameters
    ----------
    declared
        The claim with its set.
    given
        When it was fixed, and where the ledger has it stopped.
    n_seeds
        On which it is to be judged, stopped or not; None for a claim that no look is asked of.
    """
    run, bound = bench.run, declared[-1]
    seeds = None if n_seeds is None else choose_seeds(run, bound, given, n_seeds)
    dating = _settle_stop(run, bound, given, is_open=n_seeds is not None)
    case = bench.open_case(*declared, seeds, dating.stop)
    if (doubt := _doubt_stop(case, dating)) is None:
        return case, dating
    return bench.open_case(*declared, seeds), _drop_stop(given, doubt)


def _settle_stop(run: Run, bound: BoundClaim, dating: Dating, *, is_open: bool) -> Dating:
    """Return a dating as it was when its claim was stopped, or without a stop that does not hold.

    None holds where the claim is open again, or its results are others by now; that it was
    undecided at the last look holds until all its trials have further seeds.
    """
    stop = dating.stop
    if stop is None:
        return dating
    if is_open or (stop.verdict == "undecided" and _has_further_seeds(run, bound, stop.seeds)):
        return replace(dating, stop=None)
    if not are_first(run, dating, stop.seeds):
        note = f"{describe_stop(stop)}, on other seeds than the first that it was fixed with"
        return _drop_stop(dating, f"the ledger has it {note}: that stop does not hold")
    look = describe_look(run, bound, stop.seeds)
    if look.evidence == stop.evidence and look in dating.looks:
        return dating.hold_at(look)
    return _drop_stop(dating, f"{describe_stop(stop)}, on other results than there are now")


def _doubt_stop(case: Case, dating: Dating) -> str | None:
    """Say why a claim's stop is not one that the rules give; None where it may be, or is none."""
    if dating.stop is None or isinstance(case.test, Missing):
        return None
    found = doubt_stop(
        dating,
        p_alone=case.test.inference.p_value,
        n_seeds=case.test.n_seeds,
        look_number=dating.number_look(dating.looks[-1]),
    )
    if found is None:
        return None
    return f"the ledger has it {describe_stop(dating.stop)} {found}: that stop does not hold"


def _drop_stop(dating: Dating, note: str) -> Dating:
    """Return a dating without the stop, which does not hold for a reason that is noted."""
    return replace(dating, stop=None, notes=(*dating.notes, note))


def _has_further_seeds(run: Run, bound: BoundClaim, seeds: Sequence[int]) -> bool:
    """Return whether there is a seed, beside some, that all trials of a claim were run with."""
    found = [set(run.list_fits(trial.configuration.key)) for trial in bound.trials]
    return bool(set[int].intersection(*found) - set(seeds))


def _limit_new(
    cases: Sequence[Case], datings: Sequence[Dating], looks: Sequence[Look | None], uncounted: str
) -> list[Case]:
    """Return the cases, those at whose looks could not be entered as inconclusive at most."""
    limit = f"this look at it does not count: {uncounted}"
    triples = zip(cases, datings, looks, strict=True)
    return [_limit(case, limit) if is_new(dating, look) else case for case, dating, look in triples]


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
