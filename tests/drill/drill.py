"""The drill: faults at random moments of real batches, and what must hold after each.

``python -m tests.drill.drill --rounds 300`` prints how often each class was injected and what was
lost, run twice, left alive or stated falsely: all of them must be 0.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.drill.batch import Batch, Table
from tests.drill.faults import FAULTS, ORDERS, Fault, ballast
from trial_sets.records.fit_id import FitId

GONE_WITHIN_S = 15.0
ENDS_WITHIN_S = 240.0
DISK = "size=6m,nr_inodes=4000"


@dataclass(slots=True)
class Tally:
    """What the rounds have shown."""

    rounds: Counter[str] = field(default_factory=Counter)  # by class of fault
    batches: int = 0
    lost: int = 0
    twice: int = 0
    orphans: int = 0
    false_states: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing went wrong."""
        return not (self.lost or self.twice or self.orphans or self.false_states or self.wrong)

    def __str__(self) -> str:
        kinds = "\n".join(f"  {kind}: {n}" for kind, n in sorted(self.rounds.items()))
        return (
            f"{sum(self.rounds.values())} rounds in {self.batches} batches:\n{kinds}\n"
            f"fits lost {self.lost}, fits twice {self.twice}, orphans {self.orphans}, "
            f"false states {self.false_states}, other {len(self.wrong)}"
        )


class Drill:
    """Runs rounds until there were enough."""

    def __init__(
        self,
        folder: Path,
        seed: int,
        faults: Mapping[str, Fault],
        *,
        launch: str = "",
    ) -> None:
        self._folder, self._rng, self._launch = folder, Random(seed), launch
        self._faults = faults
        self._references: dict[bool, Table] = {}
        self.tally = Tally()

    def run(self, rounds: int) -> Tally:
        """Fill one outputs folder after another, with a fault in every command."""
        while sum(self.tally.rounds.values()) < rounds:
            built_in = self._rng.random() < 0.1
            self._fill(self._open(built_in), rounds)
        return self.tally

    def _open(self, built_in: bool) -> Batch:
        self.tally.batches += 1
        folder = self._folder / f"batch-{self.tally.batches}"
        folder.mkdir()
        output = self._folder / "disk" / folder.name
        size = 2 if built_in else 8
        return Batch(folder, output, built_in, size, folds=2, launch=self._launch)

    def _fill(self, batch: Batch, rounds: int) -> None:
        """Start the command again and again until every fit is complete; check the table."""
        reference = self._reference(batch.built_in)
        while len(batch.table()) < len(reference) and sum(self.tally.rounds.values()) < rounds:
            self._play(batch, self._rng.choice([*self._faults]))
        if len(batch.table()) < len(reference):
            batch.start().wait(ENDS_WITHIN_S)
        if batch.table() != reference:
            self._complain(batch, "the final table differs from that of an undisturbed run")
        shutil.rmtree(batch.output)
        if self.tally.is_clean:
            shutil.rmtree(batch.folder)

    def _reference(self, built_in: bool) -> Table:
        """Return the table of an undisturbed run, whose workers are here."""
        if built_in not in self._references:
            batch = self._open(built_in)
            batch.launch = ""
            batch.start().wait(ENDS_WITHIN_S)
            self._references[built_in] = batch.table()
            shutil.rmtree(batch.output)
        return self._references[built_in]

    def _play(self, batch: Batch, kind: str) -> None:
        """Play one round: start, wait, inject, wait for the end, check."""
        inject, codes = self._faults[kind]
        finished, n_started, n_commands = (
            batch.files(),
            len(batch.read_diary()),
            len(batch.commands),
        )
        batch.start()
        time.sleep(self._rng.random() * 2.0)
        before = batch.files() if kind == "record torn" else {}
        inject(batch, self._rng)
        after = batch.files() if kind == "record torn" else {}
        torn = {fit for fit in before if before[fit] != after.get(fit)}
        self._await_end(batch, codes, n_commands)
        ballast(batch).unlink(missing_ok=True)
        for word in ORDERS:
            (batch.folder / word).unlink(missing_ok=True)
        self.tally.rounds[kind] += 1
        print(f"{time.strftime('%H:%M:%S')} {sum(self.tally.rounds.values())} {kind}", flush=True)
        self._check(batch, kind, {f: c for f, c in finished.items() if f not in torn}, n_started)

    def _await_end(self, batch: Batch, codes: set[int], n_commands: int) -> None:
        for command in batch.commands[n_commands:]:
            try:
                code = command.wait(ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                self._complain(batch, "the command did not end")
                command.kill()
                code = command.wait()
            if code not in codes:
                self._complain(batch, f"exit code {code}")

    def _check(self, batch: Batch, kind: str, finished: dict[FitId, bytes], n_started: int) -> None:
        """Hold the invariants against what is there."""
        deadline = time.monotonic() + GONE_WITHIN_S
        while (left := batch.processes()) and time.monotonic() < deadline:
            time.sleep(0.05)
        now = batch.files()
        lost = sum(now.get(path) != content for path, content in finished.items())
        started = batch.read_diary()[n_started:]
        again = [fit for fit in started if fit in finished]
        if kind == "second runner":
            again += [fit for fit, n in Counter(started).items() if n > 1]
        states = batch.survey()
        done = {
            FitId(fit.names[0], fit.seed, fit.fold) for fit in states.fits if fit.state == "done"
        }
        false = sum(fit.state == "running" for fit in states.fits) + (done != set(batch.table()))
        self.tally.orphans += len(left)
        self.tally.lost += lost
        self.tally.twice += len(again)
        self.tally.false_states += false
        if "Traceback" in batch.words():
            self._complain(batch, "a traceback")
        if left or again or lost or false:
            self._complain(batch, f"{kind}: processes {left}, again {again}, lost {lost}, {false}")

    def _complain(self, batch: Batch, what: str) -> None:
        self.tally.wrong.append(f"{batch.folder}: {what}")
        print(self.tally.wrong[-1], flush=True)


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Mount a small file system on ``folder``, where that is allowed; yield whether it was."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", DISK, "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def run_drill(folder: Path, rounds: int, seed: int) -> Tally:
    """Run a drill of so many rounds in an empty folder."""
    with small_disk(folder / "disk") as mounted:
        if not mounted:
            print("No small file system can be mounted here: the full disk is left out.")
        faults = {kind: f for kind, f in FAULTS.items() if mounted or kind != "disk full"}
        return Drill(folder, seed, faults).run(rounds)


def main() -> None:
    """Run the drill from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="drill-"))
    tally = run_drill(folder, options.rounds, options.seed)
    print(tally)
    for text in tally.wrong:
        print(text)
    if not tally.is_clean:
        sys.exit(1)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
