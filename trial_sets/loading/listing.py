"""The names of trials that a list holds, or that are numbered."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trial_sets.errors import InputError
from trial_sets.loading.grid import NUMBERED
from trial_sets.strict_json import bare
from trial_sets.texts import NAME_PATTERN
from trial_sets.vocabulary import IDENTITIES, NETWORK, Vocabulary
from trial_sets.wording import join_words

Trials = dict[str, Any]
MAX_DIGITS = 9
_MOST_SHOWN = 5


def name_numbered(trials: Mapping[str, Any], where: str) -> tuple[Trials, tuple[str, ...]]:
    """Return trials whose names are numbers, ``1`` and ``2``, as ``trial1`` and ``trial2``.

    Raises
    ------
    InputError
        If another trial has this name.
    """
    named: Trials = {}
    for name, entry in trials.items():
        new = f"{NUMBERED}{name}" if _is_number(name) else name
        if new in named:
            raise InputError(f"{where}: the trial name {bare(new)} stands twice")
        named[new] = entry
    renamed = [new for new, old in zip(named, trials, strict=True) if new != old]
    return named, tuple(_describe_numbers(renamed))


def name_listed(
    entries: Sequence[Mapping[str, Any]], where: str, words: Vocabulary = NETWORK
) -> tuple[Trials, tuple[str, ...]]:
    """Return the trials of a list by name.

    A name is what stands under ``name``, ``id`` and the like, and else the number in the list; a
    text that no trial can be called becomes the trial's note. ``[{"A1": {...}}, {"A2": {...}}]``
    names its trials, too.

    Raises
    ------
    InputError
        If two trials have one name.
    """
    named: Trials = {}
    numbered: list[str] = []
    for number, entry in enumerate(entries, 1):
        name, fields = _unwrap(entry, words) or _take_name(entry, words)
        if name is None or _is_number(name):
            name = f"{NUMBERED}{name or number}"
            numbered.append(name)
        if name in named:
            raise InputError(f"{where}: the trial name {bare(name)} stands twice")
        named[name] = fields
    return named, tuple(_describe_numbers(numbered))


def _unwrap(entry: Mapping[str, Any], words: Vocabulary) -> tuple[str, Mapping[str, Any]] | None:
    """Return the one trial of ``{"A1": {...}}``."""
    for name, fields in entry.items():
        if len(entry) == 1 and isinstance(fields, Mapping):
            return None if words.is_group(name) or words.is_hyperparameter(name) else (name, fields)
    return None


def _take_name(entry: Mapping[str, Any], words: Vocabulary) -> tuple[str | None, dict[str, Any]]:
    """Return what a trial is called, if anything, and its fields without that."""
    called = {
        key: value
        for key in filter(words.is_identity, IDENTITIES)
        if isinstance(value := entry.get(key), str) or type(value) is int
    }
    fields = {key: value for key, value in entry.items() if key not in called}
    names = (key for key, value in called.items() if _can_name(str(value)))
    chosen = next(names, None)
    others = [
        str(value) if isinstance(value, str) else f"{key} {value}"
        for key, value in called.items()
        if key != chosen
    ]
    if others:
        key = next((key for key in fields if words.find_field(key) == "note"), "note")
        note = fields.get(key)
        fields[key] = "; ".join([*others, *([note] if isinstance(note, str) and note else [])])
    return (str(called[chosen]) if chosen else None), fields


def _can_name(text: str) -> bool:
    return _is_number(text) or re.fullmatch(NAME_PATTERN, text) is not None


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdecimal() and len(name) <= MAX_DIGITS


def _describe_numbers(names: Sequence[str]) -> Iterator[str]:
    if names:
        called = join_words(list(map(bare, names)), most=_MOST_SHOWN)
        yield f"trials without a name that a trial can have are called {called}"
