"""A claim's sentence says what is judged."""

import json
from typing import Any

import pytest

from trial_sets.claim import Claim
from trial_sets.claims.sentence import write_sentence
from trial_sets.task import AUC, Metric


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ({"better": ["A1"], "than": ["B1"]}, "A1 beats B1"),
        ({"better": ["A2"], "than": ["A1", "A3"]}, "A2 beats each of A1 and A3"),
        (
            {"better": ["A3", "A4"], "than": ["A1", "A2"], "sides": "mean", "by": 0.01},
            "the mean of A3 and A4 beats the mean of A1 and A2 by at least 0.01",
        ),
        ({"better": ["A1"], "than": ["B1"], "sides": "mean"}, "A1 beats B1"),
        ({"any_of": ["A1", "A2", "A3"], "than": ["T5"]}, "any of A1, A2 or A3 beats T5"),
        ({"equal": ["A1", "A2"], "within": 0.01}, "A1 and A2 are equal within 0.01"),
        ({"rises_with": "dropout", "up_to": 0.5}, "AUC rises with dropout up to 0.5"),
        (
            {"falls_with": "dropout", "among": ["A1", "A2", "A3"]},
            "AUC falls with dropout, among A1, A2 and A3",
        ),
        (
            {"better": ["A1"], "than": ["B1"], "metric": "seconds", "ratio": True, "by": 0.1},
            "in seconds (less is better), A1 beats B1 by at least 10 %",
        ),
        (
            {"falls_with": "d_model", "metric": "seconds", "ratio": True, "by": 0.1},
            "in seconds (less is better), the trials get worse with d_model by at least 10 %",
        ),
        (
            {"equal": ["A1", "B1"], "within": 0.2, "metric": "val_log_loss"},
            "in val_log_loss (less is better), A1 and B1 are equal within 0.2",
        ),
        (
            {
                "better": ["A1"],
                "than": ["B1"],
                "metric": "profit",
                "direction": "maximize",
                "by": 2,
            },
            "in profit, A1 beats B1 by at least 2",
        ),
    ],
)
def test_each_form_is_said(claim: dict[str, Any], sentence: str) -> None:
    assert write_sentence(Claim.model_validate_json(json.dumps(claim)), AUC) == sentence


def test_a_trend_of_a_loss_gets_better_and_does_not_rise() -> None:
    rmse = Metric(name="rmse", direction="minimize")
    claim = Claim(rises_with="depth")
    assert write_sentence(claim, rmse) == "RMSE gets better with depth"
