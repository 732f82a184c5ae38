"""JSON as people write it by hand: with comments and trailing commas, which JSON itself has not.

Only files of trials are read so; the project's own records stay strict.
"""

import re
from pathlib import Path
from typing import Any

from trial_sets.strict_json import MAX_BYTES, parse_json, read_text

# Strings are passed over whole, and what begins and never ends goes to the end: nothing is tried
# twice, so that the time is that of reading once.
_STRING = r'"(?:[^"\\]|\\.)*+"?'
_COMMENTS = re.compile(rf"{_STRING}|(?://|\#)[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_COMMAS = re.compile(rf"{_STRING}|[\[{{:,]\s*+,|(,)(?=\s*[\]}}])", re.DOTALL)


def read_relaxed_json(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    """Return what a JSON file holds that may have comments and trailing commas.

    Comments are ``// ...``, ``# ...`` and ``/* ... */``.

    Raises
    ------
    InputError
        As `read_json` does.
    """
    return parse_json(blank_relaxations(read_text(path, MAX_BYTES)), str(path))


def blank_relaxations(text: str) -> str:
    """Return JSON text with spaces for comments and trailing commas: all else stays in place."""
    without_comments = _COMMENTS.sub(_blank_comment, text)
    return _COMMAS.sub(_blank_comma, without_comments)


def _blank_comment(found: re.Match[str]) -> str:
    text = found[0]
    return text if text.startswith('"') else re.sub(r"[^\n]", " ", text)


def _blank_comma(found: re.Match[str]) -> str:
    return found[0] if found[1] is None else " "
