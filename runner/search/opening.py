"""How a search begins or goes on: search.json, the journal, and what the records tell of both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runner.search.foreign import read_foreign
from runner.search.outcome import SearchOutcome
from runner.search.planning import SearchPlan, refuse_another
from runner.search.proposing import holding
from runner.search.recovery import complete_storage
from runner.search.storage import (
    SearchStorage,
    load_storage,
    make_trial,
    open_storage,
)
from runner.storage.claims import Claims
from runner.storage.durable import write_whole, writing
from trial_sets.errors import InputError
from trial_sets.records.search_info import SearchInfo, SearchStop, read_search_info

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial


@dataclass(frozen=True, slots=True)
class OpenSearch:
    """A search that begins or goes on.

    Attributes
    ----------
    info : SearchInfo
        What it is.
    storage : SearchStorage
        Its trials.
    lost : set of int
        Those that have ended, and whose record is gone or cannot be trusted.
    """

    info: SearchInfo
    storage: SearchStorage
    lost: set[int]


def open_search(plan: SearchPlan, claims: Claims) -> OpenSearch:
    """Return a search with all that its records tell.

    Raises
    ------
    InputError, RunError
        If another search of this name has begun meanwhile, or the search that it goes on from
        cannot be read.
    BatchStopped
        If it cannot be written.
    """
    folder = plan.folder
    with writing(folder.journal), holding(claims, plan):
        copies: Sequence[FrozenTrial] | None = None
        if folder.search_json.exists():
            info = read_search_info(folder.search_json)
            refuse_another(info, plan.info)
        else:
            copies = _copy_foreign(plan)
            info = plan.info.model_copy(update={"n_foreign": len(copies)})
            write_whole(folder.search_json, info)
        metric = plan.run.info.study.metric
        storage = open_storage(folder, info, metric)
        n_known = len(storage.study.get_trials(deepcopy=False))
        if copies is None:
            copies = _recopy_foreign(plan, info) if n_known < info.n_foreign else ()
        return OpenSearch(info, storage, complete_storage(storage, folder, info, copies))


def note_stop(plan: SearchPlan, claims: Claims, stop: SearchStop) -> None:
    """Keep in search.json why a search has ended, once however often it is asked to go on."""
    path = plan.folder.search_json
    with writing(path), holding(claims, plan):
        info = read_search_info(path)
        if any((s.rule, s.n_ended) == (stop.rule, stop.n_ended) for s in info.stops):
            return
        write_whole(path, info.model_copy(update={"stops": (*info.stops, stop)}))


def read_outcome(plan: SearchPlan) -> SearchOutcome:
    """Return what a search has come to, without writing or running anything; optuna is needed."""
    storage = None if plan.is_new else load_storage(plan.folder, plan.info)
    trials = [] if storage is None else storage.read_trials()
    return SearchOutcome(tuple(trials), plan.sign)


def describe_foreign(plan: SearchPlan) -> str | None:
    """Say how many trials a new search would go on from; None where it goes on from none.

    Raises
    ------
    InputError
        If their file cannot be read.
    """
    source = plan.asked.study_from
    if source is None or not plan.is_new:
        return None
    found = read_foreign(source, plan.info.space, plan.run.info.study.metric)
    n = len(found.copies)
    text = f"The search goes on from {n} trial{'s' * (n != 1)} of {source}"
    if found.n_left_out:
        text += f"; {found.n_left_out} lie outside the space ({found.example})"
    return f"{text}."


def _copy_foreign(plan: SearchPlan) -> "Sequence[FrozenTrial]":
    source = plan.asked.study_from
    if source is None:
        return ()
    return read_foreign(source, plan.info.space, plan.run.info.study.metric).copies


def _recopy_foreign(plan: SearchPlan, info: SearchInfo) -> "Sequence[FrozenTrial]":
    """Return the copies that a damaged or half-written journal lacks.

    Where their file is gone or another by now, they are there without values: the numbers of the
    search's own trials stand.
    """
    assert info.study_from is not None
    copies: Sequence[FrozenTrial] = ()
    try:
        copies = read_foreign(info.study_from, info.space, plan.run.info.study.metric).copies
    except InputError as error:
        reason = str(error)
    else:
        reason = f"{info.study_from} holds other trials by now"
    if len(copies) == info.n_foreign:
        return copies
    said: dict[str, object] = {"foreign": info.study_from, "failure": f"lost: {reason}"}
    return [make_trial(info.space, "FAIL", {}, said) for _ in range(info.n_foreign)]
