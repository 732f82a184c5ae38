"""Trials with the same seeds on the same rows stand in one table."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from analysis.runs.run import Run, read_run
from analysis.runs.score_table import gather_scores
from analysis.runs.scoring import Scoring
from tests.analysis.synthetic import Scores, make_labels, make_study, write_run


@pytest.fixture
def labels(rng: np.random.Generator) -> NDArray[np.int8]:
    return make_labels(rng, 60)


def read(tmp_path: Path, labels: NDArray[np.int8], scores: Scores) -> Run:
    return read_run(write_run(tmp_path / "outputs", make_study(tmp_path / "t", []), labels, scores))


def draw(
    rng: np.random.Generator, labels: NDArray[np.int8], seeds: dict[str, tuple[int, ...]]
) -> dict[tuple[str, int], NDArray[np.float64]]:
    return {
        (name, seed): rng.normal(size=len(labels))
        for name, those in seeds.items()
        for seed in those
    }


def test_the_table_holds_every_fits_scores_and_auc(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    scores = draw(rng, labels, {"A1": (0, 1), "A2": (1, 0)})
    table = gather_scores(read(tmp_path, labels, scores).fits)
    assert table is not None
    assert (table.names, table.seeds, table.left_out) == (("A1", "A2"), (0, 1), ())
    aucs = table.estimate(1, Scoring.SELECTED)
    assert aucs is not None
    for trial, name in enumerate(table.names):
        for place, seed in enumerate(table.seeds):
            expected = scores[name, seed].astype(np.float32)
            np.testing.assert_array_equal(table.predictions[trial][place].scores, expected)
            auc = roc_auc_score(labels, expected)
            assert aucs.values[trial, place] == pytest.approx(auc, abs=1e-12)


def test_the_most_common_seeds_are_compared_and_the_others_named(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    scores = draw(rng, labels, {"A1": (0, 1), "A2": (0, 1), "A3": (0, 1, 2), "A4": (0,)})
    table = gather_scores(read(tmp_path, labels, scores).fits)
    assert table is not None
    assert (table.names, table.seeds) == (("A1", "A2", "A3"), (0, 1))
    assert table.left_out == ("A4",)


def test_a_trial_that_must_be_there_brings_its_seeds(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    run = read(tmp_path, labels, draw(rng, labels, {"A1": (0, 1), "A2": (0, 1), "K": (0,)}))
    key = run.info.study.find_trial("K").configuration.key
    table = gather_scores(run.fits, always=key)
    assert table is not None
    assert (table.names, table.seeds) == (("A1", "A2", "K"), (0,))


def test_without_predictions_there_is_no_table(tmp_path: Path, labels: NDArray[np.int8]) -> None:
    assert gather_scores(read(tmp_path, labels, {("A1", 0): 0.7}).fits) is None


@pytest.mark.parametrize(("n_positive", "is_scorable"), [(1, False), (2, True), (59, False)])
def test_both_classes_need_two_rows(
    tmp_path: Path, rng: np.random.Generator, n_positive: int, is_scorable: bool
) -> None:
    labels = (np.arange(60) < n_positive).astype(np.int8)
    table = gather_scores(read(tmp_path, labels, draw(rng, labels, {"A1": (0,)})).fits)
    assert table is not None
    assert (table.estimate(1, Scoring.SELECTED) is not None) is is_scorable


def test_where_trials_were_stopped_the_seeds_are_those_of_the_most(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    seeds = {"A1": (0, 1), "A2": (0, 1, 2, 3), "A3": (0, 1, 2, 3, 4), "K": (0, 1, 2, 3, 4)}
    run = read(tmp_path, labels, draw(rng, labels, seeds))
    usual, staged = (gather_scores(run.fits, is_staged=one) for one in (False, True))
    assert usual is not None
    assert staged is not None
    assert (usual.seeds, usual.left_out) == ((0, 1, 2, 3, 4), ("A1", "A2"))
    assert (staged.seeds, staged.left_out) == ((0, 1), ())
    key = next(fit.record.key for fit in run.fits if fit.record.name == "A1")
    beside = gather_scores(run.fits, always=key, is_staged=True)
    assert beside is not None
    assert beside.seeds == (0, 1)
