"""What shared files leave out of a person: the home folder, the user's and the host's name."""

import getpass
import os
import re
import shlex
import socket
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

HOME = "~"
_SHORTEST = 3  # a shorter name of a user or host is a part of too many words
_COMMON = {"root", "user", "home", "localhost", "runner"}  # and these name nobody


def hide_home(path: str) -> str:
    """Return a path, or ``FILE:NAME``, with the home folder that it begins with as ``~``."""
    home = _find_home()
    if home is not None and (path == home or path.startswith(home + os.sep)):
        return HOME + path[len(home) :]
    return path


def find_home(path: str) -> str:
    """Return a path, or ``FILE:NAME``, with the home folder in the place of a leading ``~``."""
    home = _find_home()
    if home is not None and (path == HOME or path.startswith(HOME + os.sep)):
        return home + path[len(HOME) :]
    return path


def find_way(folder: Path, start: Path) -> str:
    """Return the way from one absolute folder to another, which shows no home folder."""
    home = _find_home()
    inside = [
        home is not None and f"{path}{os.sep}".startswith(f"{home}{os.sep}")
        for path in (folder, start)
    ]
    return hide_home(str(folder)) if inside == [True, False] else os.path.relpath(folder, start)


def quote_word(word: str) -> str:
    """Return a word as a shell takes it, with a leading ``~`` that still means the home folder."""
    hidden = hide_home(word)
    if hidden.startswith(HOME + os.sep) and len(hidden) > 2:
        return f"{HOME}{os.sep}{shlex.quote(hidden[2:])}"
    return HOME if hidden == HOME and word != HOME else shlex.quote(word)


def hide_person(text: str) -> str:
    """Return a text, such as a traceback, without home folder, user name and host name."""
    home = _find_home()
    if home is not None:
        text = re.sub(rf"{re.escape(home)}(?![\w.-])", HOME, text)
    for name, word in _list_names():
        text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", word, text)
    return text


@lru_cache(maxsize=1)
def _find_home() -> str | None:
    """Return the home folder, unless it is that of nobody."""
    with suppress(RuntimeError):
        home = str(Path.home())
        return home if len(home) > 1 else None
    return None


@lru_cache(maxsize=1)
def _list_names() -> tuple[tuple[str, str], ...]:
    """Return the names of the user and of the host, each with the word that takes its place."""
    names = []
    with suppress(OSError, KeyError):
        names.append((getpass.getuser(), "USER"))
    names.append((socket.gethostname(), "HOST"))
    return tuple(
        (name, word)
        for name, word in names
        if len(name) >= _SHORTEST and name.casefold() not in _COMMON
    )
