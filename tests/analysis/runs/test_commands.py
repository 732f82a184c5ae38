"""The commands that complete a run are those that add to just this run."""

import json
from pathlib import Path

import numpy as np
import pytest

from analysis.runs.commands import count_seeds_up_to, write_command, write_test_command
from analysis.runs.run import read_run
from tests.analysis.synthetic import make_labels, make_study, write_run
from trial_sets.records.request import DataRequest, RunRequest


@pytest.fixture
def folder(tmp_path: Path, rng: np.random.Generator) -> Path:
    study = make_study(tmp_path / "tiny", [])
    return write_run(tmp_path / "out puts", study, make_labels(rng), {("A1", 0): 0.7})


def test_sets_bring_their_control_along(folder: Path) -> None:
    found = write_command(read_run(folder), ["A1", "K"], 2)
    output = f"'{folder.parent.parent}'"
    rule = "--threshold 0.01 --horizon 1 --direction up"
    assert found == (
        f"run_supplementary --set A --seeds 2 --study FOLDER/tiny {rule} AND-ITS-OTHER-OPTIONS "
        f"--output {output}"
    )


def test_a_control_alone_is_named_as_a_trial(folder: Path) -> None:
    assert "--trial K --seeds 1" in write_command(read_run(folder), ["K"], 1)


def test_a_run_from_before_its_request_was_kept_says_what_it_knows(folder: Path) -> None:
    path = folder / "run.json"
    content = json.loads(path.read_text())
    content |= {"overrides": {"epochs": 3}, "trainer": "mine.py:train", "precision": "bf16"}
    content["data"] |= {"name": "SPY_daily", "tier": "a100"}
    path.write_text(json.dumps(content))
    found = write_test_command(read_run(folder), "A1")
    assert found.startswith("run_supplementary --evaluate-test A1 --study FOLDER/tiny --data")
    assert "--data FOLDER/SPY_daily.csv --tier a100 --threshold 0.01 --horizon 1" in found
    assert "--precision bf16 AND-ITS-OTHER-OPTIONS --output" in found


def test_the_tier_of_a_table_of_ones_own_is_no_option(folder: Path) -> None:
    path = folder / "run.json"
    content = json.loads(path.read_text())
    content["data"] |= {"name": "table", "tier": "own"}
    path.write_text(json.dumps(content))
    assert "--tier" not in write_test_command(read_run(folder), "A1")


def test_a_run_that_keeps_its_request_is_asked_for_in_its_words(folder: Path) -> None:
    path = folder / "run.json"
    asked = RunRequest(
        sets_file="my sets.py:SECOND",
        data=DataRequest(path=Path("d/prices.csv"), threshold=0.02, val_start="2015-01-01"),
        precision="bf16",
    )
    content = json.loads(path.read_text()) | {"request": asked.model_dump(mode="json")}
    path.write_text(json.dumps(content))
    assert (
        "--trials 'my sets.py:SECOND' --data d/prices.csv --threshold 0.02 --val-start 2015-01-01 "
        "--precision bf16" in write_command(read_run(folder), ["A1"], 1)
    )


@pytest.mark.parametrize(("seeds", "expected"), [((), 1), ((0,), 1), ((2, 0), 3), ((7,), 1)])
def test_seeds_are_counted_in_the_order_of_the_study(
    folder: Path, seeds: tuple[int, ...], expected: int
) -> None:
    assert count_seeds_up_to(read_run(folder).info.study, seeds) == expected
