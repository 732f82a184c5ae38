"""Wherever a search is cut off, it goes on as if it had not been."""

import shutil
from pathlib import Path
from random import Random

import pytest

from runner.search.planning import plan_search
from tests.runner.search.conftest import ask_for, run, tell, write_study
from trial_sets.records.search_info import SAMPLERS

PARAMETERS = {
    "x": {"type": "float", "low": -5, "high": 5},
    "learning_rate": {"type": "float", "low": 1e-4, "high": 1e-1, "log": True},
    "kind": {"choices": ["a", "b"]},
    "units": {"type": "int", "low": 1, "high": 9},
}
STEPPED = {
    **PARAMETERS,
    "x": {"type": "float", "low": -5, "high": 5, "step": 2.5},
    "learning_rate": {"choices": [0.001, 0.01]},
}
CURVES = """def train(configuration, data, context):
    x, bonus = configuration["x"], configuration["kind"] == "a"
    loss = x * x - x + 1 + bonus + 0.1 * configuration["units"]
    for epoch in range(1, 14):
        context.report_epoch(val_metric=loss + 3.0 / epoch, train_loss=1.0 / (1 + 0.001 * epoch))
    return {"loss": loss}
"""
N_TRIALS = 26
CUTS = 3


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("pruner", ["none", "median"])
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_journal_cut_off_anywhere_leads_to_the_same_trials(
    sampler: str, pruner: str, tmp_path: Path
) -> None:
    """All that a killed runner leaves is a part of the journal, and of the records."""
    if sampler == "manual" and pruner != "none":
        pytest.skip("the manual protocol has no pruner")
    parameters = STEPPED if sampler == "grid" else PARAMETERS
    study = write_study(tmp_path / "whole", parameters, {"x": 2.5}, code=CURVES)
    asked = ask_for(study, sampler=sampler, pruner=pruner, trials=N_TRIALS, seed=5)
    plan = plan_search(asked)
    whole = tell(run(plan))
    lines = plan.folder.journal.read_bytes().splitlines(keepends=True)
    rng = Random(f"{sampler} {pruner}")
    for _ in range(CUTS):
        cut = rng.randrange(len(lines))
        _keep_head(
            plan.folder.path, lines, cut, torn=rng.random() < 0.5, recorded=rng.random() < 0.5
        )
        assert tell(run(asked)) == whole, f"cut after line {cut} of {len(lines)}"


def _keep_head(
    run_folder: Path, lines: list[bytes], cut: int, *, torn: bool, recorded: bool
) -> None:
    """Leave so many lines of a search's journal, and the records of the trials that ended."""
    (folder,) = run_folder.glob("_search-*")
    head = b"".join(lines[:cut])
    tail = lines[cut][: len(lines[cut]) // 2] if torn else b""
    (folder / "optuna.journal").write_bytes(head + tail)
    ended = {
        int(line.split(b'"trial_id":')[1].split(b",")[0].split(b"}")[0])
        for line in lines[:cut]
        if b'"op_code":6' in line
    }
    begun = sum(b'"op_code":4' in line for line in lines[:cut])
    for trial in folder.glob("trial-*"):
        number = int(trial.name[-5:])
        is_last = recorded and number == begun - 1
        if number not in ended and not is_last:
            shutil.rmtree(trial)
