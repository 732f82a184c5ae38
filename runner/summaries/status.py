"""How things stand with every fit of a plan, as the files on the disk say it."""

from collections import Counter
from datetime import UTC, datetime
from typing import Literal

from runner.cluster.standing import QueueStanding
from runner.planning.plan import Plan, PlannedFit
from runner.planning.record_reader import read_one
from runner.storage.claims import FoundClaim, find_claim
from runner.storage.filed_fit import FiledFit
from runner.storage.fit_listing import FitListing
from trial_sets.configuration import StrictModel

State = Literal["done", "running", "failed", "interrupted", "missing"]


class FitStatus(StrictModel):
    """How things stand with one fit."""

    names: tuple[str, ...]
    seed: int
    fold: int | None  # None in a run without folds
    state: State
    by: str = ""  # the runner: host and process
    since: str = ""  # ISO 8601, UTC
    why: str = ""  # it failed, its record does not count, or how it is known that it runs


class StatusSummary(StrictModel):
    """How things stand with a run."""

    study: str
    run: str
    folder: str
    counts: dict[State, int]
    fits: tuple[FitStatus, ...]
    queue: QueueStanding | None = None  # of the study's jobs, where some were submitted


def survey(plan: Plan) -> StatusSummary:
    """Return the state of every planned fit; nothing is changed on the disk."""
    listing = FitListing(plan.folder)
    fits = tuple(_judge(plan, planned, listing) for planned in plan.fits)
    return StatusSummary(
        study=plan.info.study.name,
        run=plan.info.run,
        folder=str(plan.folder.path),
        counts=dict(Counter(fit.state for fit in fits)),
        fits=fits,
    )


def _judge(plan: Plan, planned: PlannedFit, listing: FitListing) -> FitStatus:
    """Return a fit's state: a live claim comes first, then the record, then a dead claim.

    A claim of which a single look cannot tell comes after a result, which it takes nothing from.
    """
    fit, record = planned.fit, planned.record
    found, why = None, "" if planned.reason == "new" else planned.reason
    may_be_claimed = listing.may_be_claimed(fit.id)
    try:
        if may_be_claimed:
            found = find_claim(plan.folder.fit(*fit.id))
    except OSError as error:
        why = f"its claims cannot be seen: {error.strerror}"
    sight = found.sight if found is not None else "ended"
    if planned.reason == "new" and (may_be_claimed or listing.may_hold(fit.id)):
        record = _read_news(plan, planned)
    is_done = record is not None and record.status == "complete"
    if found is not None and (sight == "runs" or (sight == "unseen" and not is_done)):
        return _say(planned, "running", found, "" if sight == "runs" else _tell_touched(found))
    if record is not None and record.status != "pruned":
        return FitStatus(
            names=fit.names,
            seed=fit.seed,
            fold=fit.fold,
            state="failed" if record.failure else "done",
            since=record.finished,
            why=str(record.failure or ""),
        )
    if found is not None:
        return _say(planned, "interrupted", found)
    return FitStatus(names=fit.names, seed=fit.seed, fold=fit.fold, state="missing", why=why)


def _read_news(plan: Plan, planned: PlannedFit) -> FiledFit | None:
    """Return what a runner has filed of a fit since the plan was made: its claim is gone by now."""
    filed = read_one(plan.folder, planned.fit.id)
    return filed if isinstance(filed, FiledFit) and filed.key == planned.fit.key else None


def _tell_touched(found: FoundClaim) -> str:
    """Say when a runner that cannot be seen from here gave its last sign of life."""
    seconds = found.touched_ns // 10**9
    try:
        touched = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    except (OverflowError, ValueError, OSError):
        touched = "?"
    return f"last sign of life {touched}; its process cannot be seen from here"


def _say(planned: PlannedFit, state: State, found: FoundClaim, why: str = "") -> FitStatus:
    """Return a state that a claim tells of."""
    claim = found.claim
    return FitStatus(
        names=planned.fit.names,
        seed=planned.fit.seed,
        fold=planned.fit.fold,
        state=state,
        by=f"{claim.runner.host}, process {claim.runner.pid}" if claim else "",
        since=claim.since if claim else "",
        why=why,
    )
