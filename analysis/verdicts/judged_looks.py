"""Every judgement of a claim is entered in the ledger: to look again is to have another chance."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence

from analysis.runs.run import Run
from analysis.runs.run_fit import RunFit
from analysis.verdicts.dating import DatedClaims, Dating, Look
from analysis.verdicts.recorded import read_recorded
from trial_sets.claim import Claim
from trial_sets.claims.binding import BoundClaim
from trial_sets.errors import InputError
from trial_sets.records.claim_file import OpenLedger, open_claims, tell_time
from trial_sets.records.claim_ledger import ClaimLedger
from trial_sets.records.claim_lines import Line, LookLine
from trial_sets.records.kept_head import keep_head
from trial_sets.records.layout import RunLayout
from trial_sets.records.looks import HoldoutPeriod
from trial_sets.records.run_info import describe_validation


def describe_look(run: Run, claim: BoundClaim, seeds: Sequence[int]) -> Look:
    """Return the look at a claim that judging it on some seeds is.

    Parameters
    ----------
    seeds
        Those that it is judged on.
    """
    results = [
        [trial.configuration.key, seed, _describe_result(fits.get(seed), claim.claim)]
        for trial in claim.trials
        for fits in [run.list_fits(trial.configuration.key)]
        for seed in sorted(seeds)
    ]
    evidence = hashlib.sha256(json.dumps(sorted(results, key=str)).encode()).hexdigest()
    folds = len(run.info.data.fold_numbers)
    return Look(run.info.run, tuple(sorted(seeds)), folds, evidence)


def is_new(dating: Dating, look: Look | None) -> bool:
    """Return whether a look is yet to be entered; one at an undated claim never is."""
    return look is not None and dating.status != "undated" and look not in dating.looks


def enter_looks(
    run: Run,
    claims: Sequence[BoundClaim | None],
    dated: DatedClaims,
    looks: Sequence[Look | None],
    rope: float,
) -> str | None:
    """Enter in the ledger what is judged and is not yet in it, and keep its head with the run.

    Parameters
    ----------
    claims, dated
        As `analysis.verdicts.dating.date_claims` took and returned them; None for a broken claim.
    looks
        One a claim; None where it is not judged.
    rope
        At which they are judged.

    Returns
    -------
    str or None
        A clause that says why they could not be entered, if they could not.
    """
    pairs = zip(claims, dated.claims, looks, strict=True)
    fresh = [
        (claim, look)
        for claim, dating, look in pairs
        if claim is not None and look is not None and is_new(dating, look)
    ]
    if not fresh:
        return None

    def list_lines(ledger: ClaimLedger) -> Iterator[LookLine]:
        known = {(line.digest, line.run, line.evidence) for _, line in ledger.list_kind(LookLine)}
        rows = ledger.complete(describe_validation(run.info.data))
        for claim, look in fresh:
            if (claim.digest(rope), look.run, look.evidence) not in known:
                yield _make_line(run, rows, claim, look, rope)

    return add_lines(RunLayout(run.folder), list_lines)


def add_lines(layout: RunLayout, list_lines: Callable[[ClaimLedger], Iterable[Line]]) -> str | None:
    """Add to the ledger of claims, and keep its head in the run's folder.

    Parameters
    ----------
    layout
        The run.
    list_lines
        Returns what the ledger lacks, as it is by then.

    Returns
    -------
    str or None
        A clause that says why nothing could be added, if it could not.
    """
    try:
        with open_claims(layout.outputs.claims) as book:
            _keep(layout, book)  # where it cannot be kept, nothing is entered
            book.add(*list_lines(book.ledger))
            _keep(layout, book)
    except OSError as error:
        return f"{_CANNOT} ({error.strerror or error})"
    except InputError as error:
        return f"{_CANNOT} ({error})"
    return None


_CANNOT = "it cannot be entered in the ledger of claims"


def _keep(layout: RunLayout, book: OpenLedger) -> None:
    """Keep the ledger's head in the run's folder, so that no look is cut off unnoticed."""
    if book.ledger.head is not None:
        keep_head(layout, book.ledger.head)


def _make_line(
    run: Run, rows: HoldoutPeriod, claim: BoundClaim, look: Look, rope: float
) -> LookLine:
    return LookLine(
        time=tell_time(),
        study=run.info.study.name,
        run=look.run,
        digest=claim.digest(rope),
        question=claim.question(),
        rows=rows,
        seeds=look.seeds,
        folds=look.folds,
        evidence=look.evidence,
    )


def _describe_result(fit: RunFit | None, claim: Claim) -> object:
    """Return what tells one result of a fit from another, as far as a claim depends on it."""
    if fit is None or fit.record.status == "pruned":
        return None
    if not claim.is_of_study_metric:
        return read_recorded(fit.record, claim.metric)
    return fit.record.predictions_sha256 or fit.record.score
