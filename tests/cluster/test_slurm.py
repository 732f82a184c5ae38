"""On a real Slurm: runners are killed, put back and ended in time, and every fit is there once."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.slurm_machine import SlurmMachine
from tests.drill.batch import write_drill_study

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

ROOT = Path(__file__).resolve().parent.parent.parent
TRAINER = Path(__file__).with_name("cluster_trainer.py")
N_TRIALS, N_SEEDS = 60, 2
N_FITS = N_TRIALS * N_SEEDS
QUEUED, ENDED = {"PENDING"}, {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT"}


@dataclass
class Campaign:
    """A batch that Slurm runs, in a folder whose name Slurm and a shell may mistake."""

    slurm: SlurmMachine
    folder: Path

    def __post_init__(self) -> None:
        write_drill_study(self.folder / "drill", N_TRIALS)
        self.diary.touch()

    @property
    def diary(self) -> Path:
        return self.folder / "diary"

    def call(self, *options: str) -> dict[str, Any]:
        """Return what the command prints as JSON."""
        done = subprocess.run(
            [sys.executable, "-m", "scripts.run_supplementary", "--study", "drill", "--set", "A",
             "--seeds", str(N_SEEDS), "--trainer", f"{TRAINER}:train", "--device", "cpu",
             "--no-baselines", "--json", *options],
            cwd=self.folder, capture_output=True, text=True, check=False,
            env={**self.slurm.variables, "PYTHONPATH": str(ROOT), "CLUSTER_DIARY": str(self.diary)},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def check_status(self) -> dict[str, Any]:
        """Return what ``--status`` says, once it is what Slurm and the records say."""
        for _ in range(20):
            before, n_flushed = self.slurm.list_states(), len(self.list_flushed())
            status = self.call("--status")
            if self.slurm.list_states() == before:
                break
        else:
            pytest.fail("Slurm's queue does not hold still")
        n_done, n_records = status["counts"].get("done", 0), len(self.list_records())
        assert n_flushed <= n_done <= n_records
        n_runners = sum(word == "RUNNING" for word in before.values())
        assert status["counts"].get("running", 0) <= n_runners + n_records - n_done
        for job in status["queue"]["jobs"]:
            words = [word for name, word in before.items() if name.split("_")[0] == job["job"]]
            assert job["counts"] == Counter(map(tell_state, words)), (before, job)
        assert status["queue"]["note"] == ""
        return status

    def list_records(self) -> list[Path]:
        return [*self.folder.glob("outputs/drill/*/A*/seed-*/record.json")]

    def list_flushed(self) -> list[Path]:
        """Return the records whose claims are gone; until then a disk may yet lose them."""
        fits = [record.parent for record in self.list_records()]
        return [fit for fit in fits if not any(fit.parent.glob(f".{fit.name}.claim-*"))]

    def read_diary(self, event: str) -> list[list[str]]:
        """Return fit, task and runner of each line that tells of an event."""
        lines = [line.split() for line in self.diary.read_text().splitlines()]
        return [rest for first, *rest in lines if first == event]

    def log(self, name: str) -> str:
        return (self.folder / "outputs" / "_slurm" / name).read_text()


def tell_state(word: str) -> str:
    return "queued" if word in QUEUED else "ended" if word in ENDED else "running"


def await_that(is_so: Callable[[], bool], patience_s: float = 60.0) -> None:
    end = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.2)


def test_a_batch_outlives_what_a_cluster_does_to_it(slurm: SlurmMachine, tmp_path: Path) -> None:
    campaign = Campaign(slurm, tmp_path / "o %x #'q")
    first = campaign.call("--slurm", "2", "--sbatch", "--time=3 --job-name='a \"name\"'")
    job, report = first["job"], first["report_job"]
    states = slurm.list_states
    await_that(lambda: {line[1] for line in campaign.read_diary("ends")} == {"0", "1"})
    assert sum(campaign.check_status()["counts"].values()) == N_FITS

    # The kernel ends a runner, as when memory is short: Slurm calls its task failed.
    n_begun = len(campaign.read_diary("begins"))
    await_that(lambda: any(line[1] == "0" for line in campaign.read_diary("begins")[n_begun:]))
    time.sleep(0.8)  # in the middle: what has ended just before is filed by now
    mine = [line for line in campaign.read_diary("begins") if line[1] == "0"]
    os.kill(int(mine[-1][2]), signal.SIGKILL)
    await_that(lambda: states()[f"{job}_0"] == "FAILED")
    campaign.check_status()

    # A person, or a job that comes first, puts the other back into the queue.
    slurm.call("scontrol", "requeue", f"{job}_1")
    await_that(lambda: states()[f"{job}_1"] == "PENDING")
    waiting = campaign.check_status()
    assert waiting["queue"]["jobs"][1]["waits_for"] == ["Dependency"]
    await_that(lambda: states()[f"{job}_1"] == "RUNNING", 200)
    n_begun = len(campaign.read_diary("begins"))
    await_that(lambda: len(campaign.read_diary("begins")) > n_begun + 2)
    campaign.check_status()

    # A minute and more before its three are over Slurm asks it to end.
    await_that(lambda: states()[f"{job}_1"] in ENDED, 240)
    assert "ExitCode=143:0" in slurm.call("scontrol", "show", "job", f"{job}_1")
    assert "Terminated; finished fits are kept" in campaign.log(f"{job}_1.log")
    await_that(lambda: states()[report] in ENDED)
    assert "fits are not there" in campaign.log(f"{report}_report.log")
    stopped = campaign.check_status()
    n_done = stopped["counts"]["done"]
    assert 0 < n_done < N_FITS
    assert "running" not in stopped["counts"]

    campaign.diary.with_name("hurry").touch()
    second = campaign.call("--slurm", "2", "--sbatch", "--time=10")
    await_that(lambda: states()[second["report_job"]] in ENDED, 300)
    assert states()[second["report_job"]] == "COMPLETED", campaign.log(
        f"{second['report_job']}_report.log"
    )
    final = campaign.check_status()
    assert final["counts"] == {"done": N_FITS}
    assert [job["counts"] for job in final["queue"]["jobs"]] == [{"ended": 2}, {"ended": 1}]
    assert [*campaign.folder.glob("outputs/drill/*/report.md")]

    ended = {line[0] for line in campaign.read_diary("ends")}
    assert len(ended) == len(campaign.list_records()) == N_FITS
    n_interrupted = 3  # a kill, a requeue, a limit: each ends one runner, which has one worker
    assert len(campaign.read_diary("begins")) <= N_FITS + n_interrupted
    left = [path.name for path in campaign.folder.glob("outputs/drill/*/A*/*")]
    assert {name for name in left if not name.startswith("seed-") or "." in name} == set()
