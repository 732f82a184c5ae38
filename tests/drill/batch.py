"""A batch under drill: its command, its processes, and what it leaves on the disk."""

import hashlib
import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from runner.summaries.status import StatusSummary, survey
from tests.conftest import TINY_STUDY
from tests.processes import list_marked
from trial_sets.records.fit_id import FitId

ROOT = Path(__file__).resolve().parent.parent.parent
TRAINER = Path(__file__).with_name("drill_trainer.py")
MARK = "SUPPLEMENTARY_TRIALS_DRILL"
TIMEOUT_S, HANG_S = 10.0, 5.0

Table = dict[FitId, str]  # a digest of each complete fit's results


def write_drill_study(folder: Path, n_trials: int) -> None:
    """Write a study of one set, without a control, whose trials differ in their dropout."""
    folder.mkdir(parents=True)
    trials = {f"A{i}": {"dropout": i / 100} for i in range(1, n_trials + 1)}
    (folder / "study.json").write_text(json.dumps({**TINY_STUDY, "controls": {}}))
    (folder / "A.json").write_text(json.dumps({"title": "Drill", "trials": trials}))


@dataclass(slots=True)
class Batch:
    """One outputs folder, filled by one command after another."""

    folder: Path  # of the study and the diary
    output: Path
    built_in: bool  # the project's own trainer, or that of the drill
    n_trials: int = 16
    folds: int = 1
    launch: str = ""  # the prefix of its workers, if they are started through one
    commands: list[subprocess.Popen[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        write_drill_study(self.folder / "drill", self.n_trials)
        self.diary.touch()

    @property
    def diary(self) -> Path:
        """Where the trainer says what it starts."""
        return self.folder / "diary"

    def plan(self) -> Plan:
        """Return the plan as a reader beside the batch makes it."""
        return make_plan(
            Request(
                study=str(self.folder / "drill"),
                sets=("A",),
                seeds=2,
                folds=self.folds,
                trainer=None if self.built_in else f"{TRAINER}:train",
                output=self.output,
                device="cpu",
            )
        )

    def start(self, within: Sequence[str] = ()) -> subprocess.Popen[str]:
        """Start the command and wait until its first fit runs, or it has ended.

        Parameters
        ----------
        within
            Words that start a command in namespaces or as a user of its own.
        """
        command = [*within, sys.executable, "-m", "scripts.run_supplementary"]
        own = [] if self.built_in else ["--trainer", f"{TRAINER}:train"]
        options = ["--study", self.folder / "drill", "--set", "A", "--seeds", 2, "--device", "cpu"]
        options += ["--folds", self.folds]
        if self.launch:
            options += ["--launch", f"{self.launch} env {self._mark()}"]
        limits = ["--timeout", TIMEOUT_S if not self.built_in else 600, "--hang-after", HANG_S]
        log = self.folder / f"log-{len(self.commands)}"
        with log.open("w") as file:
            process = subprocess.Popen(
                [*command, *map(str, [*options, *own]),
                 *map(str, limits), "--no-baselines", "--jobs", "2", "--output", str(self.output)],
                cwd=ROOT, stdout=file, stderr=file, text=True,
                env={**os.environ, MARK: str(self.folder), "DRILL_DIARY": str(self.diary)},
            )  # fmt: skip
        self.commands.append(process)
        while process.poll() is None and "started on cpu" not in log.read_text():
            time.sleep(0.02)
        return process

    def _mark(self) -> str:
        """Return what far processes are known by: an environment does not get there by itself."""
        told = {MARK: str(self.folder), "DRILL_DIARY": str(self.diary)}
        told |= {name: os.environ[name] for name in ("DRILL_EPOCH_S",) if name in os.environ}
        return shlex.join(f"{name}={value}" for name, value in told.items())

    def words(self) -> str:
        """Return all that the commands have said."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("log-*")))

    def processes(self) -> list[int]:
        """Return the live processes of this batch."""
        return list_marked(f"{MARK}={self.folder}")

    def workers(self) -> list[int]:
        """Return the live worker processes."""
        parents = {command.pid for command in self.commands}
        return [pid for pid in self.processes() if pid not in parents]

    def read_diary(self) -> list[FitId]:
        """Return the fits that were started, in order."""
        lines = (line.split() for line in self.diary.read_text().splitlines())
        return [
            FitId(f"A{round(100 * float(dropout))}", int(seed), int(fold) or None)
            for dropout, seed, fold in lines
        ]

    def survey(self) -> StatusSummary:
        """Return what ``--status`` shows."""
        return survey(self.plan())

    def table(self) -> Table:
        """Return the results of the complete fits, bit for bit."""
        plan = self.plan()
        return {
            planned.fit.id: hashlib.sha256(
                repr(
                    (
                        r.metrics,
                        [p.val_metric for p in r.curve],
                        r.predictions_sha256,
                        r.names,
                        r.key,
                    )
                ).encode()
            ).hexdigest()
            for planned in plan.fits
            if (r := plan.folder.read_record(*planned.fit.id)) is not None
            and r.status == "complete"
        }

    def files(self) -> dict[FitId, bytes]:
        """Return the records of complete fits as they lie on the disk."""
        plan = self.plan()
        return {
            p.fit.id: (plan.folder.fit(*p.fit.id) / "record.json").read_bytes()
            for p in plan.fits
            if p.record is not None and p.record.status == "complete"
        }
