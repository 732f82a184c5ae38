import pytest

from analysis.findings.evidence import describe_trial, gather_evidence
from tests.analysis.conftest import MakeTrials


def test_the_best_configuration_has_the_best_mean_not_the_best_row(
    make_trials: MakeTrials,
) -> None:
    frame = make_trials(metric=[0.9, 0.1, 0.6, 0.6], params={"a": [1, 1, 2, 2]}, seed=[0, 1, 0, 1])
    evidence = gather_evidence(frame)
    assert evidence.best_row["a"] == 1
    assert evidence.best_configuration["a"] == 2


def test_the_best_loss_is_the_smallest(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.9, 0.1], params={"a": [1, 2]}, direction="minimize", name="loss")
    assert gather_evidence(frame).best_row["a"] == 2


def test_only_an_auc_has_a_default_rope(make_trials: MakeTrials) -> None:
    params = {"a": [1, 2]}
    assert gather_evidence(make_trials(metric=[1, 2], params=params)).rope == 0.005
    loss = make_trials(metric=[1, 2], params=params, name="loss")
    assert gather_evidence(loss).rope is None
    assert gather_evidence(loss, rope=0.1).rope == 0.1


def test_a_ranking_needs_a_top_of_three(make_trials: MakeTrials) -> None:
    small = make_trials(metric=range(14), params={"a": [1, 2] * 7, "b": range(14)})
    assert [table.n_merged_top for table in gather_evidence(small).tables] == [3, 3]
    assert len(gather_evidence(small).ranked_tables) == 2
    assert gather_evidence(small, n_top=2).ranked_tables == ()
    copies = make_trials(metric=range(12), params={"a": [1, 2] * 6})
    assert gather_evidence(copies, n_top=3).ranked_tables == ()


def test_the_count_of_configurations_is_that_of_every_table(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[1, 2, 3, 4], params={"a": [1, 1, 2, 2], "b": [1, 1, 1, 2]})
    evidence = gather_evidence(frame)
    assert evidence.n_configurations == 3
    assert {table.n_configurations for table in evidence.tables} == {3}
    assert {table.adjusted.n for table in evidence.tables} == {3}


def test_an_aucs_error_needs_its_rows(make_trials: MakeTrials) -> None:
    rows = {"metric": [0.72, 0.72], "params": {"a": [1, 2]}}
    counted = gather_evidence(make_trials(**rows, positives=76, negatives=346))
    assert counted.auc_error == pytest.approx(0.035, abs=0.0005)  # Hanley and McNeil
    assert gather_evidence(make_trials(**rows)).auc_error is None
    loss = make_trials(**rows, name="loss", positives=76, negatives=346)
    assert gather_evidence(loss).auc_error is None


@pytest.mark.parametrize(
    ("standard", "name"),
    [
        ({}, "trial T0"),
        ({"seed": [1, 2]}, "trial T0, seed 1"),
        ({"file": ["a.json", "b.json"]}, "trial T0 of a.json"),
    ],
)
def test_trials_are_named_by_what_tells_them_apart(
    make_trials: MakeTrials, standard: dict[str, list[object]], name: str
) -> None:
    frame = make_trials(metric=[1, 2], params={"a": [1, 2]}, **standard)
    assert describe_trial(frame, frame.rows.iloc[0]) == name


def test_a_hostile_name_stays_on_one_short_line(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[1], params={"a": [1]})
    row = frame.rows.iloc[0].copy()
    row["trial"] = "x\ny" * 1000
    assert "\n" not in describe_trial(frame, row)
    assert len(describe_trial(frame, row)) < 80
