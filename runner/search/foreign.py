"""The trials of another search, from an Optuna storage, which is read on a private copy."""

import math
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner.search.distributions import tidy_values
from runner.search.storage import MOST_JOURNAL_BYTES, make_trial
from trial_sets.aliases import find_meant
from trial_sets.errors import InputError, suggest
from trial_sets.opening import MIB, open_regular
from trial_sets.redaction import find_home
from trial_sets.space import SearchSpace, SpaceValues
from trial_sets.task import Metric
from trial_sets.wording import join_words, tame_text

if TYPE_CHECKING:
    from optuna.storages import BaseStorage
    from optuna.study import Study
    from optuna.trial import FrozenTrial

_SQLITE = b"SQLite format 3\0"
_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ForeignTrials:
    """The finished trials of another search that lie in a space."""

    copies: tuple["FrozenTrial", ...] = ()
    n_left_out: int = 0  # that ended, and lie outside
    example: str = ""  # why one of these does


def read_foreign(source: str, space: SearchSpace, metric: Metric) -> ForeignTrials:
    """Return copies of the complete and pruned trials of an Optuna study.

    Parameters
    ----------
    source
        ``FILE`` or ``FILE#NAME``: SQLite or a journal; the name is needed where it holds several.
    space
        In which they have to lie.
    metric
        Whose direction the study has to have.

    Raises
    ------
    InputError
        If the file cannot be read, or is no such storage.
    """
    path, name = _split(source)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "storage"
        is_sqlite = _copy(path, copy)
        try:
            storage = _open_sqlite(copy) if is_sqlite else _open_journal(copy)
            study = _load_study(storage, path, name)
            found = _select(study, path, space, metric)
        except InputError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a file does to Optuna
            said = tame_text(str(error) or type(error).__name__)[:200]
            raise InputError(f"{path}: no Optuna storage that can be read: {said}") from None
        finally:
            if is_sqlite and "storage" in locals():
                storage.remove_session()
        return found


def _split(source: str) -> tuple[Path, str | None]:
    """Return the file and the study's name, if one is given."""
    whole = Path(find_home(source))
    if whole.exists() or "#" not in source:
        return whole, None
    file, _, name = source.rpartition("#")
    return Path(find_home(file)), name


def _copy(path: Path, copy: Path) -> bool:
    """Copy a storage, and what SQLite keeps beside it; return whether it is SQLite's."""
    try:
        with open_regular(path) as file:
            is_sqlite = file.peek(len(_SQLITE))[: len(_SQLITE)] == _SQLITE
            _pour(file, copy, path)
        journal = path.with_name(f"{path.name}-wal")
        if is_sqlite and journal.exists():
            with open_regular(journal) as file:
                _pour(file, copy.with_name(f"{copy.name}-wal"), journal)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None
    return is_sqlite


def _pour(file: Any, copy: Path, path: Path) -> None:  # noqa: ANN401 - a binary file
    with copy.open("wb") as target:
        while piece := file.read(MIB):
            if target.tell() + len(piece) > MOST_JOURNAL_BYTES:
                raise InputError(f"{path}: the file is larger than {MOST_JOURNAL_BYTES // MIB} MiB")
            target.write(piece)


def _open_sqlite(copy: Path) -> "BaseStorage":
    """Return a database, brought to Optuna's own form if it is of an older version."""
    from optuna.storages import RDBStorage  # noqa: PLC0415 - of the extra

    address = f"sqlite:///{copy}"
    try:
        return RDBStorage(address)
    except RuntimeError:
        storage = RDBStorage(address, skip_compatibility_check=True)
        storage.upgrade()
        return storage


def _open_journal(copy: Path) -> "BaseStorage":
    from optuna.storages.journal import JournalFileBackend, JournalStorage  # noqa: PLC0415

    content = copy.read_bytes()
    copy.write_bytes(content[: content.rfind(b"\n") + 1])
    return JournalStorage(JournalFileBackend(str(copy)))


def _load_study(storage: "BaseStorage", path: Path, name: str | None) -> "Study":
    import optuna  # noqa: PLC0415 - of the extra

    names = optuna.get_all_study_names(storage)
    if not names:
        raise InputError(f"{path}: holds no Optuna study")
    if name is None and len(names) > 1:
        shown = join_words([tame_text(one) for one in names], most=_MOST_SHOWN)
        raise InputError(f"{path}: holds {len(names)} studies ({shown}): name one, as FILE#NAME")
    if name is not None and name not in names:
        raise InputError(f"{path}: holds no study {tame_text(name)!r}{suggest(name, names)}")
    return optuna.load_study(study_name=name or names[0], storage=storage)


def _select(study: "Study", path: Path, space: SearchSpace, metric: Metric) -> ForeignTrials:
    """Return the trials that lie in the space."""
    place = f"{path}: study {tame_text(study.study_name)}"
    if len(study.directions) > 1:
        raise InputError(f"{place} has {len(study.directions)} objectives, expected one")
    direction = study.direction.name.lower()
    if direction != metric.direction:
        raise InputError(
            f"{place} is to {direction}, and {metric.title} is to {metric.direction}: "
            "its trials cannot be gone on from"
        )
    copies: list[FrozenTrial] = []
    faults: list[str] = []
    for trial in study.get_trials(deepcopy=False):
        if trial.state.name in {"COMPLETE", "PRUNED"}:
            values = _translate(trial, space)
            fault = space.find_fault(values) or _find_fault(trial)
            if fault is None:
                said = f"{path.name}#{study.study_name} trial {trial.number}"
                copies.append(_transplant(trial, tidy_values(space, values), space, said))
            else:
                faults.append(f"trial {trial.number}: {fault}")
    return ForeignTrials(tuple(copies), len(faults), faults[0] if faults else "")


def _translate(trial: "FrozenTrial", space: SearchSpace) -> SpaceValues:
    """Return a trial's values by the names of the space."""
    known = space.dimensions
    named = {
        name if name in known or find_meant(name) not in known else str(find_meant(name)): value
        for name, value in trial.params.items()
    }
    return {name: value for name, value in named.items() if value is not None}


def _find_fault(trial: "FrozenTrial") -> str | None:
    values = trial.values or []
    if trial.state.name == "COMPLETE" and not (values and math.isfinite(values[0])):
        return "its value is no finite number"
    return None


def _transplant(
    trial: "FrozenTrial", values: SpaceValues, space: SearchSpace, said: str
) -> "FrozenTrial":
    """Return a trial as one of a search that goes on from it."""
    score = trial.values[0] if trial.values and math.isfinite(trial.values[0]) else None
    curve = {s: v for s, v in trial.intermediate_values.items() if math.isfinite(v)}
    copy = make_trial(space, trial.state.name, values, {"foreign": said}, score=score, curve=curve)
    copy.datetime_start = trial.datetime_start or copy.datetime_start
    copy.datetime_complete = trial.datetime_complete or copy.datetime_complete
    return copy
