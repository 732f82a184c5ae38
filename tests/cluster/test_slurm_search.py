"""On a real Slurm: two runners share a search, and its report follows them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cluster.slurm_machine import SlurmMachine
from tests.cluster.test_slurm import ENDED, ROOT, await_that

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

STUDY = {
    "title": "A parabola", "task": "none", "metric": {"name": "loss", "direction": "minimize"},
    "rope": 0.001, "seeds": [0], "parameters": {"x": {"type": "float", "low": -5, "high": 5}},
    "base": {"x": 0},
}  # fmt: skip
TRAINER = """
import os, time

def train(configuration, data, context):
    time.sleep(0.5)
    with open("diary", "a") as file:
        file.write(f"{os.environ['SLURM_ARRAY_TASK_ID']} {configuration['x']}\\n")
    return {"loss": configuration["x"] ** 2 - configuration["x"] + 1}
"""


def call(slurm: SlurmMachine, folder: Path, *options: str) -> str:
    """Return what the search prints."""
    done = subprocess.run(
        [sys.executable, "-m", "scripts.run_search", "--study", "parabola", "--trials", "24",
         "--trainer", "parabola.py:train", "--device", "cpu", "--json", *options],
        cwd=folder, capture_output=True, text=True, check=False,
        env={**slurm.variables, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_two_runners_share_a_search(slurm: SlurmMachine, tmp_path: Path) -> None:
    (tmp_path / "parabola").mkdir()
    (tmp_path / "parabola" / "study.json").write_text(json.dumps(STUDY))
    (tmp_path / "parabola.py").write_text(TRAINER)
    said = json.loads(call(slurm, tmp_path, "--slurm", "2"))
    await_that(lambda: slurm.list_states()[said["report_job"]] in ENDED, 300)
    log = tmp_path / "outputs" / "_slurm" / f"{said['report_job']}_report.log"
    assert slurm.list_states()[said["report_job"]] == "COMPLETED", log.read_text()
    standing = json.loads(call(slurm, tmp_path, "--status"))
    assert standing["counts"] == {"complete": 24}
    assert [job["counts"] for job in standing["queue"]["jobs"]] == [{"ended": 2}, {"ended": 1}]
    tasks = [line.split()[0] for line in (tmp_path / "diary").read_text().splitlines()]
    assert len(tasks) == 24
    assert set(tasks) == {"0", "1"}
    assert [*tmp_path.glob("outputs/parabola/*/_search-search/report.md")]
