"""Options of ``sbatch``: a person's, read from one text, and ours, which give way to them."""

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from runner.errors import RunError
from trial_sets.wording import is_well_formed

# The letters of the options that are told apart here.
_LETTERS = {
    "a": "array", "A": "account", "c": "cpus-per-task", "D": "chdir", "G": "gpus", "h": "help",
    "J": "job-name", "M": "clusters", "n": "ntasks", "o": "output", "p": "partition", "q": "qos",
    "V": "version", "W": "wait",
}  # fmt: skip
_GPUS = (
    *("gpus-per-task", "gpus", "gpus-per-node", "gpus-per-socket", "gres"),
    *("tres-per-task", "tres-per-job", "tres-per-node"),
)
# Options that say the same thing, or one that excludes the other: who gives one means it.
_KINDS = (_GPUS, ("cpus-per-task", "cpus-per-gpu"), ("requeue", "no-requeue"))
_REFUSED: Mapping[str, str] = {
    "array": "--slurm says how many runners there are",
    "wrap": "it would run another command",
    "parsable": "the number of the job is read already",
    "chdir": "paths are read from the folder that the command is given in: change there first",
    "wait": "--status says how the job stands",
    "test-only": "--dry-run shows the script",
    "help": "it submits nothing",
    "usage": "it submits nothing",
    "version": "it submits nothing",
}
# What a job that follows takes over: where it may run, who pays for it, and its environment.
_INHERITED = (
    *("account", "partition", "qos", "clusters", "reservation", "wckey"),
    *("export", "export-file", "get-user-env"),
)
_KNOWN = frozenset({*_LETTERS.values(), *_REFUSED, *_INHERITED, *(n for k in _KINDS for n in k)})
_PLAIN = re.compile(r"[\w.,:/=@%+*!|&()\[\]-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class SbatchOption:
    """One option of ``sbatch``.

    Attributes
    ----------
    name : str
        Its long name, without dashes.
    words : tuple of str
        As it is given.
    """

    name: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, name: str, value: object = None) -> "SbatchOption":
        """Return an option by its long name."""
        return cls(name, (f"--{name}" if value is None else f"--{name}={value}",))

    def write_line(self) -> str:
        """Return the line of a script that gives it, quoted as Slurm reads such lines."""
        return " ".join(["#SBATCH", *map(_quote, self.words)])


def read_sbatch_options(texts: Sequence[str]) -> tuple[SbatchOption, ...]:
    """Read options as a shell splits them.

    Parameters
    ----------
    texts
        Such as ``--time=12:00:00 -p gpu``.

    Raises
    ------
    RunError
        If that is no list of options, or one of them does not go with an array of runners.
    """
    found: list[SbatchOption] = []
    for text in texts:
        found += _group(text)
    for option in found:
        if option.name in _REFUSED:
            raise RunError(f"--sbatch {option.words[0]}: leave it out; {_REFUSED[option.name]}")
    return tuple(found)


def join_options(
    ours: Iterable[SbatchOption], theirs: Sequence[SbatchOption]
) -> list[SbatchOption]:
    """Return ours, without those of whose kind a person gives one, and then theirs."""
    said = {option.name for option in theirs}
    kept = [option for option in ours if said.isdisjoint(_find_kind(option.name))]
    return [*kept, *theirs]


def list_inherited(options: Iterable[SbatchOption]) -> list[SbatchOption]:
    """Return those of an array's options that a job which follows it takes over."""
    return [option for option in options if option.name in _INHERITED]


def _group(text: str) -> list[SbatchOption]:
    """Return the options of one text; a word without a dash belongs to the one before."""
    if not is_well_formed(text) or not text.isprintable():
        raise RunError(f"--sbatch {text!r}: expected options of sbatch on one line")
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise RunError(f"--sbatch {text!r}: {str(error).lower()}") from None
    found: list[SbatchOption] = []
    for word in words:
        if word.startswith("-") and word.strip("-"):
            found.append(SbatchOption(_name(word), (word,)))
        elif found:
            found[-1] = SbatchOption(found[-1].name, (*found[-1].words, word))
        else:
            raise RunError(
                f"--sbatch: found {word!r}, expected options of sbatch, such as --time=12:00:00"
            )
    return found


def _name(word: str) -> str:
    """Return the long name of an option; Slurm takes the beginning of one for the whole."""
    if not word.startswith("--"):
        return _LETTERS.get(word[1], word[1])
    name = word[2:].partition("=")[0]
    meant = [known for known in _KNOWN if known.startswith(name)]
    return name if name in _KNOWN or len(meant) != 1 else meant[0]


def _find_kind(name: str) -> Sequence[str]:
    return next((kind for kind in _KINDS if name in kind), (name,))


def _quote(word: str) -> str:
    """Return a word as Slurm reads it behind ``#SBATCH``: a backslash counts within quotes too."""
    if _PLAIN.fullmatch(word):
        return word
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
