"""Which metric the verdicts are on."""

from analysis.report.sections.judged_metric import note_judged_metric
from tests.analysis.conftest import MakeTrials


def test_nothing_is_said_of_one_metric(make_trials: MakeTrials) -> None:
    assert note_judged_metric(make_trials(metric=[1], params={"a": [1]}, name="val_auc")) == ""


def test_both_metrics_are_named_with_the_direction(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[1], params={"a": [1]}, name="val_rmse", direction="minimize")
    assert note_judged_metric(frame) == (
        "The verdicts, the candidate and the baselines are on the validation AUC (val_auc); the "
        "trends, findings and next steps are on val_rmse (minimized), as asked."
    )
