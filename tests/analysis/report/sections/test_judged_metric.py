"""Which metric the verdicts are on."""

from analysis.report.sections.judged_metric import note_judged_metric
from trial_sets.task import AUC, Metric


def test_nothing_is_said_of_one_metric() -> None:
    assert note_judged_metric(AUC, AUC) == ""


def test_both_metrics_are_named_with_the_direction() -> None:
    loss = Metric(name="log_loss", direction="minimize")
    assert note_judged_metric(AUC, loss) == (
        "Verdicts, candidate, baselines, trends and findings are on the validation log loss "
        "(minimized), as asked. The claims, and the choice of every epoch, are of AUC, so that "
        "none is confirmed."
    )
