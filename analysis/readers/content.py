"""What a file is, told from its content: the suffix decides nothing."""

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from trial_sets.errors import InputError
from trial_sets.opening import MIB, open_regular, read_bytes
from trial_sets.strict_json import parse_json
from trial_sets.wording import well_form

MAX_BYTES = 512 * MIB
MAX_VALUES = 20_000_000  # of a file's table, or of its JSON
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_SQLITE = b"SQLite format 3\x00"
_REFUSED = {
    b"PK\x03\x04": "a zip archive (a spreadsheet, an .npz or a saved model)",
    b"\x1f\x8b": "gzip-compressed",
    b"PAR1": "a Parquet file",
    b"\x89HDF": "an HDF5 file",
    b"\x93NUMPY": "a NumPy array",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
_EXPECTED = "expected JSON, JSON lines, CSV, an Optuna SQLite database or an Optuna journal"


def check_file(path: Path) -> None:
    """Check that a path is a readable, non-empty file of bearable size.

    Raises
    ------
    InputError
        Otherwise.
    """
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
    except IsADirectoryError:
        raise InputError(f"{path} is a directory; name a results file inside it") from None
    except FileNotFoundError:
        raise InputError(f"{path} does not exist or is not a regular file") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise InputError(f"{str(path)!r}: no file can have this name") from None
    if size == 0:
        raise InputError(f"{path} is empty; {_EXPECTED}")
    if size > MAX_BYTES and not is_sqlite(path):
        raise InputError(f"{path} has {size:,} bytes, more than the {MAX_BYTES:,} that are read")


def is_sqlite(path: Path) -> bool:
    """Say whether a file is an SQLite database."""
    with open_regular(path) as file:
        return file.read(len(_SQLITE)) == _SQLITE


def read_results_text(path: Path) -> str:
    """Read a UTF-8 text file.

    Raises
    ------
    InputError
        For pickles (which are never loaded), archives and other binary files.
    """
    content = read_bytes(path, MAX_BYTES)
    if content[:1] == b"\x80" and content[1:2] in {bytes([protocol]) for protocol in range(2, 6)}:
        raise InputError(f"{path} is a Python pickle, which is never loaded; {_EXPECTED}")
    for start, name in _REFUSED.items():
        if content.startswith(start):
            raise InputError(f"{path} is {name}; {_EXPECTED}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text (byte {error.start}); {_EXPECTED}") from error
    if "\x00" in text:
        raise InputError(f"{path} is binary (a zero byte at {text.index(chr(0))}); {_EXPECTED}")
    if not text.strip():
        raise InputError(f"{path} holds only white space; {_EXPECTED}")
    refuse_many(sum(map(text.count, ",[{")), path)
    return text


def refuse_many(n_values: int, path: Path) -> None:
    """Refuse more values than are read, before room is made for them.

    Raises
    ------
    InputError
        If there are.
    """
    if n_values > MAX_VALUES:
        raise InputError(
            f"{path} comes to {n_values:,} values, more than the {MAX_VALUES:,} that are read"
        )


def parse_results(text: str, where: str, first_line: int = 1) -> object:
    """Parse JSON as other tools write it: with NaN, and integers of any size.

    Raises
    ------
    InputError
        With the line and column of the first mistake.
    """
    parsed: object = parse_json(
        text, where, first_line=first_line, nan=True, large_integers="float"
    )
    if not _SURROGATE.search(text):
        return parsed
    try:
        return _well_form(parsed)
    except RecursionError:
        raise InputError(f"{where}: the JSON is nested too deeply") from None


def _well_form(parsed: object) -> object:
    """Return a JSON value without halves of surrogate pairs, which no table can hold."""
    if isinstance(parsed, dict):
        return {well_form(str(name)): _well_form(value) for name, value in parsed.items()}
    if isinstance(parsed, list):
        return [_well_form(value) for value in parsed]
    return well_form(parsed) if isinstance(parsed, str) else parsed


def parse_json_lines(
    text: str, path: Path, notes: list[str]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Parse one object a line and yield it with its line number.

    Parameters
    ----------
    notes
        Receives a sentence when the last line is broken (a writer was stopped) and left out.

    Raises
    ------
    InputError
        For a broken line before the last, or a line that is no object.
    """
    last = text.rstrip().count("\n") + 1
    for n, line in enumerate(io.StringIO(text), 1):
        if not line.strip():
            continue
        try:
            item = parse_results(line, str(path), n)
        except InputError:
            if n < last or n == 1:
                raise
            notes.append(f"line {n}, the last, is cut off and was left out")
            return
        if not isinstance(item, dict):
            raise InputError(f"{path}, line {n}: expected an object, got {name_type(item)}")
        yield n, item


def name_type(value: object) -> str:
    """Name a JSON value's type as the format's users know it."""
    names = {dict: "an object", list: "a list", str: "a text", bool: "a boolean"}
    if value is None:
        return "null"
    return names.get(type(value), "a number")
