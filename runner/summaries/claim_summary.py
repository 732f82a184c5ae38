"""What the command tells of each claim of a study: whether it is fixed, and since when."""

from collections.abc import Iterator
from typing import Literal

from trial_sets.claims.binding import BoundClaim, bind_each
from trial_sets.claims.sentence import write_sentence
from trial_sets.configuration import StrictModel
from trial_sets.records.claim_ledger import ClaimLedger, read_sound_claims
from trial_sets.records.claim_lines import ClaimLine, list_trial_keys
from trial_sets.records.claim_standing import (
    SoughtClaim,
    Standing,
    find_standing,
    list_known,
    say_known,
    show_time,
)
from trial_sets.records.claim_stops import describe_stop, find_stop
from trial_sets.records.layout import Outputs
from trial_sets.records.looks import HoldoutPeriod
from trial_sets.study import Study, TrialSet


class ClaimStatus(StrictModel):
    """Whether a claim is fixed."""

    set_name: str
    sentence: str
    status: Literal["not fixed yet", "fixed", "post hoc", "undated"]
    since: str | None  # when it was first entered in the ledger; ISO 8601, UTC
    text: str  # the same in words
    decision: str | None = None  # what it came to at a look at which it was stopped


class FixedClaims(StrictModel):
    """What ``--fix-claims`` has fixed."""

    study: str
    ledger: str
    claims: tuple[ClaimStatus, ...]


def summarize_claims(
    study: Study,
    outputs: Outputs,
    rows: HoldoutPeriod | None = None,
    run: str | None = None,
) -> tuple[ClaimStatus, ...]:
    """Return how the ledger stands to each claim of a study.

    Parameters
    ----------
    study
        With what a run overrides, if it is about one.
    outputs
        Where the ledger lies.
    rows
        That the claims are to be judged on; None for whatever rows they were entered for.
    run
        In which they may have been decided; None for any, which is then named.
    """
    ledger, reason = read_sound_claims(outputs.claims)
    if rows is not None:
        rows = ledger.complete(rows)
    return tuple(_list_statuses(study, ledger, rows, run, reason))


def _list_statuses(
    study: Study,
    ledger: ClaimLedger,
    rows: HoldoutPeriod | None,
    run: str | None,
    reason: str | None,
) -> Iterator[ClaimStatus]:
    for part, claim, bound in bind_each(study):
        sentence = write_sentence(claim, study.metric)
        if not isinstance(bound, BoundClaim):
            yield _say(part, sentence, "not fixed yet", None, f"not fixed: {bound}")
            continue
        if reason is not None:
            text = f"undated: the ledger of claims is not what was written: {reason}"
            yield _say(part, sentence, "undated", None, text)
            continue
        sought = SoughtClaim(study.name, bound.digest(study.rope), list_trial_keys(bound.claiming))
        standing = find_standing(ledger, sought, rows)
        warning, kin = _warn(ledger, bound, sought, rows), _recall(ledger, bound, sought)
        said = _judge(part, bound, standing, warning, kin)
        stop = find_stop(ledger, study.name, sought.digest, rows, run)
        where = "" if stop is None or run is not None else f" in run {stop.run}"
        yield said if stop is None else _add_decision(said, f"{describe_stop(stop)}{where}")


def _add_decision(said: ClaimStatus, decision: str) -> ClaimStatus:
    """Return what is told of a claim with what it came to."""
    return said.model_copy(update={"decision": decision, "text": f"{said.text}; {decision}"})


def _judge(
    part: TrialSet, bound: BoundClaim, standing: Standing, warning: str, kin: str
) -> ClaimStatus:
    sentence = bound.sentence
    if standing.fixed:
        since = standing.fixed[0].time
        text = f"fixed since {show_time(since)}, before its trials were scored"
        return _say(part, sentence, "fixed", since, text)
    if standing.entries:
        since = standing.entries[0].time
        known = say_known(standing.known, bound.claiming)
        text = f"post hoc: first seen {show_time(since)}, after {known}"
        return _say(part, sentence, "post hoc", since, text)
    if warning:
        return _say(part, sentence, "post hoc", None, f"post hoc: not fixed before {warning}")
    return _say(part, sentence, "not fixed yet", None, f"not fixed yet{kin}")


def _recall(ledger: ClaimLedger, bound: BoundClaim, sought: SoughtClaim) -> str:
    """Say when the same was asked in other terms, if it was: of rows, or of lengths and margins."""
    asked = (sought.study, bound.question())
    lines = [
        line for _, line in ledger.list_kind(ClaimLine) if (line.study, line.question) == asked
    ]
    if not lines:
        return ""
    same = [line for line in lines if line.digest == sought.digest]
    what = "rows" if same else "epochs, context, margin or ROPE"
    time = show_time((same or lines)[0].time)
    return f" as it stands here; what was fixed {time} is the same with other {what}"


def _warn(
    ledger: ClaimLedger, bound: BoundClaim, sought: SoughtClaim, rows: HoldoutPeriod | None
) -> str:
    """Say what has been scored already of a claim's trials on the rows, if they are known."""
    if rows is None:
        return ""
    known = list(list_known(ledger, sought.claiming, [rows]))
    return say_known(known, bound.claiming) if known else ""


def _say(
    part: TrialSet,
    sentence: str,
    status: Literal["not fixed yet", "fixed", "post hoc", "undated"],
    since: str | None,
    text: str,
) -> ClaimStatus:
    return ClaimStatus(set_name=part.name, sentence=sentence, status=status, since=since, text=text)
