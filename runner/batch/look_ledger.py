"""The champion's one test: every look at a test period is counted, and a second one asked for.

The ledger lies beside the runs, so that neither a rerun nor ``--force`` nor the removal of a run
forgets a look; and it is written before the first fit starts, so that an interrupted look counts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from runner.errors import RunError
from runner.planning.plan import Plan
from runner.storage.claims import exclusively
from runner.storage.durable import write_whole, writing
from trial_sets.records.looks import HoldoutLook, LookLedger
from trial_sets.strict_json import check, read_json


def ledger_path(plan: Plan) -> Path:
    """Return where the looks of all runs below the output folder are counted."""
    return plan.outputs.looks


def count_looks(plan: Plan) -> int:
    """Return how often the plan's test period was looked at."""
    return len(_read(plan).at(_describe(plan)))


def open_look(plan: Plan, *, again: bool) -> None:
    """Count a look before it begins; an interrupted one goes on without being counted twice.

    Raises
    ------
    RunError
        If the test period was looked at before and ``--again`` was not given.
    """
    look = _describe(plan)
    with _ledger_alone(plan):
        ledger = _read(plan)
        earlier = ledger.at(look)
        if any(look.same_question(other) and other.finished is None for other in earlier):
            return
        if earlier and not again:
            last = earlier[-1]
            times = "once" if len(earlier) == 1 else f"{len(earlier)} times"
            raise RunError(
                f"--evaluate-test {look.trial}: this test period was looked at {times} already, "
                f"last for {last.trial} on {last.started[:10]}; another look needs --again and is "
                "counted"
            )
        _write(plan, ledger.model_copy(update={"looks": (*ledger.looks, look)}))


def close_look(plan: Plan) -> None:
    """Note that the look under way has its results."""
    now, mine = _now(), _describe(plan)
    with _ledger_alone(plan):
        ledger = _read(plan)
        looks = tuple(
            look.model_copy(update={"finished": now})
            if look.same_question(mine) and look.finished is None
            else look
            for look in ledger.looks
        )
        _write(plan, ledger.model_copy(update={"looks": looks}))


@contextmanager
def _ledger_alone(plan: Plan) -> Iterator[None]:
    """Keep other runners from the ledger while it is read and written: none forgets a look."""
    path = ledger_path(plan)
    with writing(path), exclusively(path):
        yield


def _describe(plan: Plan) -> HoldoutLook:
    """Return the look that a plan is about to take."""
    fit, test = plan.fits[0].fit, plan.info.data.splits["test"]
    return HoldoutLook(
        run=plan.info.run,
        trial=fit.name,
        key=fit.key,
        data=plan.info.data.fingerprint,
        name=plan.info.data.name,
        first=test.first,
        last=test.last,
        seeds=tuple(dict.fromkeys(planned.fit.seed for planned in plan.fits)),
        started=_now(),
    )


def _read(plan: Plan) -> LookLedger:
    path = ledger_path(plan)
    return check(LookLedger, read_json(path), str(path)) if path.exists() else LookLedger()


def _write(plan: Plan, ledger: LookLedger) -> None:
    write_whole(ledger_path(plan), ledger)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
