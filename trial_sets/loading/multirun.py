"""The overrides of a Hydra multirun, `lr=1e-3,1e-4 dropout=0.1,0.2`: lists of values are a grid."""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from trial_sets.errors import InputError
from trial_sets.loading.formats.scalar import read_scalar
from trial_sets.loading.grid import MOST_TRIALS
from trial_sets.strict_json import shorten

MAX_LENGTH = 65_536  # characters of a command
_OVERRIDE = re.compile(r"(?P<signs>\+{0,2})(?P<key>[\w$][\w./$@-]*)=(?P<value>.*)", re.DOTALL)
_CALL = re.compile(r"\s*(?P<name>[A-Za-z_]\w*)\((?P<inside>.*)\)\s*", re.DOTALL)
_WORD = re.compile(r"""'(?:[^'\\]|\\.)*+'?|"(?:[^"\\]|\\.)*+"?|.""", re.DOTALL)
_MACHINERY = re.compile(r"hydra[./]")  # launchers, folders and the like


def is_multirun(content: object) -> bool:
    """Tell whether something is an override, or a list of them."""
    texts = content if isinstance(content, list) else [content]
    return bool(texts) and all(isinstance(text, str) and "=" in text for text in texts)


def find_sweeper(content: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return ``hydra.sweeper.params`` of a configuration."""
    found: Any = content
    for key in ("hydra", "sweeper", "params"):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else None


def read_sweeper(params: Mapping[str, Any], where: str) -> dict[str, list[Any]]:
    """Return the values of every hyperparameter in ``hydra.sweeper.params``.

    Raises
    ------
    InputError
        As `read_overrides` does.
    """
    return {
        key: _read_values(key, value, where) if isinstance(value, str) else [value]
        for key, value in params.items()
    }


def split_command(text: str, where: str) -> list[str]:
    """Return the overrides on a command line, without what begins it and its options.

    ``python train.py -m lr=1e-3,1e-4``; a backslash at the end of a line continues it, and lines
    that begin with ``#`` are comments.

    Raises
    ------
    InputError
        If the text is too long, a quotation is never closed, or there are several commands.
    """
    if len(text) > MAX_LENGTH:
        raise InputError(f"{where}: a command has more than {MAX_LENGTH:,} characters")
    lines = re.sub(r"\\\r?\n", " ", text).splitlines()
    try:
        words = [word for line in lines for word in shlex.split(line, comments=True)]
    except ValueError:
        raise InputError(f"{where}: a quotation is never closed") from None
    scripts = [number for number, word in enumerate(words, 1) if word.endswith(".py")]
    if len(scripts) > 1:
        raise InputError(f"{where}: holds {len(scripts)} commands, expected one")
    return [word for word in words[sum(scripts) :] if word not in {"-m", "--multirun"}]


def read_overrides(words: Iterable[str], where: str) -> dict[str, list[Any]]:
    """Return the values of every hyperparameter that overrides give.

    Raises
    ------
    InputError
        If a word is no override, a key is given twice, or a value is no list of values.
    """
    axes: dict[str, list[Any]] = {}
    for word in words:
        found = _OVERRIDE.fullmatch(word.strip())
        if found is None:
            raise InputError(f"{where}: {shorten(word)} is no override such as lr=1e-3,1e-4")
        key = found["key"]
        if _MACHINERY.match(key):
            continue
        if key in axes:
            raise InputError(f"{where}: {key} is given twice")
        axes[key] = _read_values(key, found["value"], where)
    return axes


def _read_values(key: str, text: str, where: str) -> list[Any]:
    """Return the values that ``1e-3,1e-4``, ``choice(...)`` or ``range(...)`` goes over."""
    call = _CALL.fullmatch(text)
    if call is None or call["name"] == "choice":
        parts = _split(text if call is None else call["inside"])
        return [_read_value(key, part.strip(), where) for part in parts]
    if call["name"] == "range":
        return _read_range(key, call["inside"], where)
    raise InputError(
        f"{where}: {key}={shorten(text)} lists no values: give them, such as {key}=1,2"
    )


def _read_range(key: str, inside: str, where: str) -> list[int]:
    """Return the whole numbers from the first on and below the last."""
    numbers = [read_scalar(part.strip()) for part in inside.split(",")]
    whole = [number for number in numbers if type(number) is int]
    if len(whole) < len(numbers) or len(whole) > 3 or 0 in whole[2:]:
        raise InputError(f"{where}: {key}: of ranges only those of whole numbers are read")
    found = range(*whole)
    if len(found) > MOST_TRIALS:
        raise InputError(f"{where}: {key}: the range is of more than {MOST_TRIALS:,} values")
    return list(found)


def _read_value(key: str, text: str, where: str) -> Any:  # noqa: ANN401 - a plain value
    if len(text) > 1 and text[0] in {"'", '"'} and text[0] == text[-1]:
        return text[1:-1]
    if _CALL.fullmatch(text) or text[:1] in {"[", "{", "$"}:
        raise InputError(f"{where}: {key}: {shorten(text)} is no plain value")
    return read_scalar(text)


def _split(text: str) -> Iterator[str]:
    """Split at the commas that stand in no quotation and in no bracket."""
    depth, part = 0, list[str]()
    for word in _WORD.findall(text):
        depth += (word in {"(", "[", "{"}) - (word in {")", "]", "}"})
        if word == "," and depth <= 0:
            yield "".join(part)
            part = []
        else:
            part.append(word)
    yield "".join(part)
