"""Who runs which fit: several runners share one outputs folder, and none runs a fit twice.

A claim is a small file beside the fit's folder, made with O_EXCL, which file systems grant to one
process alone. Its name ends in a generation: a claim whose owner is dead is not removed but
outbid by the next generation, so that two heirs cannot both win. The owner of the newest
generation owns the fit; it looks for a record once it has the claim, and makes sure that it
still has it before it files one.

The kernel says whether the owner lives, where it can: on one machine and in one namespace. Any
other owner is believed as long as it renews its claims, which it does every few seconds: whoever
waits watches the claim for a whole lease by its own clock. Leases work wherever files do; locks
were not chosen, since some shared file systems grant one to each machine and tell nobody.
"""

import contextlib
import os
import re
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from runner.errors import Stopped
from runner.storage.liveness import Sight, describe_self, look_for
from runner.storage.owner import FitClaim, Runner
from runner.storage.watch import Watch
from trial_sets.errors import InputError
from trial_sets.opening import read_bytes
from trial_sets.placement import replace_file
from trial_sets.strict_json import MAX_BYTES, check, read_json

BEAT_S = 10.0
LEASE_S = 180.0  # without a sign of life; caches of shared file systems withhold one for less
POLL_S = 0.5  # between two looks at what another runner has claimed
YOUNG_S = 30.0  # three beats: a claim that says nothing may still be being written
_GENERATION = re.compile(r"[1-9][0-9]*")  # as long as names may be: the next must count too


@dataclass(frozen=True, slots=True)
class FoundClaim:
    """The newest claim to a fit, as it lies on the disk."""

    path: Path
    generation: int
    claim: FitClaim | None  # None if it cannot be read
    touched_ns: int  # when it was renewed, by its runner's clock or the file system's
    is_hidden: bool = False  # whether it may not be read, so that it may well be whole

    @property
    def sight(self) -> Sight:
        """What a single look says of its owner."""
        if self.claim is None:
            return "unseen"
        return look_for(self.claim.runner) if self.claim.ended is None else "ended"

    def is_live(self, watch: Watch) -> bool:
        """Return whether its owner may still be at work, as far as it was watched."""
        if (sight := self.sight) != "unseen":
            return sight == "runs"
        token = self.claim.runner.token if self.claim else None
        still_s = watch.measure_still_s(self.path, (token, self.touched_ns))
        return still_s < (YOUNG_S if self.claim is None and not self.is_hidden else LEASE_S)


def find_claim(fit: Path) -> FoundClaim | None:
    """Return the newest claim to the fit whose folder this is, or None.

    Raises
    ------
    OSError
        If it cannot be seen whether there is one.
    """
    gone: set[int] = set()  # a cached listing may show for a minute what was given up just now
    while listed := [one for one in _list_generations(fit) if one[0] not in gone]:
        newest = max(listed)
        if (found := _look_for_claim(*newest)) is not None:
            return found
        gone.add(newest[0])
    return None


def _look_for_claim(generation: int, path: Path) -> FoundClaim | None:
    """Return what a claim says, or None if it was given up just now."""
    with contextlib.suppress(FileNotFoundError):
        return _read_claim(generation, path)
    return None


def _read_claim(generation: int, path: Path) -> FoundClaim:
    """Return what a claim says; one that is no regular file says nothing."""
    status = path.lstat()
    claim, is_hidden = None, False
    if stat.S_ISREG(status.st_mode):
        try:
            claim = check(FitClaim, read_json(path), str(path))
        except InputError:
            path.lstat()  # raises if that is since it is gone
            is_hidden = not os.access(path, os.R_OK)
    return FoundClaim(path, generation, claim, status.st_mtime_ns, is_hidden)


def _list_generations(fit: Path) -> Iterator[tuple[int, Path]]:
    """Yield the generations of a fit's claims; none where no folder could hold them."""
    prefix = f".{fit.name}.claim-"
    absent = contextlib.suppress(FileNotFoundError, NotADirectoryError)
    with absent, os.scandir(fit.parent) as entries:
        for entry in entries:
            number = entry.name.removeprefix(prefix)
            if entry.name.startswith(prefix) and _GENERATION.fullmatch(number):
                yield int(number), Path(entry.path)


@dataclass(slots=True)
class Claims:
    """The claims of this runner; a context that gives up in the end what is left of them."""

    runner: Runner = field(default_factory=describe_self)
    _held: dict[Path, int] = field(default_factory=dict)  # generations, by the fits' folders
    _watch: Watch = field(default_factory=Watch)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _closed: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._beat, daemon=True, name="claims")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        with self._lock:
            for fit in list(self._held):
                self._give_up(fit)
        if self._thread is not None:
            self._thread.join()

    def take(self, fit: Path) -> FoundClaim | None:
        """Claim a fit by its folder's path; return the claim that stands in the way, if one does.

        Raises
        ------
        OSError
            If the claim cannot be written.
        Stopped
            If the batch was stopped.
        """
        with self._lock:
            if self._closed.is_set():
                raise Stopped
            if not self.holds(fit):
                self._held.pop(fit, None)  # an heir had it, and may have died too
            unlisted = None  # a claim that O_EXCL has told of; a cached listing may lag behind
            while fit not in self._held:
                seen = filter(None, (find_claim(fit), unlisted))
                found = max(seen, key=lambda claim: claim.generation, default=None)
                if found is not None and found.is_live(self._watch):
                    return found
                generation = 1 if found is None else found.generation + 1
                if self._create(_path(fit, generation)):
                    self._held[fit] = generation
                else:
                    unlisted = _look_for_claim(generation, _path(fit, generation))
            return None

    def is_free(self, fit: Path) -> bool:
        """Return whether nobody who may still be at work has claimed a fit."""
        with self._lock:
            found = find_claim(fit)
            return found is None or not found.is_live(self._watch)

    def holds(self, fit: Path) -> bool:
        """Return whether a fit is still this runner's: nobody took it for dead.

        An heir's claim is of the next generation, or it has removed this one with its own.
        """
        mine = self._held.get(fit)
        if mine is None:
            return False
        if os.path.lexists(_path(fit, mine + 1)):  # first: an heir removes its own claim last
            return False
        try:
            return self.runner.token.encode() in read_bytes(_path(fit, mine), MAX_BYTES)
        except InputError:
            return False

    def is_inherited(self, fit: Path) -> bool:
        """Return whether a held claim outbids another's, who may have left something of the fit."""
        return self._held[fit] > 1

    def release(self, fit: Path) -> None:
        """Remove the claim to a fit that has a record now, and those that it outbid.

        A claim that an heir has outbid is left to it.
        """
        with self._lock:
            is_mine, mine = self.holds(fit), self._held.pop(fit, 0)
        if not is_mine:
            return
        if mine == 1:  # it outbid none
            _path(fit, mine).unlink(missing_ok=True)
            return
        for generation, path in sorted(_list_generations(fit)):
            if generation <= mine:
                path.unlink(missing_ok=True)

    def renew(self) -> None:
        """Touch the claims that are held: a sign of life."""
        with self._lock:
            for fit, generation in self._held.items():
                with contextlib.suppress(OSError):  # the disk is away
                    if self.holds(fit):
                        os.utime(_path(fit, generation))

    def _create(self, path: Path) -> bool:
        """Create a claim; return whether it was not there."""
        try:
            with path.open("x", encoding="utf-8") as file:
                try:
                    file.write(FitClaim(runner=self.runner, since=_now()).model_dump_json())
                    file.flush()
                except OSError:
                    path.unlink()
                    raise
        except FileExistsError:
            return False
        except FileNotFoundError:  # the trial's first fit
            path.parent.mkdir(parents=True, exist_ok=True)
            return self._create(path)
        return True

    def _give_up(self, fit: Path) -> None:
        """Say that a fit was interrupted; where this cannot be written, the process's end does."""
        path = _path(fit, self._held[fit])
        with contextlib.suppress(OSError, InputError):
            is_mine = self.holds(fit)
            del self._held[fit]
            if not is_mine:
                return
            claim = check(FitClaim, read_json(path), str(path))
            ended = claim.model_copy(update={"ended": _now()})
            replace_file(path, ended.model_dump_json().encode())

    def _beat(self) -> None:
        """Renew the claims every few seconds."""
        while not self._closed.wait(BEAT_S):
            self.renew()


@contextlib.contextmanager
def exclusively(path: Path) -> Iterator[None]:
    """Hold the claim to a file or folder; wait as long as another runner holds it.

    Raises
    ------
    OSError
        If the claim cannot be written.
    """
    with Claims() as claims:
        while claims.take(path) is not None:
            time.sleep(POLL_S)
        try:
            yield
        finally:
            claims.release(path)


def _path(fit: Path, generation: int) -> Path:
    """Return where the claim of a generation to a fit lies."""
    return fit.with_name(f".{fit.name}.claim-{generation}")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
