"""Runners that take the looks of a plan together come to what one alone comes to."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TRIALS = {"A1": {"x": 2.0}, "A2": {"x": 1.01}, "A3": {"x": 1.15}}
TRAINER = """
import time
from pathlib import Path

import numpy as np


def train(configuration, data, context):
    with Path(__file__).with_name("diary").open("a") as diary:
        diary.write(f"{configuration['x']} {context.seed}\\n")
    time.sleep(0.2)
    rng = np.random.default_rng([int(100 * configuration["x"]), context.seed])
    signs = 2 * data.labels[data.val_rows] - 1
    context.save_predictions(configuration["x"] * signs + 2 * rng.normal(size=len(signs)))
"""
pytestmark = pytest.mark.slow


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with a study of three claims, one of which is decided at the first look."""
    study = tmp_path / "study"
    study.mkdir()
    head = {
        "title": "Looks", "task": "binary", "metric": {"name": "auc", "direction": "maximize"},
        "rope": 0.01, "seeds": list(range(10)), "base": {"x": 1.0}, "controls": {"K": {}},
        "parameters": {"x": {"type": "float", "low": 0, "high": 9}},
    }  # fmt: skip
    claims = [{"better": [name], "than": ["K"]} for name in TRIALS]
    one = {"title": "x", "control": "K", "trials": TRIALS, "expectations": claims}
    (study / "study.json").write_text(json.dumps(head))
    (study / "A.json").write_text(json.dumps(one))
    (tmp_path / "trainer.py").write_text(TRAINER)
    return tmp_path


def start(place: Path, output: str) -> "subprocess.Popen[bytes]":
    options = ["--study", "study", "--set", "all", "--trainer", "trainer.py:train", "--jobs", "1"]
    options += ["--device", "cpu", "--no-baselines", "--until-decided", "--no-futility"]
    return subprocess.Popen(
        [sys.executable, "-m", "scripts.run_supplementary", *options, "--output", output],
        cwd=place, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def read_looks(ledger: Path) -> list[dict[str, Any]]:
    lines = map(json.loads, ledger.read_text().splitlines())
    kept = [line for line in lines if line["kind"] in {"look", "stop"}]
    return [{k: v for k, v in line.items() if k not in {"time", "previous"}} for line in kept]


def test_three_runners_one_of_which_is_killed_enter_the_looks_of_one(place: Path) -> None:
    assert start(place, "alone").wait(300) == 0
    diary = place / "diary"
    alone = diary.read_text().splitlines()
    diary.write_text("")
    runners = [start(place, "shared") for _ in range(3)]
    while len(diary.read_text().splitlines()) < 12:  # in the second look
        time.sleep(0.05)
    runners[0].kill()
    assert [runner.wait(300) for runner in runners] == [-9, 0, 0]
    shared = diary.read_text().splitlines()
    assert set(shared) == set(alone)
    assert len(shared) <= len(alone) + 2  # what the killed one ran, and had not filed yet
    assert len(read_looks(place / "alone" / "claims.jsonl")) == 12
    assert read_looks(place / "shared" / "claims.jsonl") == read_looks(
        place / "alone" / "claims.jsonl"
    )
