"""What a command prints: kept in files of which only so much grows, and read line by line."""

import json
from pathlib import Path
from types import TracebackType
from typing import Any, Self

MOST_BYTES = 2**20  # that a log keeps: its end
MOST_LINE_BYTES = 2**16  # of a line that may tell of an epoch


class TailLog:
    """A file with the end of what was written to it; while it is written, twice as much at most.

    Parameters
    ----------
    path
        The file; it can be followed while the command runs.
    most_bytes
        That it keeps.
    """

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES) -> None:
        self._path, self._most = path, most_bytes
        self._file = path.open("wb", buffering=0)
        self._size = self._left_out = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._size > self._most:
            self._cut()
        self._file.close()

    def write(self, piece: bytes) -> None:
        """Take in another piece."""
        self._file.write(piece)
        self._size += len(piece)
        if self._size > 2 * self._most:
            self._cut()

    def _cut(self) -> None:
        """Leave the end alone, and say so."""
        kept = self.read_end(self._most)
        self._left_out += self._size - len(kept)
        self._file.seek(0)
        self._file.truncate()
        self._file.write(f"({self._left_out} bytes before this were left out)\n".encode() + kept)
        self._size = len(kept)

    def read_end(self, most_bytes: int) -> bytes:
        """Return the last bytes that were written."""
        content = self._path.read_bytes()
        return content[-most_bytes:]


class EpochLines:
    """Finds the lines of an output that tell of an epoch: ``{"epoch": 3, "val_loss": 0.41}``."""

    def __init__(self) -> None:
        self._begun = b""
        self._is_long = False
        self._epoch: float | None = None

    def feed(self, piece: bytes) -> list[dict[str, float]]:
        """Take in a piece and return the numbers of each further epoch that it tells of.

        A line whose epoch is no larger than that of the line before it is passed over.
        """
        *lines, rest = (self._begun + piece).split(b"\n")
        found = []
        for line in lines:
            row = None if self._is_long else _parse(line)
            self._is_long = False
            if row is not None and (self._epoch is None or row["epoch"] > self._epoch):
                self._epoch = row["epoch"]
                found.append(row)
        self._is_long = self._is_long or len(rest) > MOST_LINE_BYTES
        self._begun = b"" if self._is_long else rest
        return found


def _parse(line: bytes) -> dict[str, float] | None:
    """Return the finite numbers of a line that is a mapping with an epoch; None of any other."""
    text = line.strip()
    if not (text.startswith(b"{") and text.endswith(b"}") and b'"epoch"' in text):
        return None
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    numbers = {name: float(v) for name, v in content.items() if _is_plain_number(v)}
    return numbers if "epoch" in numbers else None


def _is_plain_number(value: Any) -> bool:  # noqa: ANN401 - parsed JSON
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and -1e300 < value < 1e300  # which no NaN and no infinity is
