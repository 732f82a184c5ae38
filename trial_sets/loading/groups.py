"""Groups within a configuration, `{"model": {...}, "optim": {...}}`, told apart from trials."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from trial_sets.vocabulary import find_field, is_group, is_hyperparameter

Kind = Literal["setting", "group", "trial", "other"]
_SHAPE = frozenset(
    {"d_model", "n_layers", "n_heads", "d_ff_ratio", "context", "patch", "stride", "revin"}
)
_EITHER = frozenset({"dropout", "note", "budget", "options"})


def find_kind_of(name: str, value: object) -> Kind:
    """Return what a key of an object is: of a hyperparameter, a group of them, or a trial."""
    if not isinstance(value, Mapping):
        return "setting" if is_hyperparameter(name) else "other"
    if is_group(name):
        return "group"
    if is_hyperparameter(name):  # a trial may be called by what it changes
        return "trial" if name != "options" and _holds_hyperparameter(value) else "setting"
    return "trial"


def is_single(content: Mapping[str, Any]) -> bool:
    """Tell whether an object is one configuration, of hyperparameters or groups of them."""
    kinds = {find_kind_of(name, value) for name, value in content.items()}
    return "setting" in kinds or ("group" in kinds and "trial" not in kinds)


def look_like_groups(content: Mapping[str, Any]) -> bool:
    """Tell whether what should be trials may be groups of one configuration under other names.

    They are several, have no number in their names and share no hyperparameter, and one says only
    what the network is and another only how it is trained.
    """
    parts = _list_fields(content)
    training = {name for part in parts for name in part} - _SHAPE
    return _share_nothing(content, parts) and all(
        any(len(part) > 1 and part - _EITHER and part - _EITHER <= side for part in parts)
        for side in (_SHAPE, training)
    )


def hold_groups(name: str, content: Mapping[str, Any]) -> bool:
    """Tell the same of what should be trials within an object of objects of trials.

    There, several that share no hyperparameter are enough, and one in what is called as a trial
    is: ``{"A1": {"mixer": {...}}}``.
    """
    parts = _list_fields(content)
    return (len(parts) > 1 or _has_number(name)) and _share_nothing(content, parts)


def flatten(
    entry: Mapping[str, Any], groups: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the hyperparameters of a configuration, each with the groups that it stands in.

    ``optim.lr`` and ``optim/lr`` stand in a group as ``lr`` in ``optim`` does.
    """
    for key, value in entry.items():
        path = (*groups, *_split(key))
        if isinstance(value, Mapping) and find_field(key) != "options":
            yield from flatten(value, path)
        else:
            yield path, value


def _split(key: str) -> list[str]:
    parts = re.split(r"[./]|__", key)
    return parts if len(parts) > 1 and find_field(parts[-1]) else [key]


def _holds_hyperparameter(value: Mapping[str, Any]) -> bool:
    return any(map(is_hyperparameter, value))


def _list_fields(content: Mapping[str, Any]) -> list[set[str]]:
    """Return the fields that each object within an object gives."""
    objects = [value for value in content.values() if isinstance(value, Mapping)]
    return [{field for key in part if (field := find_field(key))} for part in objects]


def _share_nothing(content: Mapping[str, Any], parts: list[set[str]]) -> bool:
    if not parts or len(parts) < len(content) or any(map(_has_number, content)):
        return False
    fields = [field for part in parts for field in part - {"note", "budget"}]
    return len(fields) == len(set(fields)) and all(parts)


def _has_number(name: str) -> bool:
    return any(character.isdecimal() for character in name)
