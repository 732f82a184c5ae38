"""The champion's one test: every look at a test period is counted, and a second one asked for.

The ledger lies beside the runs, so that neither a rerun nor ``--force`` nor the removal of a run
forgets a look; and it is written before the first fit starts, so that an interrupted look counts.
A run that validates on such days has looked at them too.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from runner.batch.look_traces import describe_use, find_uncounted
from runner.errors import RunError
from runner.planning.plan import Plan
from runner.storage.claims import exclusively
from runner.storage.durable import write_whole, writing
from trial_sets.errors import InputError
from trial_sets.records.looks import HoldoutLook, LookLedger, RowSketch
from trial_sets.strict_json import check, read_json


def ledger_path(plan: Plan) -> Path:
    """Return where the looks of all runs below the output folder are counted."""
    return plan.outputs.looks


def count_looks(plan: Plan) -> int:
    """Return how often the plan's test period was looked at."""
    ledger = _read(plan)
    known = ledger.added(*find_uncounted(plan.outputs, ledger))
    return len(known.at(_describe(plan), plan.info.run))


def open_look(plan: Plan, *, again: bool) -> None:
    """Count a look before it begins; every start of an interrupted one counts too.

    An interrupted look may go on without ``--again``, as long as it runs no fit a second time that
    had a result.

    Raises
    ------
    RunError
        If the test period was looked at before and ``--again`` was not given, be it by a run that
        validates on it; or if the ledger was changed after it was written.
    """
    look = _describe(plan)
    with _ledger_alone(plan):
        ledger = _read(plan)
        broken = ledger.find_break()
        if broken is not None and not again:
            raise RunError(
                f"{ledger_path(plan)}: not what was written: {broken}; put back what was written, "
                "or give --again, which counts another look and notes this beside it"
            )
        uncounted = find_uncounted(plan.outputs, ledger)
        known = ledger.added(*uncounted)
        if uncounted and broken is None:
            _write(plan, known)  # whatever becomes of the look: the records may be removed
        earlier = known.at(look, look.run)
        starts = [other for other in earlier if look.same_question(other)]
        is_open = bool(starts) and starts[-1].finished is None
        if is_open and not plan.to_run:
            return  # only `close_look` is left
        if earlier and not again and not (is_open and not _repeats(plan)):
            raise RunError(f"--evaluate-test {look.trial}: {_tell(earlier)}")
        note = None if broken is None else f"the ledger was changed before: {broken}"
        _write(plan, known.added(look.model_copy(update={"note": note})))


def close_look(plan: Plan) -> None:
    """Note that the look under way has its results."""
    mine = _describe(plan)
    with _ledger_alone(plan):
        ledger = _read(plan)
        is_open = [
            look
            for look in ledger.at(mine, mine.run)
            if look.same_question(mine) and look.finished is None
        ]
        if is_open and ledger.find_break() is None:  # else a new seal would hide the change
            finished = is_open[-1].model_copy(update={"finished": _now()})
            _write(plan, ledger.added(finished))


def note_validation(plan: Plan) -> None:
    """Note, once a run, on which days it chooses: they can be nobody's untouched test any more.

    A ledger that cannot be read or was changed is left as it is, for `open_look` to tell of; the
    run's own files tell of its validation too.
    """
    if _is_noted(plan):
        return
    use = describe_use(plan.info, _now())
    use = use.model_copy(update=_keep_rows(plan, "validation"))
    with _ledger_alone(plan):
        if not _is_noted(plan):
            _write(plan, _read(plan).added(use))


def _is_noted(plan: Plan) -> bool:
    """Return whether the ledger knows where a run validates, or cannot take it in."""
    try:
        ledger = _read(plan)
    except InputError:
        return True
    is_known = any((k.run, k.role) == (plan.info.run, "validation") for k in ledger.looks)
    return is_known or ledger.find_break() is not None


def _repeats(plan: Plan) -> bool:
    """Return whether fits run again that had a result, which was seen."""
    records = (planned.record for planned in plan.to_run)
    return any(record is not None and record.status == "complete" for record in records)


def _tell(earlier: Sequence[HoldoutLook]) -> str:
    """Say how often a test period was looked at."""
    last = earlier[-1]
    times = "once" if len(earlier) == 1 else f"{len(earlier)} times"
    who = f"for {last.trial}" if last.role == "test" else f"by the {last.trial}"
    return (
        f"this test period was looked at {times} already, last {who} on {last.started[:10]}; "
        "another look needs --again and is counted"
    )


@contextmanager
def _ledger_alone(plan: Plan) -> Iterator[None]:
    """Keep other runners from the ledger while it is read and written: none forgets a look."""
    path = ledger_path(plan)
    with writing(path), exclusively(path):
        yield


def _describe(plan: Plan) -> HoldoutLook:
    """Return the look that a plan is about to take."""
    fit, test = plan.fits[0].fit, plan.info.data.splits.get("test")
    look = HoldoutLook(
        run=plan.info.run,
        trial=fit.name,
        key=fit.key,
        data=plan.info.data.fingerprint,
        name=plan.info.data.name,
        first="" if test is None else test.first,
        last="" if test is None else test.last,
        seeds=tuple(dict.fromkeys(planned.fit.seed for planned in plan.fits)),
        started=_now(),
    )
    return look.model_copy(update=_keep_rows(plan, "test"))


def _keep_rows(plan: Plan, side: Literal["validation", "test"]) -> dict[str, RowSketch | None]:
    """Return what an entry keeps of some rows."""
    kept = plan.data.kept_rows.get(side)
    return {} if kept is None else {"rows": kept.rows, "whole": kept.whole}


def _read(plan: Plan) -> LookLedger:
    path = ledger_path(plan)
    return check(LookLedger, read_json(path), str(path)) if path.exists() else LookLedger()


def _write(plan: Plan, ledger: LookLedger) -> None:
    write_whole(ledger_path(plan), ledger)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
