"""The dicts of trials that a person's JSON or Python file holds, before they are checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trial_sets.configuration import Configuration
from trial_sets.errors import InputError, suggest
from trial_sets.loading.python_file import PythonFile
from trial_sets.strict_json import bare, read_json, shorten

EXAMPLE_DICT = 'TRIALS = {"A1": {"dropout": 0.4}}'


@dataclass(frozen=True, slots=True)
class TrialDict:
    """A dict of trials, or of a whole set, under the name that the file gives it."""

    name: str
    content: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)  # of its keys, in a Python file

    @property
    def is_set(self) -> bool:
        """Whether it has a set file's form, with the trials in a dict of their own."""
        return "trials" in self.content

    @property
    def trial_names(self) -> list[str]:
        """The names of the trials."""
        trials = self.content["trials"] if self.is_set else self.content
        return list(trials) if isinstance(trials, Mapping) else []


def read_trial_dicts(path: Path, picked: str | None) -> list[TrialDict]:
    """Return the dicts of trials in a ``.py`` or ``.json`` file, or the one that was picked.

    Raises
    ------
    InputError
        If the file cannot be used, holds no such dict, or several that share a trial's name.
    """
    if path.suffix.lower() == ".py":
        file = PythonFile.open(path)
        names = file.names
        if picked is not None and picked in file.definitions:
            names, picked = [picked], None
        outer = [TrialDict(name, *file.read(name)) for name in names]
    else:
        outer = [TrialDict(path.stem, _read_object(path))]
    dicts = [inner for found in outer for inner in _split(found, path)]
    if not dicts:
        raise InputError(f"{path}: holds no dict of trials, such as {EXAMPLE_DICT}")
    if picked is not None:
        chosen = [found for found in dicts if found.name == picked]
        if not chosen:
            ending = suggest(picked, (found.name for found in dicts))
            raise InputError(f"{path}: holds no dict of trials {picked!r}{ending}")
        return chosen
    _refuse_clashes(dicts, path)
    return dicts


def _read_object(path: Path) -> dict[str, Any]:
    """Return the object that a JSON file holds."""
    content = read_json(path)
    if not isinstance(content, dict):
        raise InputError(f"{path}: holds {shorten(content)}, expected an object of trials")
    return content


def _split(found: TrialDict, path: Path) -> list[TrialDict]:
    """Return the dicts of trials in a dict of them, or the dict itself, or none if it is empty."""
    inner = {name: value for name, value in found.content.items() if _holds_trials(value)}
    if found.is_set or not inner:
        return [found] if found.content else []
    for name in found.content:
        if name not in inner:
            other = bare(next(iter(inner)))
            raise InputError(f"{path}: {bare(name)} is no dict of trials, but {other} is")
    return [TrialDict(name, content) for name, content in inner.items()]


def _holds_trials(value: object) -> bool:
    """Tell a dict of trials, or a set, from a trial."""
    if not isinstance(value, dict) or value.keys() & Configuration.model_fields.keys():
        return False
    return any(isinstance(inner, dict) for inner in value.values())


def _refuse_clashes(dicts: Sequence[TrialDict], path: Path) -> None:
    """Refuse dicts that share a trial's name, and say how to pick one."""
    owners: dict[str, str] = {}
    for found in dicts:
        clashing = [name for name in found.trial_names if name.casefold() in owners]
        if clashing:
            more = f" (and {len(clashing) - 1} more)" if len(clashing) > 1 else ""
            both = f"{owners[clashing[0].casefold()]} and {bare(found.name)}"
            choices = " or ".join(f"{path}:{bare(choice.name)}" for choice in dicts)
            raise InputError(
                f"{path}: the trial name {bare(clashing[0])}{more} stands in both {both}; "
                f"pick one dict: {choices}"
            )
        owners |= {name.casefold(): bare(found.name) for name in found.trial_names}
