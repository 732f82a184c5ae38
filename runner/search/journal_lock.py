"""The lock that Optuna takes to write its journal, freed at once where its owner has ended.

Optuna's own names nobody: what a killed process leaves of it stands in everybody's way for half a
minute. This one lies in the same place, so that Optuna and we wait for each other, and is a
symbolic link likewise, whose target says who holds it.
"""

import contextlib
import os
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path

from runner.storage.liveness import describe_self, look_for
from runner.storage.owner import Runner
from runner.storage.watch import Watch
from trial_sets.errors import InputError
from trial_sets.strict_json import check, parse_json

GRACE_S = 30.0  # as Optuna waits for an owner of whom nothing is known
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.0005, 0.05


@dataclass(slots=True)
class JournalLock:
    """Optuna's lock of a journal."""

    journal: Path
    _runner: Runner = field(default_factory=describe_self)
    _watch: Watch = field(default_factory=Watch)

    @property
    def _path(self) -> Path:
        return self.journal.with_name(f"{self.journal.name}.lock")

    def acquire(self) -> bool:
        """Take the lock, and wait as long as another process that may live holds it."""
        wait_s = _FIRST_WAIT_S
        target = self._runner.model_dump_json()
        while not self._create(target):
            self._free()
            time.sleep(wait_s)
            wait_s = min(2 * wait_s, _LONGEST_WAIT_S)
        return True

    def release(self) -> None:
        """Give the lock up."""
        self._path.unlink(missing_ok=True)

    def _create(self, target: str) -> bool:
        try:
            self._path.symlink_to(target)
        except FileExistsError:
            return False
        return True

    def _free(self) -> None:
        """Remove the lock of an owner that has ended, or of whom nothing was heard for long."""
        with contextlib.suppress(OSError):
            found = os.readlink(self._path)  # noqa: PTH115 - a text, and no path
            still_s = self._watch.measure_still_s(self._path, (found, self._path.lstat().st_mtime))
            owner = _read_owner(found)
            if (owner is not None and look_for(owner) == "ended") or still_s > GRACE_S:
                self._take_away(found)

    def _take_away(self, found: str) -> None:
        """Remove a lock, unless it is another one by now."""
        aside = self._path.with_name(f"{self._path.name}{secrets.token_hex(8)}.rename")
        self._path.rename(aside)
        if os.readlink(aside) != found:  # noqa: PTH115 - another heir was faster
            with contextlib.suppress(FileExistsError):
                os.link(aside, self._path, follow_symlinks=False)
        aside.unlink()


def _read_owner(target: str) -> Runner | None:
    """Return who made a lock; None where it was not one of ours."""
    try:
        return check(Runner, parse_json(target, "the lock"), "the lock")
    except InputError:
        return None
