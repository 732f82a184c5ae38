"""The grammar of claims: one form each, and what goes with it."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from trial_sets.claim import Claim, ClaimForm

FORMS = {
    ClaimForm.BEATS: {"better": ["A1"], "than": ["A2"]},
    ClaimForm.ANY: {"any_of": ["A1", "A2"], "than": ["K"]},
    ClaimForm.EQUAL: {"equal": ["A1", "A2"], "within": 0.01},
    ClaimForm.RISES: {"rises_with": "dropout", "up_to": 0.5},
    ClaimForm.FALLS: {"falls_with": "dropout"},
}


def read(claim: dict[str, Any]) -> Claim:
    return Claim.model_validate_json(json.dumps(claim))


@pytest.mark.parametrize("form", ClaimForm)
def test_every_form_survives_the_file(form: ClaimForm) -> None:
    claim = read(FORMS[form])
    assert claim.form is form
    assert Claim.model_validate_json(claim.model_dump_json(by_alias=True)) == claim


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ({}, "needs one of better, any_of, equal, rises_with and falls_with; got none of them"),
        ({**FORMS[ClaimForm.BEATS], "any_of": ["A3"]}, "got better and any_of"),
        ({**FORMS[ClaimForm.RISES], "falls_with": "dropout"}, "got rises_with and falls_with"),
        ({"better": ["A1"]}, "better needs than"),
        ({"equal": ["A1", "A2"]}, "equal needs within"),
        ({**FORMS[ClaimForm.EQUAL], "than": ["K"]}, "than does not go with equal"),
        ({**FORMS[ClaimForm.EQUAL], "by": 0.1}, "by does not go with equal"),
        ({**FORMS[ClaimForm.BEATS], "within": 0.1}, "within does not go with better"),
        ({**FORMS[ClaimForm.BEATS], "up_to": 0.1}, "up_to does not go with better"),
        ({**FORMS[ClaimForm.BEATS], "among": ["A1"]}, "among does not go with better"),
        ({**FORMS[ClaimForm.ANY], "sides": "mean"}, "sides goes with better, not with any_of"),
        ({**FORMS[ClaimForm.ANY], "than": ["K", "L"]}, "any_of beats one trial; than names 2"),
        (
            {**FORMS[ClaimForm.BEATS], "ratio": True},
            "ratio goes with another metric than the study",
        ),
        ({**FORMS[ClaimForm.BEATS], "direction": "minimize"}, "direction goes with another metric"),
        ({**FORMS[ClaimForm.BEATS], "metric": "churn", "by": 1}, "more or less churn is better"),
    ],
)
def test_what_does_not_go_together_is_named(claim: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        read(claim)


@pytest.mark.parametrize(
    ("metric", "direction", "is_less_better"),
    [
        ("auc", None, False),
        ("val_loss", None, True),
        ("seconds", None, True),
        ("n_parameters", None, True),
        ("profit", "minimize", True),
        ("seconds", "maximize", False),
    ],
)
def test_the_direction_follows_the_name_unless_it_is_said(
    metric: str, direction: str | None, is_less_better: bool
) -> None:
    more = {} if metric == "auc" else {"metric": metric, "by": 1, "direction": direction}
    assert read({**FORMS[ClaimForm.BEATS], **more}).is_less_better is is_less_better
