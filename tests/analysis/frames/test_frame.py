from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.findings.evidence import gather_evidence
from analysis.findings.rules import find
from analysis.frames.copies import merge_copies
from analysis.frames.frame import STANDARD, Space, TrialFrame, make_frame, pool_frames
from analysis.trends.importance import measure_importances
from tests.analysis.conftest import MakeTrials
from trial_sets.errors import InputError


def single(value: float, file: str, **changes: Any) -> TrialFrame:
    rows = pd.DataFrame({"metric": [value], "file": [file], "lr": [0.1]})
    return make_frame(rows, ["lr"], **({"metric": "val_auc", "direction": "maximize"} | changes))


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


def test_pooling_keeps_the_file_and_numbers_configurations_anew() -> None:
    pooled = pool_frames([single(0.7, "a.json"), single(0.8, "b.json")])
    assert list(pooled.rows["file"]) == ["a.json", "b.json"]
    assert pooled.rows["configuration"].nunique() == 1


def test_pooling_widens_the_declared_ranges() -> None:
    spaces = [{"lr": Space(0.1, 1, is_log=True)}, {"lr": Space(0.01, 0.5, is_log=False)}]
    frames = [single(0.7, f"{n}.json", spaces=space) for n, space in enumerate(spaces)]
    assert pool_frames(frames).spaces == {"lr": Space(0.01, 1, is_log=True)}


def test_files_that_disagree_on_the_direction_are_refused() -> None:
    frames = [single(0.7, "a.json"), single(0.1, "b.json", metric="loss", direction="minimize")]
    with pytest.raises(InputError, match=r"a.json maximizes val_auc, b.json minimizes loss"):
        pool_frames(frames)


def test_an_assumed_direction_gives_way_to_a_recorded_one() -> None:
    assumed = single(0.7, "a.csv", metric="value", is_direction_known=False)
    recorded = single(0.1, "b.db", metric="value", direction="minimize")
    assert pool_frames([assumed, recorded]).direction == "minimize"


def test_files_with_different_metrics_are_refused() -> None:
    with pytest.raises(InputError, match=r"val_auc in a.json, f1 in b.json"):
        pool_frames([single(0.7, "a.json"), single(0.1, "b.json", metric="f1")])


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
    find(gather_evidence(frame))
    measure_importances(frame, rng)
    assert sorted(merges) == [(), ("tier",)]
    assert frame.finished is frame.finished
    assert frame.configured is frame.configured
    assert frame.varying is frame.varying
