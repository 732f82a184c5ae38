"""The words by which a hyperparameter, a note, a trial's name and a group are told apart."""

import re

from trial_sets.aliases import SEEDS, find_meant, squeeze
from trial_sets.files import TrialEntry

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
_SUFFIX = re.compile(
    "(config|configuration|cfg|params|parameters|args|kwargs|settings|options|hparams)$"
)


def find_field(name: str) -> str | None:
    """Return the key of a trial that a name means, `SEEDS` for a seed; None where it means none."""
    if name in NOTES:
        return "note"
    return name if name in TrialEntry.model_fields else find_meant(name)


def is_hyperparameter(name: str) -> bool:
    """Tell whether a name means a hyperparameter; options of a trainer of one's own are one."""
    return find_field(name) not in {None, SEEDS, "note", "budget"}


def is_group(name: str) -> bool:
    """Tell whether people group hyperparameters under a name: `model`, `optimizer_config`."""
    word = squeeze(name)
    return word in _GROUPS or _SUFFIX.sub("", word) in _GROUPS


def is_template(name: str) -> bool:
    """Tell whether a name stands for what trials are built on, and for no trial: `.base`."""
    return (
        name[:1] in {".", "_"} or name[:2] == "x-" or _SUFFIX.sub("", squeeze(name)) in _TEMPLATES
    )


def find_kind(group: str, name: str) -> str | None:
    """Return what ``optimizer: {name: adamw}`` sets; None where it sets no such thing."""
    meant = find_meant(group)
    return meant if name in _KINDS and meant in {"optimizer", "schedule"} else None
