"""What the records tell of trials that a journal lacks."""

import contextlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from runner.search.storage import SearchStorage, list_curve, make_trial
from runner.storage.outputs import RunFolder
from trial_sets.records.record import Record
from trial_sets.records.search_info import TRIAL_PREFIX, SearchInfo, name_trial
from trial_sets.space import SpaceValues

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

_STATES = {"complete": "COMPLETE", "pruned": "PRUNED", "failed": "FAIL"}


def complete_storage(
    storage: SearchStorage, folder: RunFolder, info: SearchInfo, foreign: Sequence["FrozenTrial"]
) -> set[int]:
    """Add the trials that a journal lacks: those copied from others, and those of records.

    Parameters
    ----------
    foreign
        The copies, as many as the search has.

    Returns
    -------
    set of int
        The trials that have ended, and whose record is gone or cannot be trusted.
    """
    study = storage.study
    n_known = len(study.get_trials(deepcopy=False))
    for trial in foreign[n_known:]:
        study.add_trial(trial)
    n_known = max(n_known, len(foreign))
    records = dict(_list_records(folder, info))
    for number in range(n_known, max(records, default=-1) + 1):
        record = records.get(number)
        template = None if record is None else _recover(record, number, info)
        if template is None:
            storage.create_trial(number, {}, {})
        else:
            study.add_trial(template)
    trials = storage.read_trials()
    recorded = {t.number for t in trials if t.has_ended and t.counts and not t.is_repeat}
    return recorded - set(records)


def _recover(record: Record, number: int, info: SearchInfo) -> "FrozenTrial | None":
    """Return the trial that a record tells of; None where that cannot be one of the space."""
    assert record.configuration is not None
    settings = record.configuration.settings
    values: SpaceValues = {}
    for name, dimension in info.space.dimensions.items():
        if dimension.is_active(values) and settings.get(name) is not None:
            values[name] = settings[name]
    if info.space.find_fault(values) is not None:
        return None
    attributes: dict[str, object] = {"fit": name_trial(number)}
    if number == info.n_foreign and values == info.default:
        attributes["default"] = True
    if record.failure is not None:
        attributes["failure"] = str(record.failure)
    curve = list_curve(record)
    last = curve[max(curve)] if curve else None
    score = {"complete": record.score, "pruned": last}.get(record.status)
    state = _STATES[record.status]
    trial = make_trial(info.space, state, values, attributes, score=score, curve=curve)
    with contextlib.suppress(ValueError):
        trial.datetime_start = datetime.fromisoformat(record.provenance.started)
        trial.datetime_complete = datetime.fromisoformat(record.provenance.finished)
    return trial


def _list_records(folder: RunFolder, info: SearchInfo) -> Iterator[tuple[int, Record]]:
    """Yield the records of a search by their trials' numbers."""
    for record in folder.records():
        number = record.name.removeprefix(TRIAL_PREFIX)
        is_ours = record.seed == info.fit_seed and record.configuration is not None
        if is_ours and number.isdecimal() and name_trial(int(number)) == record.name:
            yield int(number), record
