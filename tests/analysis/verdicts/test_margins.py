"""Margins and values stand in units of the estimate."""

import math
from typing import Any

import pytest

from analysis.verdicts.margins import bound_of, margin_of, scale_value
from trial_sets.claim import Claim
from trial_sets.claims.binding import BoundClaim
from trial_sets.task import AUC, Metric

RMSE = Metric(name="rmse", direction="minimize")
COST: dict[str, Any] = {"better": ("A1",), "than": ("A2",), "metric": "seconds", "by": 0.1}


def bind(claim: Claim, study_metric: Metric = AUC) -> BoundClaim:
    return BoundClaim(claim, "A", (), (), study_metric)


@pytest.mark.parametrize(("metric", "value"), [(AUC, 0.7), (RMSE, -0.7)])
def test_the_study_s_metric_has_its_own_direction(metric: Metric, value: float) -> None:
    claim = Claim.model_validate({"better": ("A1",), "than": ("A2",), "by": 0.1})
    assert scale_value(bind(claim, metric), 0.7) == value
    assert margin_of(claim) == 0.1


def test_of_a_cost_less_is_better() -> None:
    claim = Claim.model_validate(COST)
    assert scale_value(bind(claim), 30.0) == -30.0
    assert margin_of(claim) == 0.1


def test_a_tenth_less_is_a_ratio_of_nine_tenths() -> None:
    claim = Claim.model_validate({**COST, "ratio": True})
    gain = scale_value(bind(claim), 27.0) - scale_value(bind(claim), 30.0)
    assert gain == pytest.approx(margin_of(claim))
    assert math.isnan(scale_value(bind(claim), 0.0))


def test_a_tenth_more_is_a_ratio_of_eleven_tenths() -> None:
    claim = Claim.model_validate({**COST, "metric": "val_accuracy", "ratio": True})
    gain = scale_value(bind(claim), 0.66) - scale_value(bind(claim), 0.60)
    assert gain == pytest.approx(margin_of(claim))


def test_equality_of_a_ratio_is_within_a_share() -> None:
    told: dict[str, Any] = {"equal": ("A1", "A2"), "within": 0.1, "metric": "seconds"}
    assert bound_of(Claim.model_validate(told)) == 0.1
    ratio = bound_of(Claim.model_validate({**told, "ratio": True}))
    assert ratio == pytest.approx(math.log(1.1))
