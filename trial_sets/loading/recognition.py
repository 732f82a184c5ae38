"""Which form the content of a file of trials has, and the trials by name that it stands for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trial_sets.aliases import SEEDS
from trial_sets.errors import InputError
from trial_sets.loading.grid import describe_grid, spell_out
from trial_sets.loading.groups import (
    find_kind_of,
    flatten,
    hold_groups,
    is_single,
    look_like_groups,
)
from trial_sets.loading.listing import name_listed, name_numbered
from trial_sets.loading.multirun import (
    find_sweeper,
    is_multirun,
    read_overrides,
    read_sweeper,
    split_command,
)
from trial_sets.loading.naming import clean_name
from trial_sets.loading.sweep import is_sweep, list_unused, read_run_values, read_sweep
from trial_sets.strict_json import bare, shorten
from trial_sets.vocabulary import NETWORK, SHARED, Vocabulary, is_template
from trial_sets.wording import join_words

EXAMPLE = '{"A1": {"dropout": 0.4}}'
_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class TrialDict:
    """A dict of trials, or of a whole set, under the name that the file gives it."""

    name: str
    content: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)  # of its trials, where known
    notices: tuple[str, ...] = ()

    @property
    def is_set(self) -> bool:
        """Whether it has a set file's form, with the trials in a dict of their own."""
        return "trials" in self.content

    @property
    def trial_names(self) -> list[str]:
        """The names of the trials."""
        trials = self.content["trials"] if self.is_set else self.content
        return list(trials) if isinstance(trials, Mapping) else []


def recognise(
    name: str,
    content: object,
    path: Path,
    lines: Mapping[str, int] | None = None,
    words: Vocabulary = NETWORK,
) -> list[TrialDict]:
    """Return the dicts of trials that some content stands for.

    Parameters
    ----------
    name
        What the file calls it.
    content
        Trials by name, a list of trials, one configuration, values of which every combination is
        a trial, a sweep of Weights & Biases, Hydra's overrides, a set, or several of these by name.
    path
        The file, for errors.
    lines
        Of the content's keys or, by their number, elements, where they are known.
    words
        Tell hyperparameters, groups and names from each other.

    Raises
    ------
    InputError
        If it is none of these, or may be read in two ways.
    """
    where = str(path)
    lines = lines or {}
    if is_multirun(content):
        said = content if isinstance(content, list) else split_command(str(content), where)
        return [_spell_out(name, read_overrides(said, where), where, words)]
    if isinstance(content, list):
        return [_recognise_list(name, content, where, lines, words)] if content else []
    if not isinstance(content, Mapping):
        raise InputError(f"{where}: holds {shorten(content)}, expected trials such as {EXAMPLE}")
    if is_sweep(content):
        unused = join_words(list(map(bare, list_unused(content))), most=_MOST_SHOWN)
        notices = (f"of the sweep nothing comes of {unused}",) if unused else ()
        return [_spell_out(name, read_sweep(content, where), where, words, notices)]
    params = find_sweeper(content)
    if params is not None:
        base = {key: v for key, v in content.items() if key not in {"hydra", "defaults"}}
        return [_spell_out(name, read_sweeper(params, where), where, words, base=base)]
    return _recognise_object(name, read_run_values(content) or content, path, lines, words)


def _recognise_object(
    name: str,
    content: Mapping[str, Any],
    path: Path,
    lines: Mapping[str, int],
    words: Vocabulary,
) -> list[TrialDict]:
    """Return the dicts of trials in an object that is no other tool's."""
    where = str(path)
    if content.keys() == {"trials"}:
        return recognise(name, content["trials"], path, words=words)
    if "trials" in content:
        trials, notices = content["trials"], tuple[str, ...]()
        if isinstance(trials, list) and trials:
            listed = _recognise_list(name, trials, where, {}, words)
            trials, notices = listed.content, listed.notices
        return [TrialDict(name, {**content, "trials": trials}, notices=notices)]
    _refuse_mixture(content, where, words)
    if is_single(content, words):
        fields = {".".join(groups): value for groups, value in flatten(content, words)}
        if any(isinstance(value, list) for value in fields.values()):
            axes = {key: v if isinstance(v, list) else [v] for key, v in fields.items()}
            return [_spell_out(name, axes, where, words)]
        return [TrialDict(name, {clean_name(name): content})]
    inner = {key: value for key, value in content.items() if _holds_trials(value, words)}
    if not inner:
        if look_like_groups(content, words):
            raise _doubt(content, where)
        numbered, notices = name_numbered(content, where)
        places = {
            new: lines[old] for new, old in zip(numbered, content, strict=True) if old in lines
        }
        bases = join_words([bare(key) for key in content if is_template(key)], most=_MOST_SHOWN)
        if bases and len(content) > 1:
            notices = (
                *notices,
                f"{bases} is a trial like the others, which are not built on it",
            )
        return [TrialDict(name, numbered, places, notices)] if content else []
    for key, value in content.items():
        if key not in inner:
            other = bare(next(iter(inner)))
            raise InputError(f"{where}: {bare(key)} is no dict of trials, but {other} is")
        if isinstance(value, Mapping) and hold_groups(key, value, words):
            raise _doubt(value, f"{where}: {bare(key)}")
    return [
        part for key, value in inner.items() for part in recognise(key, value, path, words=words)
    ]


def _recognise_list(
    name: str, content: Sequence[Any], where: str, lines: Mapping[str, int], words: Vocabulary
) -> TrialDict:
    """Return the trials of a list by name."""
    for entry in content:
        if not isinstance(entry, Mapping):
            raise InputError(
                f"{where}: a list of trials holds {shorten(entry)}, expected {EXAMPLE}"
            )
    trials, notices = name_listed(content, where, words)
    places = {
        trial: lines[str(number)] for number, trial in enumerate(trials) if str(number) in lines
    }
    return TrialDict(name, trials, places, notices)


def _spell_out(
    name: str,
    axes: Mapping[str, Sequence[Any]],
    where: str,
    words: Vocabulary,
    notices: tuple[str, ...] = (),
    *,
    base: Mapping[str, Any] | None = None,
) -> TrialDict:
    """Return every combination of values as a trial over what is the same in all."""
    trials = spell_out(axes, where, base or {}, words)
    notice = f"every combination is a trial: {describe_grid(axes)}"
    return TrialDict(name, trials, notices=(notice, *notices))


def _holds_trials(value: object, words: Vocabulary) -> bool:
    """Tell a collection of trials from a trial."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(entry, Mapping) for entry in value)
    if not isinstance(value, Mapping) or is_single(value, words):
        return False
    return "trials" in value or any(isinstance(inner, Mapping) for inner in value.values())


def _refuse_mixture(content: Mapping[str, Any], where: str, words: Vocabulary) -> None:
    """Refuse an object of trials and hyperparameters, or of what may be either."""
    kinds = {key: find_kind_of(key, value, words) for key, value in content.items()}
    trials = [bare(key) for key, kind in kinds.items() if kind == "trial"]
    others = [bare(key) for key, kind in kinds.items() if kind in {"setting", "group"}]
    seeds = [bare(key) for key in content if words.find_field(key) == SEEDS]
    shared = [bare(key) for key in content if key in SHARED]
    if trials and seeds:
        raise InputError(f"{where}: {seeds[0]} is no trial: seeds are given with {SEEDS}")
    beside = shared or others
    if trials and beside:
        raise InputError(
            f"{where}: {join_words(beside, most=_MOST_SHOWN)} beside the trials "
            f"{join_words(trials, most=_MOST_SHOWN)}: what all trials share goes into a set, such "
            'as {"title": "...", "base": {...}, "trials": {...}}'
        )


def _doubt(content: Mapping[str, Any], where: str) -> InputError:
    names = join_words(list(map(bare, content)), most=_MOST_SHOWN)
    return InputError(
        f"{where}: {names} may be trials or groups of one configuration: number the names of "
        "trials, or write a configuration without groups"
    )
