"""The candidate is weighed against its control, the baselines and the test period."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from analysis.runs.run import read_run
from analysis.statistics.metrics.estimators import estimate_metric
from analysis.statistics.metrics.metric import MetricEstimate
from analysis.verdicts.candidate import Candidate, weigh_candidate
from analysis.verdicts.run_cases import judge_run
from analysis.verdicts.verdict import ClaimTest
from tests.analysis.scored import contrast_scores
from tests.analysis.synthetic import (
    claim,
    make_labels,
    make_study,
    measure_auc,
    write_fit,
    write_look,
    write_run,
)
from trial_sets.records.layout import TEST_FOLDER

SEEDS = (0, 1, 2)


@pytest.fixture
def labels(rng: np.random.Generator) -> NDArray[np.int8]:
    return make_labels(rng)


def write(
    tmp_path: Path,
    rng: np.random.Generator,
    labels: NDArray[np.int8],
    gains: dict[str, float],
    baseline: float = 0.0,
) -> Path:
    common = rng.normal(size=len(labels))
    scores: dict[tuple[str, int], NDArray[np.float64]] = {
        (name, seed): gain * labels + common + rng.normal(size=len(labels))
        for name, gain in gains.items()
        for seed in SEEDS
    }
    scores["logistic", 0] = baseline * labels + rng.normal(size=len(labels))
    study = make_study(tmp_path / "tiny", [claim("A1 beats A2", ["A1"], ["A2"])])
    return write_run(tmp_path / "outputs", study, labels, scores)


def weigh(folder: Path) -> Candidate:
    return weigh_candidate(read_run(folder))


def test_a_clear_winner_is_a_candidate(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    found = weigh(write(tmp_path, rng, labels, {"A1": 4.0, "A2": 0.5, "K": 0.5}))
    assert found.against is not None
    assert (found.against.best, found.against.control) == ("A1", "K")
    assert found.against.challenge.is_candidate
    assert found.best_name == "A1"
    assert found.confidence_set is not None
    assert [found.names[i] for i in found.confidence_set.members] == ["A1"]


def test_the_means_are_over_seeds(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    folder = write(tmp_path, rng, labels, {"A1": 1.0, "K": 0.5})
    fits = read_run(folder).trained
    mean = np.mean([fit.score for fit in fits if fit.record.name == "A1"])
    found = weigh(folder)
    assert found.scores[found.names.index("A1")] == pytest.approx(mean, abs=1e-12)


def test_without_the_control_there_is_no_candidate(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    found = weigh(write(tmp_path, rng, labels, {"A1": 2.0, "A2": 0.5}))
    assert found.against is None
    assert found.best_name == "A1"


def test_a_baseline_is_compared_on_the_same_rows(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    found = weigh(write(tmp_path, rng, labels, {"A1": 0.5, "K": 0.5}, baseline=6.0))
    (rival,) = found.rivals
    assert rival.name == "logistic"
    assert rival.contrast is not None
    assert rival.contrast.high < 0


def test_a_trial_that_lacks_a_seed_is_left_out(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    folder = write(tmp_path, rng, labels, {"A1": 1.0, "A2": 1.0, "K": 0.5})
    (folder / "A2" / "seed-1" / "record.json").unlink()
    found = weigh(folder)
    assert (found.names, found.left_out) == (("A1", "K"), ("A2",))


def test_a_look_at_the_test_period_is_reported_with_its_contrast(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    folder = write(tmp_path, rng, labels, {"A1": 2.0, "K": 0.5})
    study = read_run(folder).info.study
    scores = {
        (name, seed): gain * labels + rng.normal(size=len(labels))
        for name, gain in {"A1": 2.0, "K": 0.5}.items()
        for seed in SEEDS
    }
    for (name, seed), result in scores.items():
        write_fit(folder / TEST_FOLDER, study, labels, name, seed, result, split="test")
    baseline = 1.0 * labels + rng.normal(size=len(labels))
    write_fit(folder / TEST_FOLDER, study, labels, "logistic", 0, baseline, split="test")
    write_look(tmp_path / "outputs", study, "A1", SEEDS)
    found = weigh(folder)
    (test,) = found.tests
    (rival,) = test.rivals
    trial = np.stack([[scores["A1", seed].astype(np.float32) for seed in SEEDS]])
    repeated = np.stack([[baseline.astype(np.float32)] * len(SEEDS)])
    assert rival.contrast == contrast_scores(labels, trial, repeated, horizon_rows=1)
    assert (rival.name, rival.score) == ("logistic", measure_auc(labels, baseline))
    stacks = [
        np.stack([[scores[name, seed].astype(np.float32) for seed in SEEDS]])
        for name in ("A1", "K")
    ]
    assert test.contrast == contrast_scores(labels, *stacks, horizon_rows=1)
    assert (test.trial, test.control, test.n_seeds, len(found.looks)) == ("A1", "K", 3, 1)


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        ("2015-06-01", "2017-06-01", 1),
        ("2014-01-01", "2015-01-02", 1),
        ("2017-01-02", "2018-01-01", 0),
    ],
)
def test_a_look_that_shares_days_with_the_period_counts(
    tmp_path: Path,
    rng: np.random.Generator,
    labels: NDArray[np.int8],
    first: str,
    last: str,
    count: int,
) -> None:
    folder = write(tmp_path, rng, labels, {"A1": 2.0, "K": 0.5})
    write_look(tmp_path / "outputs", read_run(folder).info.study, "A1", SEEDS)
    ledger = tmp_path / "outputs" / "test-looks.json"
    text = ledger.read_text().replace("2015-01-02", first).replace("2016-12-30", last)
    ledger.write_text(text)
    assert len(read_run(folder).looks) == count


def test_a_fit_is_ranked_once_for_all_that_it_is_compared_with(
    tmp_path: Path,
    rng: np.random.Generator,
    labels: NDArray[np.int8],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Twice for a trained fit: at its selected and at its last epoch."""
    folder = write(tmp_path, rng, labels, {"A1": 1.0, "A2": 0.8, "A3": 0.6, "K": 0.5})
    shapes: list[tuple[int, ...]] = []

    def count(name: str, labels: ArrayLike, scores: ArrayLike) -> MetricEstimate:
        shapes.append(np.shape(scores))
        return estimate_metric(name, labels, scores)

    monkeypatch.setattr("analysis.runs.predictions.estimate_metric", count)
    run = read_run(folder)
    found, checklist = weigh_candidate(run), judge_run(run)
    assert found.against is not None
    assert found.maximum is not None
    assert found.rivals[0].contrast is not None
    test = checklist.rows[0].case.test
    assert isinstance(test, ClaimTest)
    assert test.last_epoch is not None
    selected, last = 4 * len(SEEDS) + 1, 4 * len(SEEDS)
    assert shapes == [labels.shape] * (selected + last)
