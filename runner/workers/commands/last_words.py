"""What a failed command has said at last: the line for a record's message."""

import re
import signal

MOST_LINES = 4
MOST_CHARACTERS = 1_000
_TRACEBACK = "Traceback (most recent call last):"
_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def find_last_words(errors: bytes, output: bytes) -> str:
    """Return the last line that a program wrote, on its standard error if there is any.

    Of an exception of Python, all lines of its text; of a line that was written over itself, such
    as a progress bar, what was seen at last.
    """
    for written in (errors, output):
        lines = [_show_line(line) for line in written.decode(errors="replace").split("\n")]
        shown = [line for line in lines if line.strip()]
        if shown:
            words = _find_exception(shown) or shown[-1:]
            return " ".join(word.strip() for word in words)[:MOST_CHARACTERS]
    return ""


def describe_exit(status: int, words: str) -> str:
    """Say how a command ended, with its last words."""
    if status < 0:
        try:
            name = signal.Signals(-status).name
        except ValueError:  # a real-time signal
            name = f"signal {-status}"
        how = f"the command was ended by {name}"
    else:
        how = f"exit status {status}"
    return f"{how}: {words}" if words else how


def _find_exception(lines: list[str]) -> list[str]:
    """Return the text of the last exception, if a traceback is what the lines end with."""
    starts = [n for n, line in enumerate(lines) if line.strip() == _TRACEBACK]
    if not starts:
        return []
    after = lines[starts[-1] + 1 :]
    frames = [number for number, line in enumerate(after) if line.startswith("  ")]
    first = next((n for n, line in enumerate(after) if not line.startswith(" ")), None)
    if first is None or (frames and frames[0] > first):
        return []
    text = after[first:]
    return text if len(text) <= MOST_LINES else text[:1]


def _show_line(line: str) -> str:
    return _ESCAPES.sub("", line.rstrip("\r").rpartition("\r")[2])
