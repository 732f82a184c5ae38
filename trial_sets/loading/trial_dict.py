"""The dicts of trials that a person's file holds, before they are checked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from trial_sets.errors import InputError, suggest
from trial_sets.loading.formats.json_file import read_relaxed_json
from trial_sets.loading.formats.python_file import PythonFile
from trial_sets.loading.recognition import EXAMPLE, TrialDict, recognise
from trial_sets.opening import MIB
from trial_sets.strict_json import bare, read_text
from trial_sets.vocabulary import NETWORK, Vocabulary
from trial_sets.wording import join_words


def read_trial_dicts(
    path: Path, picked: str | None, words: Vocabulary = NETWORK
) -> list[TrialDict]:
    """Return the dicts of trials in a file, or the one that was picked.

    Raises
    ------
    InputError
        If the file cannot be used, holds no trials, may be read in two ways, or holds several
        dicts that share a trial's name.
    """
    try:
        dicts, picked = _READERS[path.suffix.lower()](path, picked, words)
    except RecursionError:
        raise InputError(f"{path}: is nested too deeply") from None
    if not dicts:
        raise InputError(f"{path}: holds no dict of trials, such as TRIALS = {EXAMPLE}")
    if picked is not None:
        chosen = [found for found in dicts if found.name == picked]
        if not chosen:
            ending = suggest(picked, (found.name for found in dicts))
            raise InputError(f"{path}: holds no dict of trials {picked!r}{ending}")
        return chosen
    _refuse_clashes(dicts, path)
    return dicts


Read = tuple[list[TrialDict], str | None]  # the dicts, and the one that is still to be picked


def _read_json(path: Path, picked: str | None, words: Vocabulary) -> Read:
    return recognise(path.stem, read_relaxed_json(path), path, words=words), picked


def _read_yaml(path: Path, picked: str | None, words: Vocabulary) -> Read:
    from trial_sets.loading.formats.yaml_file import read_yaml  # noqa: PLC0415 - few files need it

    found = read_yaml(path)
    dicts = (
        []
        if found.content is None
        else recognise(path.stem, found.content, path, found.lines, words)
    )
    return _add_notices(dicts, found.notices), picked


def _read_command(path: Path, picked: str | None, words: Vocabulary) -> Read:
    return recognise(path.stem, read_text(path, MIB), path, words=words), picked


def _read_python(path: Path, picked: str | None, words: Vocabulary) -> Read:
    file = PythonFile.open(path, words)
    names = file.names
    if picked is not None and picked in file.definitions:
        names, picked = [picked], None
    elif len(names) > 1 and not file.holds_trials:
        choices = join_words([f"{path}:{name}" for name in names], most=5, last="or")
        raise InputError(
            f"{path}: holds {len(names)} single configurations, which may be trials or parts of "
            f"one: pick one, {choices}, or write TRIALS = {EXAMPLE}"
        )
    dicts = []
    for name in names:
        content, lines = file.read(name)
        dicts += recognise(name, content, path, lines, words)
    unused = file.list_unused(names)
    notice = (
        f"{join_words(unused, most=5)} {'is' if len(unused) == 1 else 'are'} left out: "
        "what a trial does not say comes from the study"
    )
    return _add_notices(dicts, (notice,) if unused else ()), picked


_READERS: Mapping[str, Callable[[Path, str | None, Vocabulary], Read]] = {
    ".json": _read_json,
    ".jsonc": _read_json,
    ".yaml": _read_yaml,
    ".yml": _read_yaml,
    ".py": _read_python,
    ".txt": _read_command,
    ".sh": _read_command,
}
SUFFIXES = tuple(_READERS)


def _add_notices(dicts: list[TrialDict], notices: tuple[str, ...]) -> list[TrialDict]:
    """Return the dicts, the first with what there is to say of the file."""
    return [
        replace(found, notices=(*notices, *found.notices)) if found is dicts[0] else found
        for found in dicts
    ]


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
