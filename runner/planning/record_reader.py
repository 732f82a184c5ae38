"""A process that reads records for a plan: python -P -m runner.planning.record_reader.

Standard input says which, as one JSON object; standard output answers with one line a fit.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Self

from runner.storage.filed_fit import FiledFit
from runner.storage.outputs import RunFolder
from trial_sets.errors import InputError
from trial_sets.records.fit_id import FitId
from trial_sets.records.record import Failure

Found = FiledFit | str | None  # a record, why it cannot be used, or none
_ROOT = Path(__file__).resolve().parents[2]
_COMMAND = (sys.executable, "-P", "-m", "runner.planning.record_reader")


class RecordReader:
    """A process that reads what some fits have left; a context, which ends it.

    Parameters
    ----------
    folder
        Where they lie.
    fits
        The fits, in the order in which `take` returns what they have left.
    """

    def __init__(self, folder: RunFolder, fits: Sequence[FitId]) -> None:
        self._folder, self._fits = folder, iter(fits)
        self._order = json.dumps([str(folder.path), folder.section, fits]).encode()
        self._process = subprocess.Popen(
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
            start_new_session=True,  # Ctrl-C is the parent's
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:
            self._process.kill()

    def begin(self) -> None:
        """Tell it what to read; one that has ended needs no telling."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(self._order)
        with suppress(BrokenPipeError):
            self._process.stdin.close()

    def take(self) -> Found:
        """Return what the next fit has left; where the process has ended, without it."""
        assert self._process.stdout is not None
        line, fit = self._process.stdout.readline(), next(self._fits)
        return _parse(line) if line.endswith(b"\n") else read_one(self._folder, fit)


def read_one(folder: RunFolder, fit: FitId) -> Found:
    """Return what a fit has left: its record, why that cannot be used, or None."""
    try:
        record = folder.read_record(*fit)
    except InputError as error:
        return str(error)
    return None if record is None else FiledFit.of(record)


def _parse(line: bytes) -> Found:
    """Return what a line of the process says."""
    said = json.loads(line)
    if not isinstance(said, list):
        return None if said is None else str(said)
    filed = FiledFit(*said)
    return replace(filed, failure=Failure.model_validate(filed.failure)) if filed.failure else filed


def _say(found: Found) -> str:
    """Return one line that says what a fit has left."""
    if not isinstance(found, FiledFit):
        return json.dumps(found)
    said = [getattr(found, name) for name in FiledFit.__slots__]
    return json.dumps([one.model_dump() if isinstance(one, Failure) else one for one in said])


def main() -> None:
    """Read what standard input asks for."""
    path, section, fits = json.load(sys.stdin.buffer)
    folder = RunFolder(Path(path), section)
    for fit in fits:
        sys.stdout.write(f"{_say(read_one(folder, FitId(*fit)))}\n")


if __name__ == "__main__":
    main()
