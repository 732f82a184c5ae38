"""Optuna's storage of a search: a journal beside the records, opened, mended or written anew.

What was proposed stands in it, and nowhere else; what a fit has shown stands in its record. So a
journal that is lost or damaged is written anew from the records: a number that none tells of is a
trial that has yet to run.
"""

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from runner.errors import BatchStopped
from runner.search.distributions import make_distributions
from runner.search.journal_lock import JournalLock
from runner.search.trials import History, SearchTrial
from runner.storage.durable import flush_folder, writing
from runner.storage.outputs import RunFolder
from trial_sets.opening import read_bytes
from trial_sets.records.record import Record
from trial_sets.records.search_info import SearchInfo, name_trial
from trial_sets.space import SearchSpace, SpaceValues
from trial_sets.task import Metric

if TYPE_CHECKING:
    from optuna.storages.journal._file import BaseJournalFileLock
    from optuna.study import Study
    from optuna.trial import FrozenTrial

MOST_JOURNAL_BYTES = 2 * 1024**3


@dataclass(slots=True)
class SearchStorage:
    """The trials of a search, and how they are kept."""

    study: "Study"
    history: History

    def read_trials(self) -> list[SearchTrial]:
        """Return all trials, by number."""
        return self.history.update(self.study.get_trials(deepcopy=False))

    def create_trial(self, number: int, values: SpaceValues, attributes: dict[str, object]) -> int:
        """Add a trial that is to run; return Optuna's id of it.

        Parameters
        ----------
        number
            That it will have.
        values
            As far as they are known.
        attributes
            What is said of it, beside the folder of its record.
        """
        template = make_trial(
            self.history.space, "RUNNING", values, {"fit": name_trial(number), **attributes}
        )
        return int(self.study._storage.create_new_trial(self.study._study_id, template))

    def add_values(self, number: int, values: SpaceValues) -> None:
        """Say the values of a trial that has none."""
        place = self.find_id(number)
        for name, distribution in make_distributions(self.history.space, values).items():
            inner = distribution.to_internal_repr(values[name])
            self.study._storage.set_trial_param(place, name, inner, distribution)

    def get_trial(self, number: int) -> "FrozenTrial":
        """Return a trial as Optuna keeps it, which is not to be changed."""
        return self.study._storage.get_trial(self.find_id(number))

    def tell(self, number: int, record: Record) -> None:
        """End a trial as a record says, with what its epochs have reached.

        One that has ended stays as it is: an heir of this runner was faster, or its record was
        lost.
        """
        from optuna.exceptions import UpdateFinishedTrialError  # noqa: PLC0415 - of the extra

        with contextlib.suppress(UpdateFinishedTrialError):
            if not self.get_trial(number).state.is_finished():
                self._end(number, record)

    def _end(self, number: int, record: Record) -> None:
        from optuna.trial import TrialState  # noqa: PLC0415 - of the extra

        trial = self.get_trial(number)
        for epoch, value in list_curve(record).items():
            if epoch not in trial.intermediate_values and record.failure is None:
                self.report(number, epoch, value)
        if record.status == "complete":
            self.study.tell(number, record.score)
            return
        if record.failure is not None:
            self.set_attribute(number, "failure", str(record.failure))
        state = TrialState.PRUNED if record.status == "pruned" else TrialState.FAIL
        self.study.tell(number, state=state)

    def refuse(self, number: int, fault: str) -> None:
        """End a trial whose values are no configuration, unless it has ended."""
        from optuna.trial import TrialState  # noqa: PLC0415 - of the extra

        if self.get_trial(number).state.is_finished():
            return
        self.set_attribute(number, "infeasible", fault)
        self.study.tell(number, state=TrialState.FAIL)

    def report(self, number: int, epoch: int, value: float) -> None:
        """Keep what a trial has reached after an epoch; nothing of one that has ended."""
        from optuna.exceptions import UpdateFinishedTrialError  # noqa: PLC0415 - of the extra

        with contextlib.suppress(UpdateFinishedTrialError):
            place = self.find_id(number)
            self.study._storage.set_trial_intermediate_value(place, epoch, value)

    def set_attribute(self, number: int, name: str, value: object) -> None:
        """Say something of a trial."""
        self.study._storage.set_trial_user_attr(self.find_id(number), name, value)

    def find_id(self, number: int) -> int:
        """Return Optuna's id of a trial."""
        storage = self.study._storage
        return storage.get_trial_id_from_study_id_trial_number(self.study._study_id, number)


@contextlib.contextmanager
def using(path: Path) -> Iterator[None]:
    """Turn what goes wrong with a journal in use into one sentence that stops the batch.

    Raises
    ------
    BatchStopped
        If it cannot be read or written, or is damaged.
    """
    try:
        with writing(path):
            yield
    except ValueError as error:
        if isinstance(error, json.JSONDecodeError) or "log format" in str(error):
            raise BatchStopped(
                f"{path}: it was damaged while the search ran; the same command goes on with what "
                "the records tell"
            ) from None
        raise


def hush_optuna() -> None:
    """Let Optuna neither log nor warn: what a person should know, they are told by us."""
    import warnings  # noqa: PLC0415

    import optuna  # noqa: PLC0415 - of the extra

    optuna.logging.set_verbosity(optuna.logging.CRITICAL)
    warnings.filterwarnings("ignore", category=optuna.exceptions.ExperimentalWarning)


def open_storage(folder: RunFolder, info: SearchInfo, metric: Metric) -> SearchStorage:
    """Open a search's journal, which this process alone may be doing; make it if it is not there.

    A last line that was cut short goes. A journal that cannot be read is set aside as
    ``optuna.journal.damaged-<k>`` and written anew, as is one that is missing.

    Raises
    ------
    InputError
        If it is a link.
    BatchStopped
        If it cannot be written.
    """
    path = folder.journal
    folder.refuse_links(path)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        study = _load(path, info.name, metric) if os.path.lexists(path) else None
        if study is None:
            if os.path.lexists(path):
                path.rename(_find_free(path))
            study = _create(path, info.name, metric)
            flush_folder(path.parent)
    return SearchStorage(study, History(info.space))


def load_storage(folder: RunFolder, info: SearchInfo) -> SearchStorage | None:
    """Return a search's storage to be read alone; None where it is not there, or damaged."""
    import optuna  # noqa: PLC0415 - of the extra
    from optuna.storages.journal import JournalFileBackend, JournalStorage  # noqa: PLC0415

    path = folder.journal
    folder.refuse_links(path)
    if not path.is_file():
        return None
    try:
        storage = JournalStorage(JournalFileBackend(str(path)))
        study = optuna.load_study(study_name=info.name, storage=storage)
    except Exception:  # noqa: BLE001 - whatever damage does to Optuna
        return None
    return SearchStorage(study, History(info.space))


def make_trial(
    space: SearchSpace,
    state: str,
    values: SpaceValues,
    attributes: dict[str, object],
    *,
    score: float | None = None,
    curve: dict[int, float] | None = None,
) -> "FrozenTrial":
    """Return a trial as Optuna keeps it, before it has a number."""
    from optuna.trial import TrialState, create_trial  # noqa: PLC0415 - of the extra

    return create_trial(
        state=TrialState[state],
        value=score,
        params=dict(values),
        distributions=make_distributions(space, values),
        user_attrs=attributes,
        intermediate_values=curve or {},
    )


def list_curve(record: Record) -> dict[int, float]:
    """Return what a fit has reached by epoch."""
    return {p.epoch: p.val_metric for p in record.curve if p.val_metric is not None}


def _load(path: Path, name: str, metric: Metric) -> "Study | None":
    """Return the study of a journal, without a torn last line; None where it cannot be read."""
    try:
        _cut_torn(path)
        return _create(path, name, metric)
    except OSError:  # a full disk is no damage
        raise
    except Exception:  # noqa: BLE001 - whatever damage does to Optuna
        return None


def _cut_torn(path: Path) -> None:
    """Cut off a last line that is not whole, once nobody is writing one."""
    lock = JournalLock(path)
    lock.acquire()
    try:
        content = read_bytes(path, MOST_JOURNAL_BYTES)
        if not content.endswith(b"\n"):
            os.truncate(path, content.rfind(b"\n") + 1)
    finally:
        lock.release()


def _create(path: Path, name: str, metric: Metric) -> "Study":
    """Return a journal's study of a name, which is made if it is not there."""
    import optuna  # noqa: PLC0415 - of the extra
    from optuna.storages.journal import JournalFileBackend, JournalStorage  # noqa: PLC0415

    lock = cast("BaseJournalFileLock", JournalLock(path))
    storage = JournalStorage(JournalFileBackend(str(path), lock_obj=lock))
    study = optuna.create_study(
        storage=storage, study_name=name, direction=metric.direction, load_if_exists=True
    )
    if study.direction.name.lower() != metric.direction:
        raise ValueError("another direction")
    return study


def _find_free(path: Path) -> Path:
    """Return the first of ``<path>.damaged-1``, ``-2``, ... that does not exist."""
    number = 1
    while os.path.lexists(free := path.with_name(f"{path.name}.damaged-{number}")):
        number += 1
    return free
