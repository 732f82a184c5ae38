"""A run with folds read back: one fit a trial and seed, which is the mean over its folds."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.runs.folded_predictions import FoldedPredictions
from analysis.runs.run import read_run
from analysis.runs.run_frame import frame_run
from analysis.statistics.metrics.folds import pool_folds
from analysis.verdicts.run_cases import judge_run
from analysis.verdicts.verdict import ClaimTest, Missing
from tests.analysis.synthetic import (
    Scores,
    add_epochs,
    claim,
    make_labels,
    make_study,
    measure_auc,
    prune_fit,
    write_run,
)
from trial_sets.errors import InputError
from trial_sets.records.record import Failure

N_FOLDS, SEEDS = 3, (0, 1)


@pytest.fixture
def labels() -> NDArray[np.int8]:
    return make_labels(np.random.default_rng(5))


@pytest.fixture
def scores(rng: np.random.Generator, labels: NDArray[np.int8]) -> Scores:
    skills = {"A1": 1.2, "A2": 0.6, "K": 0.5}
    return {
        (name, seed): skill * labels + rng.standard_normal(labels.size)
        for name, skill in skills.items()
        for seed in SEEDS
    }


def write(tmp_path: Path, labels: NDArray[np.int8], scores: Scores) -> Path:
    study = make_study(tmp_path / "tiny", [claim("A1 beats A2", ["A1"], ["A2"])], folds=N_FOLDS)
    return write_run(tmp_path / "outputs", study, labels, scores, n_folds=N_FOLDS)


def test_a_fit_is_the_mean_over_its_folds(
    tmp_path: Path, labels: NDArray[np.int8], scores: Scores
) -> None:
    run = read_run(write(tmp_path, labels, scores))
    assert (len(run.fits), len(run.records), run.notes) == (6, 18, ())
    fit = run.list_fits(run.info.study.find_trial("A1").configuration.key)[0]
    parts = np.array_split(np.arange(labels.size), N_FOLDS)
    aucs = [measure_auc(labels[rows], scores["A1", 0][rows]) for rows in parts]  # type: ignore[index]
    assert fit.score == pytest.approx(np.mean(aucs))
    assert (fit.record.seconds, fit.record.metrics["val_n"]) == (12.0, 600.0)
    assert isinstance(fit.predictions, FoldedPredictions)
    assert fit.predictions.estimate.values == pytest.approx(np.mean(aucs))
    assert fit.predictions.estimate.fold_rows == (200, 200, 200)


def test_a_claim_is_judged_on_all_folds_and_each_is_told(
    tmp_path: Path, labels: NDArray[np.int8], scores: Scores
) -> None:
    run = read_run(write(tmp_path, labels, scores))
    (row,) = judge_run(run).rows
    test = row.case.test
    assert isinstance(test, ClaimTest)
    (contrast,) = test.inference.contrasts
    sides = [
        np.mean([fit.score for fit in run.trained if fit.record.name == name])
        for name in ("A1", "A2")
    ]
    assert test.inference.estimate == pytest.approx(sides[0] - sides[1])
    assert np.mean(contrast.fold_estimates) == pytest.approx(contrast.estimate)
    assert len(contrast.fold_estimates) == N_FOLDS
    assert (contrast.n_rows, row.look and row.look.folds) == (600, N_FOLDS)


def test_scores_of_every_epoch_are_cross_fitted_within_folds(
    tmp_path: Path, labels: NDArray[np.int8], scores: Scores, rng: np.random.Generator
) -> None:
    folder = write(tmp_path, labels, scores)
    for fit in sorted(folder.glob("*/fold-*/seed-*")):
        add_epochs(fit, (1, 2, 3), {1: rng.standard_normal(200), 3: rng.standard_normal(200)})
    run = read_run(folder)
    (row,) = judge_run(run).rows
    test = row.case.test
    assert isinstance(test, ClaimTest)
    assert test.selected is not None
    assert not test.needs_last_epoch
    fits = [fit.predictions for fit in run.trained if fit.record.name == "A1"]
    for one in fits:
        assert isinstance(one, FoldedPredictions)
        crossed, alone = one.cross_fit(1), [fold.cross_fit(1) for fold in one.folds]
        assert crossed is not None
        pooled = pool_folds([fold for fold in alone if fold is not None])
        np.testing.assert_array_equal(crossed.influences, pooled.influences)
        assert one.measure_level(1) is not None


def test_a_fit_of_which_one_fold_was_pruned_is_pruned(
    tmp_path: Path, labels: NDArray[np.int8], scores: Scores
) -> None:
    folder = write(tmp_path, labels, scores)
    prune_fit(folder / "A2" / "fold-2" / "seed-1")
    run = read_run(folder)
    states = [(f.record.name, f.record.seed, f.state) for f in run.fits if f.state != "complete"]
    assert states == [("A2", 1, "pruned")]
    (fit,) = [fit for fit in run.fits if fit.state == "pruned"]
    assert (fit.predictions, [part.state for part in fit.parts]) == (
        None, ["complete", "pruned", "complete"],
    )  # fmt: skip
    (row,) = judge_run(run).rows
    assert isinstance(row.case.test, Missing)
    assert row.case.test.reasons == ("A2 seed 1 was pruned",)


def test_a_missing_fold_leaves_a_fit_incomplete_and_is_named(
    tmp_path: Path, labels: NDArray[np.int8], scores: Scores
) -> None:
    folder = write(tmp_path, labels, scores)
    (folder / "A2" / "fold-2" / "seed-1" / "record.json").unlink()
    run = read_run(folder)
    fit = run.list_fits(run.info.study.find_trial("A2").configuration.key)[1]
    assert (fit.is_complete, fit.state, fit.lacking) == (False, "incomplete", (2,))
    assert np.isnan(fit.score)
    (row,) = judge_run(run).rows
    assert row.case.test == Missing(("A2 seed 1 lacks fold 2",), can_be_run=True)
    assert frame_run(run).count_states() == {"complete": 5, "incomplete": 1}


def test_a_failed_fold_fails_the_fit(
    tmp_path: Path, labels: NDArray[np.int8], scores: Scores
) -> None:
    failed = Failure(kind="diverged", message="loss is nan")
    run = read_run(write(tmp_path, labels, {**scores, ("A2", 0): failed}))
    (row,) = judge_run(run).rows
    assert isinstance(row.case.test, Missing)
    assert row.case.test.reasons == ("A2 seed 0 failed (diverged: on fold 1: loss is nan)",)


def test_a_fold_that_is_struck_out_of_run_json_is_missed(
    tmp_path: Path, labels: NDArray[np.int8], scores: Scores
) -> None:
    folder = write(tmp_path, labels, scores)
    path = folder / "run.json"
    path.write_text(path.read_text().replace('"number":3', '"number":4'))
    with pytest.raises(InputError, match="fits are 1, 2, 4, and there is a record of A1"):
        read_run(folder)
    path.write_text(path.read_text().replace('"number":4', '"number":3'))
    info = json.loads(path.read_text())
    info["data"]["folds"][0] |= {"train": None, "validation": None, "dropped": "1 positive"}
    path.write_text(json.dumps(info))
    with pytest.raises(InputError, match="fits are 2, 3, and there is a record of A1 fold 1"):
        read_run(folder)


def test_the_frame_has_a_row_a_trial_and_seed(
    tmp_path: Path, labels: NDArray[np.int8], scores: Scores
) -> None:
    frame = frame_run(read_run(write(tmp_path, labels, scores)))
    assert len(frame.finished) == 6
    assert set(frame.finished["duration_s"]) == {12.0}
    assert set(frame.finished["epochs_run"]) == {3.0}
