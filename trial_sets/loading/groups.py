"""Groups within a configuration, `{"model": {...}, "optim": {...}}`, told apart from trials."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from trial_sets.vocabulary import NETWORK, Vocabulary

Kind = Literal["setting", "group", "trial", "other"]


def find_kind_of(name: str, value: object, words: Vocabulary = NETWORK) -> Kind:
    """Return what a key of an object is: of a hyperparameter, a group of them, or a trial."""
    if not isinstance(value, Mapping):
        return "setting" if words.is_hyperparameter(name) else "other"
    if words.is_group(name):
        return "group"
    if words.is_hyperparameter(name):  # a trial may be called by what it changes
        is_trial = not words.is_whole(name) and any(map(words.is_hyperparameter, value))
        return "trial" if is_trial else "setting"
    return "trial"


def is_single(content: Mapping[str, Any], words: Vocabulary = NETWORK) -> bool:
    """Tell whether an object is one configuration, of hyperparameters or groups of them."""
    kinds = {find_kind_of(name, value, words) for name, value in content.items()}
    return "setting" in kinds or ("group" in kinds and "trial" not in kinds)


def look_like_groups(content: Mapping[str, Any], words: Vocabulary = NETWORK) -> bool:
    """Tell whether what should be trials may be groups of one configuration under other names.

    They are several, have no number in their names and share no hyperparameter, and what they say
    may be of one configuration.
    """
    parts = _list_fields(content, words)
    return _share_nothing(content, parts) and words.may_be_groups(parts)


def hold_groups(name: str, content: Mapping[str, Any], words: Vocabulary = NETWORK) -> bool:
    """Tell the same of what should be trials within an object of objects of trials.

    There, several that share no hyperparameter are enough, and one in what is called as a trial
    is: ``{"A1": {"mixer": {...}}}``.
    """
    parts = _list_fields(content, words)
    return (len(parts) > 1 or _has_number(name)) and _share_nothing(content, parts)


def flatten(
    entry: Mapping[str, Any], words: Vocabulary = NETWORK, groups: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the hyperparameters of a configuration, each with the groups that it stands in.

    ``optim.lr`` and ``optim/lr`` stand in a group as ``lr`` in ``optim`` does.
    """
    for key, value in entry.items():
        path = (*groups, *words.split(key))
        if isinstance(value, Mapping) and not words.is_whole(key):
            yield from flatten(value, words, path)
        else:
            yield words.join(path), value


def _list_fields(content: Mapping[str, Any], words: Vocabulary) -> list[set[str]]:
    """Return the fields that each object within an object gives."""
    objects = [value for value in content.values() if isinstance(value, Mapping)]
    return [{field for key in part if (field := words.find_field(key))} for part in objects]


def _share_nothing(content: Mapping[str, Any], parts: list[set[str]]) -> bool:
    if not parts or len(parts) < len(content) or any(map(_has_number, content)):
        return False
    fields = [field for part in parts for field in part - {"note", "budget"}]
    return len(fields) == len(set(fields)) and all(parts)


def _has_number(name: str) -> bool:
    return any(character.isdecimal() for character in name)
