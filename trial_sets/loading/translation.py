"""A trial in other people's words, in the words of the patch transformer or of its study."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trial_sets.aliases import SEEDS
from trial_sets.errors import InputError
from trial_sets.loading.groups import flatten
from trial_sets.strict_json import bare
from trial_sets.vocabulary import NETWORK, Vocabulary
from trial_sets.wording import join_words

_MOST_SHOWN = 12
_CALLED = {"name": "note", "title": "note"}  # of a trial whose name stands before it


@dataclass(slots=True)
class Translator:
    """Gives trials the names that their study knows, and keeps what was changed."""

    vocabulary: Vocabulary = NETWORK
    _renamed: dict[str, str] = field(default_factory=dict, init=False)
    _groups: dict[str, None] = field(default_factory=dict, init=False)

    def translate(self, entry: Mapping[str, Any], where: str) -> dict[str, Any]:
        """Return a trial's fields; what means none of them keeps the name that it has.

        Raises
        ------
        InputError
            If two names say the same hyperparameter, or one says a seed.
        """
        fields: dict[str, Any] = {}
        said: dict[str, str] = {}
        for path, value in flatten(entry, self.vocabulary):
            found = ".".join(path)
            meant = self._find_meant(path, where)
            name = meant or found
            if name in fields:
                raise InputError(
                    f"{where}: {bare(said[name])} and {bare(found)} both give {bare(name)}"
                )
            fields[name], said[name] = self.vocabulary.settle_value(meant, value), found
        return fields

    def notices(self) -> tuple[str, ...]:
        """Return what there is to say of all trials, a sentence each."""
        names = [f"{found} as {meant}" for found, meant in self._renamed.items()]
        groups = [bare(name) for name in self._groups]
        return tuple(
            f"{what} {join_words(words, most=_MOST_SHOWN)}"
            for what, words in (
                ("groups were flattened:", groups),
                (f"names were read as {self.vocabulary.whose}:", names),
            )
            if words
        )

    def _find_meant(self, path: tuple[str, ...], where: str) -> str | None:
        """Return the field that a hyperparameter in its groups means."""
        *groups, name = path
        meant = self.vocabulary.find_field(name)
        if meant is None:
            meant = self.vocabulary.find_kind(groups[-1], name) if groups else _CALLED.get(name)
        if meant == SEEDS:
            raise InputError(
                f"{where}: {bare('.'.join(path))} is no part of a configuration: every trial runs "
                f"with the same seeds, as many as {SEEDS} says"
            )
        self._groups |= dict.fromkeys(groups)
        if meant not in {None, "note", name}:
            self._renamed.setdefault(bare(name), str(meant))
        return meant
