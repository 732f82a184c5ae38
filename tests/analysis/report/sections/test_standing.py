"""All trials by their means, where no predictions are kept."""

from dataclasses import replace

from analysis.report.sections.standing import describe_leader, tabulate_means
from analysis.report.yardstick import Yardstick
from tests.analysis.conftest import MakeTrials
from trial_sets.task import Metric

ERROR = Yardstick.of(Metric(name="rmse", direction="minimize"), 0.5)


def test_the_lowest_mean_of_an_error_stands_first(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[55.0, 57.0, 50.0], params={"a": [1, 1, 2]}, seed=[0, 1, 0],
                        name="val_rmse", direction="minimize")  # fmt: skip
    frame = replace(frame, rows=frame.rows.assign(trial=["A1", "A1", "A2"]))
    rows = [line.split("|")[1:-1] for line in tabulate_means(frame, ERROR).splitlines()[2:]]
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["A2", "50.00", "-", "1"],
        ["A1", "56.00", "1.41", "2"],
    ]
    assert describe_leader(frame, ERROR) == (
        "Best trial: A2, mean validation RMSE 50.00; 2 configurations, 1 seed."
    )


def test_without_a_finished_trial_there_is_nothing_to_rank(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.7], params={"a": [1]}, state=["failed"])
    assert (tabulate_means(frame, Yardstick()), describe_leader(frame, Yardstick())) == ("", "")
