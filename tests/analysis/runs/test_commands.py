"""The commands that complete a run are those that add to just this run."""

import json
from pathlib import Path

import numpy as np
import pytest

from analysis.runs.commands import count_seeds_up_to, write_command, write_test_command
from analysis.runs.run import read_run
from tests.analysis.synthetic import make_labels, make_study, write_run


@pytest.fixture
def folder(tmp_path: Path, rng: np.random.Generator) -> Path:
    study = make_study(tmp_path / "tiny", [])
    return write_run(tmp_path / "out puts", study, make_labels(rng), {("A1", 0): 0.7})


def test_sets_bring_their_control_along(folder: Path) -> None:
    found = write_command(read_run(folder), ["A1", "K"], 2)
    output = f"'{folder.parent.parent}'"
    assert found == f"run_supplementary --set A --seeds 2 --study FOLDER/tiny --output {output}"


def test_a_control_alone_is_named_as_a_trial(folder: Path) -> None:
    assert "--trial K --seeds 1" in write_command(read_run(folder), ["K"], 1)


def test_what_makes_the_run_another_one_is_named(folder: Path) -> None:
    path = folder / "run.json"
    content = json.loads(path.read_text())
    content |= {"overrides": {"epochs": 3}, "trainer": "mine.py:train"}
    content["data"] |= {"name": "SPY_daily", "tier": "a100"}
    path.write_text(json.dumps(content))
    found = write_test_command(read_run(folder), "A1")
    assert found.startswith("run_supplementary --evaluate-test A1 --study FOLDER/tiny")
    assert "--data FOLDER/SPY_daily.csv --tier a100 --epochs 3 --trainer mine.py:train" in found


@pytest.mark.parametrize(("seeds", "expected"), [((), 1), ((0,), 1), ((2, 0), 3), ((7,), 1)])
def test_seeds_are_counted_in_the_order_of_the_study(
    folder: Path, seeds: tuple[int, ...], expected: int
) -> None:
    assert count_seeds_up_to(read_run(folder).info.study, seeds) == expected
