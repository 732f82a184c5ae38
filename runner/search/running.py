"""Running a search: what is proposed goes through the queue, a trial whenever there is room."""

import sys
import time
from collections.abc import Callable
from functools import partial

from runner.batch.bookkeeper import Bookkeeper
from runner.batch.claim_entry import enter_searched
from runner.batch.events import Observer, SlotLost
from runner.batch.filing import Filing
from runner.batch.queue import Rules, run_queue
from runner.batch.run import prepare_workplace, watch_command
from runner.batch.search_tracker import TrialsElsewhere
from runner.faults.breaker import Breaker
from runner.search.extra import require_search_extra
from runner.search.opening import note_stop, open_search
from runner.search.outcome import SearchOutcome
from runner.search.planning import SearchPlan, refuse_endless
from runner.search.proposing import Proposer
from runner.search.pruners import make_pruner
from runner.search.sampling.sampler import make_point_sampler, make_sampler
from runner.search.storage import SearchStorage, hush_optuna
from runner.search.telling import Teller
from runner.search.trials import SearchTrial
from runner.storage.claims import POLL_S, Claims
from runner.storage.durable import Disk
from runner.workers.pool import WorkerPool
from trial_sets.errors import InputError
from trial_sets.records.record import Record
from trial_sets.records.search_info import SearchInfo

_S_AN_HOUR = 3600.0


def run_search(
    plan: SearchPlan,
    pool: WorkerPool,
    observe: Observer,
    claims_head: str | None = None,
    start_rate: float | None = None,
    *,
    see: Callable[[TrialsElsewhere], None] = lambda _: None,
) -> SearchOutcome:
    """Run a search until its trials, its time or its stop rules end it; every trial is recorded.

    What an interruption left goes on: trials without a record run again with the same values, and
    several runners of one search share its trials.

    Parameters
    ----------
    plan
        The plan.
    pool
        Its workers; they are ended when the search is.
    observe
        Is called with every event, from several threads.
    claims_head
        Of the ledger of claims, once `enter_claims` has entered those of ``plan.run``.
    start_rate
        The learning rate that a range test suggests, for the manual protocol.
    see
        Is called with how far other runners are, before a trial is proposed.

    Raises
    ------
    InputError, RunError
        As `run_plan`; or if an extra is missing, or the search to go on from cannot be read.
    BatchStopped
        As `run_plan`.
    """
    refuse_endless(plan.asked)
    require_search_extra()
    hush_optuna()
    started = time.monotonic()
    place = prepare_workplace(plan.trials, pool, claims_head, is_new=False)
    disk = Disk(plan.run.folder.path)
    with Claims() as claims, pool, disk, Filing(disk, pool.abort) as filing:
        search = open_search(plan, claims)
        info, storage = search.info, search.storage
        devices = place.devices[: 1 if info.sampler == "manual" else plan.n_trials]
        pool.open(devices)
        pool.on_loss = lambda why: observe(SlotLost(why))
        hours = plan.asked.hours
        proposer = Proposer(
            plan=plan,
            info=info,
            storage=storage,
            points=make_point_sampler(info, plan.sign, start_rate, partial(_read, plan)),
            sampler=make_sampler(info),
            claims=claims,
            filing=filing,
            observe=observe,
            lost=search.lost,
            ends_at=None if hours is None else started + hours * _S_AN_HOUR,
            see=see,
        )
        teller = _make_teller(plan, info, storage, observe)
        bookkeeper = Bookkeeper(
            proposer.planned,
            place.recorder,
            claims,
            filing,
            Breaker(plan.n_trials or sys.maxsize, plan.run.policy.on_failure),
            teller,
            watch_command(plan.trials),
            teller.judge,
        )
        try:
            _run_trials(plan, pool, proposer, bookkeeper, len(devices))
        finally:
            enter_searched(plan.trials)
        if proposer.stop is not None:
            note_stop(plan, claims, proposer.stop)
        return SearchOutcome(tuple(storage.read_trials()), plan.sign, proposer.stop)


def _run_trials(
    plan: SearchPlan, pool: WorkerPool, proposer: Proposer, bookkeeper: Bookkeeper, slots: int
) -> None:
    """Run what is proposed, and what other runners leave behind, until nothing is left."""
    rules = Rules(plan.run.policy.limits, plan.run.policy.retries)
    while True:
        run_queue(proposer.feed(), pool, bookkeeper, rules, slots)
        bookkeeper.filing.flush()
        bookkeeper.refuse_left()
        for number in bookkeeper.elsewhere:
            proposer.planned.pop(number, None)
        bookkeeper.elsewhere.clear()
        if not proposer.has_others():
            return
        time.sleep(POLL_S)


def _make_teller(
    plan: SearchPlan, info: SearchInfo, storage: SearchStorage, observe: Observer
) -> Teller:
    epochs = None if "epochs" in info.space.dimensions else info.fixed.get("epochs")
    return Teller(
        storage=storage,
        folder=plan.folder,
        metric=plan.run.info.study.metric,
        pruner_name=info.pruner,
        pruner=make_pruner(info.pruner, epochs if type(epochs) is int else None),
        observe=observe,
    )


def _read(plan: SearchPlan, trial: SearchTrial) -> Record | None:
    """Return the record of a trial, if there is one that can be trusted."""
    try:
        return plan.folder.read_record(trial.fit, plan.info.fit_seed)
    except InputError:
        return None
