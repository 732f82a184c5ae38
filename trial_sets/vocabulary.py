"""The words by which a hyperparameter, a note, a trial's name and a group are told apart."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from trial_sets.aliases import SEEDS, find_meant, squeeze
from trial_sets.configuration import Configuration, LstmConfiguration
from trial_sets.files import FreeStudyFile, StudyFile

_BESIDE = ("note", "budget")  # what a trial says beside its hyperparameters
NOTES = ("notes", "description", "comment", "desc")  # what other people's files call a note
IDENTITIES = (  # what a trial in a list is called by: the first that it has
    *("name", "trial", "trial_name", "run", "run_name", "exp", "exp_name"),
    *("experiment", "experiment_name", "id", "trial_id", "run_id", "exp_id", "experiment_id"),
)
SHARED = frozenset({"defaults", "common", "shared", "globals"})  # hold what all trials share
_TEMPLATES = SHARED | {"base", "default", "template", "templates", "anchor", "anchors"}
# What people group hyperparameters under; optimizer and schedule name their kinds within.
_GROUPS = frozenset(
    squeeze(name)
    for name in (
        *("model", "net", "network", "arch", "architecture", "model_architecture"),
        *("optim", "optimizer", "optimiser", "optimization", "optimisation", "opt"),
        *("train", "training", "trainer", "fit", "learning", "early_stopping"),
        *("scheduler", "schedule", "lr_scheduler", "lr_schedule", "sched"),
        *("data", "dataset", "dataloader", "loader", "datamodule"),
        *("loss", "criterion", "regularization", "regularisation"),
        *("hyperparameters", "hyperparams", "hparams", "hp", "params", "parameters"),
        *("config", "configuration", "cfg", "args", "kwargs", "settings", "overrides"),
    )
)
_KINDS = frozenset({"name", "type", "kind", "class", "algorithm"})
_WORDS = frozenset({"optimizer", "schedule", "loss"})  # their values are words: `AdamW` is adamw
_SUFFIX = re.compile(
    "(config|configuration|cfg|params|parameters|args|kwargs|settings|options|hparams)$"
)
_SEPARATORS = re.compile(r"[./]|__")
_SHAPE = frozenset(
    {"d_model", "n_layers", "n_heads", "d_ff_ratio", "context", "patch", "stride", "revin"}
)
_EITHER = frozenset({"dropout", "note", "budget", "options"})


class Vocabulary:
    """The words for the patch transformer's hyperparameters, in anybody's spelling."""

    whose = "the patch transformer's"
    _fields = frozenset(Configuration.model_fields)

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the hyperparameters."""
        return tuple(sorted(self._fields))

    def find_field(self, name: str) -> str | None:
        """Return the key of a trial that a name means, `SEEDS` for a seed; None if it has none."""
        if name in NOTES:
            return "note"
        return name if name in self._fields | set(_BESIDE) else self._find_meant(name)

    def _find_meant(self, name: str) -> str | None:
        return find_meant(name)

    def is_hyperparameter(self, name: str) -> bool:
        """Tell whether a name means a hyperparameter; options of a trainer of one's own are one."""
        return self.find_field(name) not in {None, SEEDS, "note", "budget"}

    def is_group(self, name: str) -> bool:
        """Tell whether people group hyperparameters under a name: `model`, `optimizer_config`."""
        word = squeeze(name)
        return word in _GROUPS or _SUFFIX.sub("", word) in _GROUPS

    def is_whole(self, name: str) -> bool:
        """Tell whether what stands under a name is no group, even where it is a dict."""
        return self.find_field(name) == "options"

    def is_identity(self, name: str) -> bool:
        """Tell whether a trial in a list is called by what stands under a name."""
        return name in IDENTITIES

    def find_kind(self, group: str, name: str) -> str | None:
        """Return what ``optimizer: {name: adamw}`` sets; None where it sets no such thing."""
        meant = find_meant(group)
        return meant if name in _KINDS and meant in _WORDS else None

    def settle_value(self, field: str | None, value: object) -> object:
        """Return a value in the hyperparameter's own spelling."""
        return value.casefold() if field in _WORDS and isinstance(value, str) else value

    def split(self, key: str) -> list[str]:
        """Take ``optim.lr`` apart into groups and a hyperparameter, if it ends with one."""
        parts = _SEPARATORS.split(key)
        return parts if len(parts) > 1 and self.find_field(parts[-1]) else [key]

    def join(self, path: Sequence[str]) -> tuple[str, ...]:
        """Return groups and a hyperparameter, the latter as one name."""
        return tuple(path)

    def may_be_groups(self, parts: Iterable[Collection[str]]) -> bool:
        """Tell whether objects of these fields may be groups of one configuration.

        One says only what the network is and another only how it is trained.
        """
        found = [frozenset(part) for part in parts]
        training = frozenset(name for part in found for name in part) - _SHAPE
        return all(
            any(len(part) > 1 and part - _EITHER and part - _EITHER <= side for part in found)
            for side in (_SHAPE, training)
        )


NETWORK = Vocabulary()


class LstmVocabulary(Vocabulary):
    """The words for the LSTM's hyperparameters: a width is that of its state."""

    whose = "the LSTM's"
    _fields = frozenset(LstmConfiguration.model_fields)

    def _find_meant(self, name: str) -> str | None:
        meant = find_meant(name)
        meant = "hidden_size" if meant == "d_model" else meant
        return meant if meant == SEEDS or meant in self._fields else None


@dataclass(frozen=True)
class DeclaredVocabulary(Vocabulary):
    """The words for the parameters that a study declares: their names, and no others."""

    parameters: tuple[str, ...]
    whose = "the study's parameters"

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the parameters, as they are declared."""
        return self.parameters

    @cached_property
    def _spellings(self) -> Mapping[str, str]:
        """Return each spelling that means one parameter alone: case, - and _ do not count."""
        squeezed = [squeeze(name) for name in self.parameters]
        return {
            word: name
            for word, name in zip(squeezed, self.parameters, strict=True)
            if squeezed.count(word) == 1
        }

    def find_field(self, name: str) -> str | None:
        """Return the parameter that a name means, `SEEDS` for a seed; None if it has none."""
        if name in self.parameters:
            return name
        if name in {"note", "budget"} or name in NOTES:
            return "budget" if name == "budget" else "note"
        known = self._spellings.get(squeeze(name))
        return known or (SEEDS if find_meant(name) == SEEDS else None)

    def is_group(self, name: str) -> bool:
        """Tell whether people group hyperparameters under a name that is no parameter's.

        What a network's trial says to a trainer of one's own stands under ``options``.
        """
        return not self.is_hyperparameter(name) and (name == "options" or super().is_group(name))

    def is_whole(self, name: str) -> bool:
        """Tell whether what stands under a name is no group: nothing is, a dict never a value."""
        return False

    def is_identity(self, name: str) -> bool:
        """Tell whether a trial in a list is called by what stands under a name."""
        return super().is_identity(name) and name not in self.parameters

    def find_kind(self, group: str, name: str) -> str | None:
        """Return the parameter that ``act: {name: relu}`` sets; None where it sets none."""
        is_kind = name in _KINDS and self.is_hyperparameter(group)
        return self.find_field(group) if is_kind else None

    def settle_value(self, field: str | None, value: object) -> object:
        """Return a value as it is."""
        return value

    def split(self, key: str) -> list[str]:
        """Take ``optim.rate`` apart into groups and a parameter, if it ends with one."""
        if self.find_field(key):
            return [key]
        joined = self.join(_SEPARATORS.split(key))
        return list(joined) if self.find_field(joined[-1]) else [key]

    def join(self, path: Sequence[str]) -> tuple[str, ...]:
        """Return groups and a parameter, whose own name may have points: ``model.depth``."""
        for start in range(len(path) - 1):
            name = ".".join(path[start:])
            if self.is_hyperparameter(name):
                return (*path[:start], name)
        return tuple(path)

    def may_be_groups(self, parts: Iterable[Collection[str]]) -> bool:
        """Tell whether objects of these parameters may be groups: several say more than one."""
        return sum(len(set(part) - {"note", "budget"}) > 1 for part in parts) > 1


def choose_vocabulary(study: StudyFile) -> Vocabulary:
    """Return the words of a study's trials: of its own parameters, or of the network."""
    if isinstance(study, FreeStudyFile):
        return DeclaredVocabulary(tuple(study.parameters))
    return LstmVocabulary() if study.trainer == "lstm" else NETWORK


def is_template(name: str) -> bool:
    """Tell whether a name stands for what trials are built on, and for no trial: `.base`."""
    return (
        name[:1] in {".", "_"} or name[:2] == "x-" or _SUFFIX.sub("", squeeze(name)) in _TEMPLATES
    )
