"""The ledger of claims as it lies on the disk: read with care, and checked against its chain.

One JSON object a line. Every line holds the SHA-256 of the one before, and every record the
SHA-256 of the line that was the last when its batch began: what stands before it cannot be changed
without being noticed. A last line without an end is one whose writer died, and does not count.
"""

import hashlib
import os
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from trial_sets.errors import InputError
from trial_sets.opening import MIB, read_bytes
from trial_sets.records.claim_lines import KINDS, LINE, VERSION, Line
from trial_sets.records.looks import HoldoutPeriod
from trial_sets.strict_json import MAX_BYTES, check, parse_json, shorten

MOST_BYTES = 64 * MIB  # of the file: some ten thousand claims
Kind = TypeVar("Kind", bound=Line)


@dataclass(frozen=True)
class ClaimLedger:
    """All lines of a ledger in their order.

    Attributes
    ----------
    lines : tuple of Line
    digests : tuple of str
        SHA-256 of each line.
    """

    lines: tuple[Line, ...] = ()
    digests: tuple[str, ...] = ()

    @property
    def head(self) -> str | None:
        """The SHA-256 of the last line."""
        return self.digests[-1] if self.digests else None

    def find_head(self, head: str) -> int | None:
        """Return the position of the line that was once the last, if it is in this ledger."""
        return self._positions.get(head)

    def find_break(self) -> str | None:
        """Say which line is not what was written, if one is.

        A change of the last line shows only in the records that were written after it.
        """
        if self.lines and self.lines[0].previous is not None:
            return "what stood before line 1 is missing"
        pairs = pairwise(zip(self.lines, self.digests, strict=True))
        for number, ((_, digest), (line, _)) in enumerate(pairs, 1):
            if line.previous != digest:
                return f"line {number} was changed, or one after it removed"
        return None

    def list_kind(self, kind: type[Kind]) -> list[tuple[int, Kind]]:
        """Return the lines of one kind with their positions, from 0."""
        return [(at, line) for at, line in enumerate(self.lines) if isinstance(line, kind)]

    def complete(self, rows: HoldoutPeriod) -> HoldoutPeriod:
        """Return a period with the sketch of its rows, if a line on just it has one."""
        if rows.rows is not None:
            return rows
        place = (rows.data, rows.first, rows.last)
        known = (line.rows for line in self.lines if line.rows.rows is not None)
        found = (other.rows for other in known if (other.data, other.first, other.last) == place)
        return rows.model_copy(update={"rows": next(found, None)})

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {digest: at for at, digest in enumerate(self.digests)}


def read_claims(path: Path) -> ClaimLedger:
    """Return the ledger in a file; an empty one where there is no file.

    Raises
    ------
    InputError
        If it cannot be read, is too large, or holds what is no line of a ledger.
    """
    if not os.path.lexists(path):
        return ClaimLedger()
    return parse_claims(read_bytes(path, MOST_BYTES), str(path))


def parse_claims(content: bytes, where: str) -> ClaimLedger:
    """Return the ledger that a file's content is.

    Raises
    ------
    InputError
        If a line is none of a ledger's.
    """
    *whole, rest = content.split(b"\n")
    if rest and is_line(rest):
        whole.append(rest)  # an editor took the last end of line
    lines = tuple(_parse(line, number, where) for number, line in enumerate(whole, 1))
    return ClaimLedger(lines, tuple(map(digest_line, whole)))


def is_line(content: bytes) -> bool:
    """Return whether something is a whole line: the beginning of one never is."""
    try:
        LINE.validate_json(content)
    except ValidationError:
        return False
    return True


def digest_line(content: bytes) -> str:
    """Return the SHA-256 of a line without its end."""
    return hashlib.sha256(content).hexdigest()


def _parse(content: bytes, number: int, where: str) -> Line:
    place = f"{where}, line {number}"
    if len(content) > MAX_BYTES:
        raise InputError(f"{place}: longer than {MAX_BYTES:,} bytes")
    try:
        return LINE.validate_json(content)
    except ValidationError:
        return _explain(content, number, where)


def _explain(content: bytes, number: int, where: str) -> Line:
    """Read a line once more, slowly, so that the error says what is wrong."""
    place = f"{where}, line {number}"
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise InputError(f"{place}: not UTF-8 text (byte {error.start})") from None
    said = parse_json(text, where, first_line=number)
    if not isinstance(said, dict):
        raise InputError(f"{place}: {shorten(said)} is not an object")
    if isinstance(version := said.get("version"), int) and version > VERSION:
        raise InputError(f"{place}: version={version}, which a later release wrote")
    kind = said.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise InputError(f"{place}: kind={shorten(kind)}, expected {', '.join(KINDS)}")
    return check(KINDS[kind], said, place)


def read_sound_claims(path: Path) -> tuple[ClaimLedger, str | None]:
    """Return a ledger, and why it is not what was written; it is empty then."""
    try:
        ledger = read_claims(path)
    except InputError as error:
        return ClaimLedger(), str(error)
    reason = ledger.find_break()
    return (ledger, None) if reason is None else (ClaimLedger(), reason)
