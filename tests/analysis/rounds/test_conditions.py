"""Scores are compared on one metric, the same rows and the same label alone."""

from dataclasses import replace
from typing import Any

import pytest

from analysis.rounds.conditions import compare_grounds
from analysis.rounds.round import Round
from tests.analysis.rounds.conftest import MakeRounds
from trial_sets.task import Metric


def change(one: Round, data: dict[str, Any] | None = None, **info: Any) -> Round:
    """Return a round whose run.json says something else."""
    assert one.run is not None
    said = one.run.info.model_copy(update=info)
    said = said.model_copy(update={"data": said.data.model_copy(update=data or {})})
    return replace(one, run=replace(one.run, info=said))


def test_the_same_rows_metric_and_label_are_compared(make_rounds: MakeRounds) -> None:
    ground = compare_grounds(*make_rounds())
    assert (ground.is_comparable, ground.changes, ground.assumed) == (True, (), ())


def test_other_rows_labels_and_metrics_are_obstacles(make_rounds: MakeRounds) -> None:
    one, other = make_rounds()
    assert other.run is not None
    data = other.run.info.data
    shorter = data.splits["validation"].model_copy(update={"rows": 599})
    cases = {
        "the data are others (sp500 against sp500)": change(other, {"fingerprint": "0" * 64}),
        "the validation rows are 600, 2015-01-02 to 2016-12-30 against 599, 2015-01-02 to "
        "2016-12-30": change(other, {"splits": {**data.splits, "validation": shorter}}),
        "the label is rises against falls": change(other, {"label": "falls"}),
        "the metric is AUC (maximized) against log loss (minimized)": replace(
            other,
            frame=replace(
                other.frame, metric="val_log_loss", title="log loss", direction="minimize"
            ),
        ),
        "other tools' results do not tell their rows": replace(other, run=None),
    }
    for said, later in cases.items():
        assert compare_grounds(one, later).obstacles == (said,)


def test_what_else_differs_is_said_and_no_obstacle(make_rounds: MakeRounds) -> None:
    one, other = make_rounds()
    ground = compare_grounds(one, change(other, overrides={"epochs": 3}, training_version=2))
    assert ground.is_comparable
    assert ground.changes == (
        "version of the training 1, then 2",
        "epochs as the study says, then 3",
    )


@pytest.mark.parametrize(("trainer", "is_comparable"), [("a.py:train", True), ("b.py:f", False)])
def test_a_trainer_with_data_of_its_own_is_taken_on_trust(
    make_rounds: MakeRounds, trainer: str, *, is_comparable: bool
) -> None:
    metric = Metric(name="auc", direction="maximize")
    one, other = (
        change(
            round_,
            trainer=name,
            study=round_.run.info.study.model_copy(update={"task": "none", "metric": metric}),
        )
        for round_, name in zip(make_rounds(), ("a.py:train", trainer), strict=True)
        if round_.run is not None
    )
    ground = compare_grounds(one, other)
    assert ground.is_comparable is is_comparable
    assert ground.assumed[0].endswith("is taken on trust")
