"""Claims are entered in the ledger before anything that they speak of is scored.

A batch enters what its study claims, then which configurations it is about to score; records hold
the ledger's head at that time. The claims are entered as the study declares them and with what
the run overrides, so that a short run of everything spoils nothing.

A ledger that cannot be used stops no batch: its records then hold no head, and no claim that they
speak of can be confirmed.
"""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from runner.batch.look_traces import list_run_infos, read_trusted
from runner.planning.plan import Plan
from runner.storage.claims import exclusively
from trial_sets.claims.binding import BoundClaim, bind_claim, bind_claims
from trial_sets.errors import InputError
from trial_sets.records.claim_file import OpenLedger, open_claims, tell_time
from trial_sets.records.claim_ledger import ClaimLedger, read_claims
from trial_sets.records.claim_lines import ClaimLine, ScoredLine, TrialKey, list_trial_keys
from trial_sets.records.claim_standing import list_known
from trial_sets.records.layout import Outputs, RunLayout
from trial_sets.records.looks import HoldoutPeriod
from trial_sets.records.run_info import RunInfo, describe_validation
from trial_sets.study import Study

MOST_TRIALS = 5_000  # in a line


@dataclass(frozen=True, slots=True)
class ClaimsEntered:
    """What became of a batch's claims.

    Attributes
    ----------
    head : str or None
        SHA-256 of the ledger's last line; None where the ledger cannot be used.
    note : str or None
        A sentence that says so.
    """

    head: str | None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """A claim of a study, as declared or with what a run overrides."""

    claim: BoundClaim
    study: Study  # that it is bound to
    declared: str  # digest of the claim as declared


def enter_claims(plan: Plan, *, scoring: bool = True) -> ClaimsEntered:
    """Enter a plan's claims, and what it is about to score.

    Parameters
    ----------
    scoring
        Whether the plan will be run; else its claims alone are entered.
    """
    path = plan.outputs.claims
    try:
        ledger = read_claims(path)
        rows = ledger.complete(describe_validation(plan.info.data))
        if not _is_whole(ledger) or not _has_news(plan, ledger, rows, scoring=scoring):
            return _report(ledger, plan.outputs)
        if rows.rows is None:
            rows = rows.model_copy(update={"rows": plan.data.sketches.get("validation")})
        path.parent.mkdir(parents=True, exist_ok=True)
        with exclusively(path), open_claims(path) as book:
            if _is_whole(book.ledger):
                _enter(plan, book, rows, scoring=scoring)
            return _report(book.ledger, plan.outputs)
    except InputError as error:
        return ClaimsEntered(None, _warn(str(error)))
    except OSError as error:
        return ClaimsEntered(None, _warn(f"{path}: {error.strerror or error}"))


def enter_searched(plan: Plan) -> None:
    """Enter what a search's fits, in a plan's folder, have scored, where the ledger can be used.

    What a search proposes is not known before. Until this is entered its records tell of it: no
    claim is entered without what the runs have scored by then.
    """
    path = plan.outputs.claims
    with contextlib.suppress(InputError, OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with exclusively(path), open_claims(path) as book:
            if _is_whole(book.ledger):
                found = list_run_infos(plan.outputs)
                ours = ((run, info) for run, info in found if info.run == plan.info.run)
                book.add(*_list_unlisted(ours, book.ledger))


def list_variants(plan: Plan) -> Iterator[Variant]:
    """Yield the claims of a plan's study, each as declared and, if that differs, as it runs."""
    declared, running = plan.declared, plan.info.study
    pairs = zip(declared.expectations(), running.expectations(), strict=True)
    for (part, claim), (same_part, _) in pairs:
        bound = bind_claim(declared, part, claim)
        digest = bound.digest(declared.rope)
        yield Variant(bound, declared, digest)
        if running == declared:
            continue
        with contextlib.suppress(InputError):  # trials that differed are one with the overrides
            yield Variant(bind_claim(running, same_part, claim), running, digest)


def _report(ledger: ClaimLedger, outputs: Outputs) -> ClaimsEntered:
    broken = ledger.find_break()
    if broken is None:
        return ClaimsEntered(ledger.head)
    return ClaimsEntered(None, _warn(f"{outputs.claims}: not what was written: {broken}"))


def _warn(reason: str) -> str:
    return f"The claims are undated, and none can be confirmed: {reason}"


def _is_whole(ledger: ClaimLedger) -> bool:
    return ledger.find_break() is None


def _has_news(plan: Plan, ledger: ClaimLedger, rows: HoldoutPeriod, *, scoring: bool) -> bool:
    """Return whether a ledger lacks anything of a plan."""
    if any(_list_fresh(plan, ledger, rows)):
        return True
    return scoring and any(_list_scored(plan, ledger, rows))


def _enter(plan: Plan, book: OpenLedger, rows: HoldoutPeriod, *, scoring: bool) -> None:
    """Add what a ledger lacks of a plan: first the claims, then what is to be scored."""
    fresh = list(_list_fresh(plan, book.ledger, rows))
    if fresh:
        book.add(*_list_unlisted(list_run_infos(plan.outputs), book.ledger))
        book.add(*(_make_entry(variant, book.ledger, rows) for variant in fresh))
    if scoring:
        book.add(*_list_scored(plan, book.ledger, rows))


def _list_fresh(plan: Plan, ledger: ClaimLedger, rows: HoldoutPeriod) -> Iterator[Variant]:
    """Yield the claims that were not entered yet, or with other looks, seeds or labels."""
    study = plan.declared
    known = {
        (entry.digest, entry.looks, entry.seeds or study.seeds, entry.label or study.label)
        for _, entry in ledger.list_kind(ClaimLine)
        if entry.study == study.name and entry.rows.overlaps(rows)
    }
    for variant in list_variants(plan):
        said = (variant.claim.digest(study.rope), study.looks, study.seeds, study.label)
        if said not in known:
            yield variant


def _make_entry(variant: Variant, ledger: ClaimLedger, rows: HoldoutPeriod) -> ClaimLine:
    study, claim = variant.study, variant.claim
    claiming = list_trial_keys(claim.claiming)
    return ClaimLine(
        time=tell_time(),
        study=study.name,
        sentence=claim.sentence,
        digest=claim.digest(study.rope),
        declared=variant.declared,
        question=claim.question(),
        rope=study.rope,
        looks=study.looks,
        seeds=study.seeds,
        label=study.label,
        rows=rows,
        claiming=claiming,
        references=list_trial_keys(claim.references),
        known=tuple(list_known(ledger, claiming, [rows])),
    )


def _list_scored(plan: Plan, ledger: ClaimLedger, rows: HoldoutPeriod) -> Iterator[ScoredLine]:
    """Yield lines on what a plan will score that no line tells of yet."""
    study = plan.declared
    lines = _list_lines(ledger, rows)
    known = {trial.key for line in lines for trial in line.trials}
    wanted = {planned.fit.key: planned.fit.configuration for planned in plan.to_run}
    fresh = [TrialKey.of(wanted[key]) for key in wanted if key not in known]
    if not fresh and (not wanted or any(line.study == study.name for line in lines)):
        return
    claims = tuple(claim.digest(study.rope) for claim in bind_claims(study))
    yield from _split(
        ScoredLine(
            time=tell_time(),
            study=study.name,
            run=plan.info.run,
            rows=rows,
            trials=tuple(fresh),
            claims=claims,
        )
    )


def _list_unlisted(
    runs: Iterable[tuple[RunLayout, RunInfo]], ledger: ClaimLedger
) -> Iterator[ScoredLine]:
    """Yield lines on what runs have scored without a line: before there was a ledger."""
    for run, info in runs:
        rows = ledger.complete(describe_validation(info.data))
        known = {trial.key for line in _list_lines(ledger, rows) for trial in line.trials}
        found = {
            record.key: record.configuration
            for place in (run, run.of_test(), *run.list_searches())
            for record in read_trusted(place, place.list_fits(), info.run)
            if record.configuration is not None and record.key not in known
        }
        if found:
            yield from _split(
                ScoredLine(
                    time=tell_time(),
                    study=info.study.name,
                    run=info.run,
                    rows=rows,
                    trials=tuple(map(TrialKey.of, found.values())),
                    found=True,
                )
            )


def _list_lines(ledger: ClaimLedger, rows: HoldoutPeriod) -> list[ScoredLine]:
    """Return what the ledger tells of rows that overlap some."""
    return [line for _, line in ledger.list_kind(ScoredLine) if line.rows.overlaps(rows)]


def _split(line: ScoredLine) -> Iterator[ScoredLine]:
    """Yield a line in parts, none of which holds more trials than one may."""
    for start in range(0, len(line.trials) or 1, MOST_TRIALS):
        yield line.model_copy(update={"trials": line.trials[start : start + MOST_TRIALS]})
