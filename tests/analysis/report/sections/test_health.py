"""How training went and what it took."""

from typing import Any

import pytest

from analysis.report.sections.health import (
    describe_best,
    render_cost,
    render_health,
)
from analysis.runs.run import Run
from analysis.runs.run_frame import frame_run
from tests.analysis.conftest import MakeTrials


@pytest.mark.parametrize(
    ("columns", "fact"),
    [
        ({"state": ["complete", "complete", "failed"]}, "3 fits: 2 complete and 1 failed."),
        ({"epochs_run": [3, 5, 10]}, "Epochs: 3 to 10, median 5."),
        (
            {"epochs_run": [3, 5, 10], "stopped_early": [True, True, False]},
            "Epochs: 3 to 10, median 5; 2 of 3 stopped early.",
        ),
        (
            {"prediction_low": [0.1, 0.1, 0.1], "prediction_high": [0.29, 0.31, 0.9]},
            "Predicted probabilities span 0.19 to 0.80; 1 of 3 span less than 0.2 (collapse).",
        ),
        (
            {"train_metric": [0.7, 0.9, 0.7]},
            "Training less validation AUC: +0.2000 in the median.",
        ),
    ],
)
def test_each_fact_is_said_where_it_is_known(
    make_trials: MakeTrials, columns: dict[str, list[Any]], fact: str
) -> None:
    frame = make_trials(metric=[0.5, 0.5, 0.6], params={"a": [1, 2, 3]}, **columns)
    facts = render_health(frame).splitlines()
    assert f"- {fact}" in facts
    assert len(facts) == 1 + ("state" not in columns)


def test_a_run_has_a_row_a_trial_and_its_failures(run: Run) -> None:
    text = render_health(frame_run(run), run)
    rows = {
        cells[0]: cells[1:]
        for line in text.splitlines()
        if line.startswith("| ") and (cells := [cell.strip() for cell in line.split("|")[1:-1]])
    }
    assert rows["A1"][:4] == ["2 of 2", "3 3", "2 2", "2"]
    assert rows["A4"] == ["0 of 1", "-", "-", "0", "-"]
    assert text.endswith("Failed fits:\n\n- A4 seed 0: diverged, loss is \\|nan\\|")


def test_costs_are_in_all_the_median_and_the_most(run: Run) -> None:
    assert render_cost(frame_run(run), run) == (
        "32 s of training in 8 fits: 4 s in the median, 4 s at most. Device: cpu."
    )


def test_no_duration_is_no_cost(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.5], params={"a": [1]}, duration_s=[-1.0])
    assert render_cost(frame) == "No durations are recorded."


def test_the_best_is_the_smallest_loss(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[0.9, 0.1], params={"a": [1, 2]}, direction="minimize", name="val_loss"
    )
    assert describe_best(frame) == "trial T1, val_loss 0.1000"
