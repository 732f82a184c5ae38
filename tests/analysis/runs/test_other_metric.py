"""A run is judged by another metric than its study's, at a ROPE of its own, or it is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.runs.other_metric import find_metric
from analysis.runs.run import Run, read_run
from analysis.statistics.comparisons.contrast import Contrast
from analysis.verdicts.candidate import weigh_candidate
from analysis.verdicts.checklist import ChecklistRow
from analysis.verdicts.run_cases import judge_run
from analysis.verdicts.verdict import ROWS_LEFT_OUT, ClaimTest, Verdict
from tests.analysis.synthetic import (
    N_ROWS,
    Scores,
    claim,
    make_labels,
    make_study,
    measure_metric,
    write_run,
)
from trial_sets.errors import InputError

SEEDS = (0, 1, 2)
A1_BEATS_A2 = claim("A1 beats A2", ["A1"], ["A2"])


def read(tmp_path: Path, labels: Any, scores: Scores, *claims: dict[str, Any]) -> Run:
    study = make_study(tmp_path / "tiny", list(claims) or [A1_BEATS_A2])
    return read_run(write_run(tmp_path / "outputs", study, labels, scores))


def contrast_of(row: ChecklistRow) -> Contrast:
    assert isinstance(row.case.test, ClaimTest)
    (contrast,) = row.case.test.inference.contrasts
    return contrast


def test_another_metric_of_the_task_is_judged_on_its_rows_and_confirms_nothing(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    labels = make_labels(rng)
    scores = {
        (name, seed): gain * (labels - 0.5) + rng.normal(size=N_ROWS)
        for name, gain in {"A1": 4.0, "A2": 0.2}.items()
        for seed in SEEDS
    }
    run = read(tmp_path, labels, scores, A1_BEATS_A2, {**A1_BEATS_A2, "by": 0.02})
    metric = find_metric(run, "val_log_loss")
    with pytest.raises(InputError, match="--metric log_loss needs --rope, in units of log loss"):
        judge_run(run, metric=metric)
    with pytest.raises(InputError, match=r"the study's, 0\.005, is in units of AUC"):
        weigh_candidate(run, metric=metric)
    first, second = judge_run(run, 0.01, metric=metric).rows
    gaps = [
        measure_metric("log_loss", labels, scores["A2", s].astype(np.float32))
        - measure_metric("log_loss", labels, scores["A1", s].astype(np.float32))
        for s in SEEDS
    ]
    assert contrast_of(first).estimate == pytest.approx(np.mean(gaps), rel=1e-6)
    assert contrast_of(first).nu == 12
    assert first.judgement.otherwise is Verdict.CONFIRMED
    assert first.judgement.verdict is Verdict.POST_HOC
    assert first.judgement.reasons == ("the study's claims are about AUC",)
    assert second.judgement.reasons[0] == "its margin is in units of AUC"
    assert weigh_candidate(run, 0.01, metric=metric).scores[0] == pytest.approx(
        np.mean([measure_metric("log_loss", labels, scores["A1", s]) for s in SEEDS]), rel=1e-6
    )


def test_another_metric_that_is_a_number_alone_is_judged_over_seeds(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    labels = make_labels(rng)
    scores = {(n, s): labels + rng.normal(size=N_ROWS) for n in ("A1", "A2") for s in SEEDS}
    run = read(tmp_path, labels, scores)
    metric = find_metric(run, "val_max_probability", "minimize")
    (row,) = judge_run(run, 0.1, metric=metric).rows
    assert not contrast_of(row).rows_counted
    assert ROWS_LEFT_OUT in row.judgement.reasons


@pytest.mark.parametrize(
    ("name", "direction", "message"),
    [
        ("val_los", None, r"run data-00000000 has no val_los; did you mean log_loss"),
        ("log_loss", "maximize", "--direction maximize, expected minimize"),
        ("val_auc", "minimize", "--direction minimize, expected maximize"),
        ("val_max_probability", None, "say --direction maximize or --direction minimize"),
    ],
)
def test_a_metric_that_cannot_be_judged_is_refused(
    tmp_path: Path, rng: np.random.Generator, name: str, direction: Any, message: str
) -> None:
    labels = make_labels(rng)
    run = read(tmp_path, labels, {("A1", 0): labels + rng.normal(size=N_ROWS)})
    with pytest.raises(InputError, match=message):
        find_metric(run, name, direction)
