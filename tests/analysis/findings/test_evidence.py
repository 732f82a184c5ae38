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
    small = make_trials(metric=range(12), params={"a": [1, 2] * 6})
    assert gather_evidence(small).ranked_tables == ()
    assert len(gather_evidence(small, n_top=3).ranked_tables) == 1


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
