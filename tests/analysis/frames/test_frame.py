from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from analysis.findings.evidence import gather_evidence
from analysis.findings.rules import find
from analysis.frames.copies import merge_copies
from analysis.frames.frame import STANDARD
from analysis.trends.importance import measure_importances
from tests.analysis.conftest import MakeTrials


def test_every_standard_column_is_there(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.7], params={"dropout": [0.1]})
    assert set(STANDARD) <= set(frame.rows.columns)


def test_only_complete_rows_with_a_finite_metric_are_finished(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[0.7, 0.6, np.nan, np.inf, 1e200],
        params={"lr": [1, 2, 3, 4, 5]},
        state=["complete", "pruned", None, None, None],
    )
    assert list(frame.finished["metric"]) == [0.7]
    assert frame.count_states() == {"not finite": 3, "complete": 1, "pruned": 1}


def test_equal_hyperparameters_are_one_configuration(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[1, 2, 3, 4], params={"lr": [0.1, 0.1, 0.1, None], "opt": ["a", "a", "b", "a"]}
    )
    assert list(frame.rows["configuration"]) == [0, 0, 1, 2]


def test_baselines_are_told_apart_by_name(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[1, 2, 3], params={"lr": [None, None, 1.0]})
    assert frame.rows["configuration"].nunique() == 3
    assert list(frame.configured["metric"]) == [3]


def test_a_loss_has_a_negative_sign(make_trials: MakeTrials) -> None:
    assert make_trials(metric=[1], params={"a": [1]}, direction="minimize").sign == -1


@pytest.mark.parametrize(
    ("metric", "label"),
    [("val_auc", "AUC"), ("roc-auc", "AUC"), ("value", "objective"), ("auprc", "auprc")],
)
def test_any_roc_auc_is_labelled_so(make_trials: MakeTrials, metric: str, label: str) -> None:
    assert make_trials(metric=[1], params={"a": [1]}, name=metric).metric_label == label


def test_constant_hyperparameters_do_not_vary(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[1, 2], params={"a": [1, 1], "b": [1, 2], "c": [None, 2]})
    assert frame.varying == ("b",)


def test_levels_of_an_origin_sort_naturally(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[1, 2], params={"a": [1, 2]}, budget=["20M", "2M"])
    assert frame.list_levels("budget") == ("2M", "20M")


def test_what_is_read_off_the_rows_is_computed_once(
    make_trials: MakeTrials, monkeypatch: pytest.MonkeyPatch
) -> None:
    merges: list[tuple[str, ...]] = []

    def merge(rows: pd.DataFrame, params: Sequence[str], origins: Sequence[str]) -> pd.DataFrame:
        merges.append(tuple(origins))
        return merge_copies(rows, params, origins)

    monkeypatch.setattr("analysis.frames.frame.merge_copies", merge)
    rng = np.random.default_rng(0)
    params = {name: rng.uniform(size=40) for name in "abc"}
    frame = make_trials(metric=rng.uniform(size=40), params=params, tier=["a50", "a100"] * 20)
    evidence = gather_evidence(frame)
    find(evidence)
    measure_importances(frame, evidence.tables)
    assert sorted(merges) == [(), ("tier",)]
    assert frame.finished is frame.finished
    assert frame.configured is frame.configured
    assert frame.varying is frame.varying
