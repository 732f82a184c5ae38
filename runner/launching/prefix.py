"""The words of ``--launch``, which stand before a worker's command."""

import os
import re
import shlex
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.errors import RunError
from trial_sets.errors import suggest
from trial_sets.redaction import hide_home
from trial_sets.wording import is_well_formed, tame_text

# Programs that join what follows with spaces and hand it to a shell on the other side.
_JOINS = re.compile(r"(.*[-_.])?(ssh|autossh|rsh|dbclient)")
_SHOWN = 40  # characters of a prefix in a table


@dataclass(frozen=True, slots=True)
class LaunchPrefix:
    """Words that start what follows them elsewhere."""

    text: str  # as it was given
    words: tuple[str, ...]

    def __str__(self) -> str:
        """Say through what a worker is started."""
        return f"through '{self._told}'"

    def show(self) -> str:
        """Return it as a table has room for it; hosts and images stand at its end."""
        text = self._told
        half = _SHOWN // 2
        return text if len(text) <= _SHOWN else f"{text[: half - 1]}…{text[-half:]}"

    @property
    def _told(self) -> str:
        """The words as a log holds them that others read."""
        return tame_text(" ".join(map(hide_home, self.text.split(" "))))

    @property
    def joins_words(self) -> bool:
        """Whether a shell on the other side splits again what follows, as after ``ssh host``."""
        return any(_JOINS.fullmatch(os.path.basename(word)) for word in self.words)  # noqa: PTH119

    def precede(self, command: Sequence[str]) -> tuple[str, ...]:
        """Return these words with a command after them, so that it arrives word for word."""
        sent = map(shlex.quote, command) if self.joins_words else command
        return (*self.words, *sent)


def parse_prefixes(texts: Sequence[str]) -> tuple[LaunchPrefix, ...]:
    """Split what ``--launch`` was given into words, as a shell would; none is run.

    Raises
    ------
    RunError
        If it cannot be split, or begins with no program of this machine.
    """
    prefixes = tuple(map(split_prefix, texts))
    for prefix in prefixes:
        if shutil.which(prefix.words[0]) is None:
            raise RunError(f"--launch {prefix.text!r}: {_describe_absence(prefix.words[0])}")
    return prefixes


def split_prefix(text: str) -> LaunchPrefix:
    """Split one of them, whatever programs there are on this machine.

    Raises
    ------
    RunError
        If it cannot be split.
    """
    if not is_well_formed(text):
        raise RunError("--launch: the words are not UTF-8")
    try:
        words = tuple(shlex.split(text))
    except ValueError as error:
        raise RunError(f"--launch {text!r}: cannot be split into words: {error}") from None
    if not words or not words[0]:
        raise RunError(
            f"--launch {text!r}: expected a program and its words, such as 'ssh host' or 'docker "
            "run -i IMAGE'"
        )
    return LaunchPrefix(text, words)


def _describe_absence(program: str) -> str:
    if re.match(r"\w+=", program):
        return f"{program!r} is no program; variables are set by 'env {program}'"
    if Path(program).exists():
        return f"{program!r} is no program that may be run"
    nearest = suggest(program, set(_list_programs()))
    ending = nearest if "did you mean" in nearest else " on the path of programs"
    return f"there is no program {program!r}{ending}"


def _list_programs() -> Iterator[str]:
    """Yield the names of the programs on the path."""
    for place in os.get_exec_path():
        if Path(place).is_dir():
            yield from os.listdir(place)  # noqa: PTH208
