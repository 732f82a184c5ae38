"""Work that says when it was done, and by which process: the same for every queue."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

# What trains. The first that imports it waits for the others, so that no queue is charged for the
# start of its workers; a worker that takes the place of another waits for nobody.
TRAINER = '''"""Sleeps, and writes down when."""

import os
import time
from pathlib import Path

HERE = Path(__file__).parent
WORKERS, SECONDS = {workers}, {seconds}


def note(what, number):
    with (HERE / "diary").open("a") as file:
        file.write(f"{{what}} {{number}} {{os.getpid()}} {{time.time()}}\\n")


def wait():
    (HERE / "ready" / str(os.getpid())).touch()
    end = time.monotonic() + 60
    while len(list((HERE / "ready").iterdir())) < WORKERS and time.monotonic() < end:
        time.sleep(0.01)


wait()


def train(configuration, data, context):
    note("begin", configuration["number"])
    if SECONDS:
        time.sleep(SECONDS)
    note("end", configuration["number"])
    return {{"score": 0.5}}
'''


class Note(NamedTuple):
    """A line of the diary."""

    what: str  # begin or end
    number: int  # of the fit
    pid: int  # of the worker
    at: float  # seconds since 1970


def write_work(folder: Path, fits: int, workers: int, seconds: float) -> Path:
    """Write trainer and study of so many fits; return the trainer's file.

    Parameters
    ----------
    folder
        Where they go, and the diary.
    fits, workers
        How many there are.
    seconds
        That each fit sleeps.
    """
    (folder / "ready").mkdir(parents=True)
    (folder / "diary").touch()
    study = folder / "sleep"
    study.mkdir()
    number = {"type": "int", "low": 0, "high": fits}
    head = {
        "title": "Sleep",
        "task": "none",
        "metric": {"name": "score", "direction": "maximize"},
        "rope": 0.01,
        "seeds": [0],
        "parameters": {"number": number},
        "base": {"number": fits},
    }
    trials = {f"A{n + 1}": {"number": n} for n in range(fits)}
    (study / "study.json").write_text(json.dumps(head))
    (study / "A.json").write_text(json.dumps({"title": "Sleep", "trials": trials}))
    trainer = folder / "queue_trainer.py"
    trainer.write_text(TRAINER.format(workers=workers, seconds=seconds))
    return trainer


@dataclass(frozen=True, slots=True)
class Diary:
    """What the workers have written down."""

    notes: tuple[Note, ...]

    @classmethod
    def read(cls, folder: Path) -> "Diary":
        """Read the diary of a folder; a line that is still being written does not count."""
        text = (folder / "diary").read_text()
        lines = (line.split() for line in text[: text.rfind("\n") + 1].splitlines())
        return cls(tuple(Note(what, int(n), int(pid), float(at)) for what, n, pid, at in lines))

    def list_times(self, what: str) -> list[float]:
        """Return when fits were begun, or ended, in order."""
        return sorted(note.at for note in self.notes if note.what == what)

    def count_repeated(self, what: str) -> int:
        """Return how many fits were begun, or ended, more than once."""
        counts = Counter(note.number for note in self.notes if note.what == what)
        return sum(count > 1 for count in counts.values())

    def find_busy(self) -> list[int]:
        """Return the workers that have begun a fit and not ended it, the last to begin last."""
        ended = {(note.number, note.pid) for note in self.notes if note.what == "end"}
        begun = [note for note in self.notes if note.what == "begin"]
        return [note.pid for note in begun if (note.number, note.pid) not in ended]
