"""Claims are judged on their study's metric, its direction, and what was saved of it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import t as student

from analysis.runs.folded_predictions import FoldedPredictions
from analysis.runs.run import Run, read_run
from analysis.statistics.comparisons.contrast import Contrast, contrast_trials
from analysis.statistics.metrics.estimators import estimate_metric
from analysis.statistics.metrics.folds import pool_folds
from analysis.statistics.metrics.metric import stack_estimates
from analysis.verdicts.candidate import weigh_candidate
from analysis.verdicts.checklist import ChecklistRow
from analysis.verdicts.run_cases import judge_run
from analysis.verdicts.verdict import ROWS_LEFT_OUT, ClaimTest, Missing, Refutation, Verdict
from tests.analysis.synthetic import (
    N_ROWS,
    Scores,
    claim,
    make_study,
    measure_metric,
    write_fit,
    write_look,
    write_run,
)
from trial_sets.records.layout import TEST_FOLDER

SEEDS = (0, 1, 2)
A1_BEATS_A2 = claim("A1 beats A2", ["A1"], ["A2"])
REGRESSION: dict[str, Any] = {"task": "regression", "metric": {"name": "rmse"}, "rope": 0.01}
RANDOM: dict[str, Any] = {"split": {"kind": "random"}}
CLASSES: dict[str, Any] = {"task": "multiclass", "metric": {"name": "macro_f1"}, "rope": 0.01}
SCALAR: dict[str, Any] = {
    "task": "none",
    "metric": {"name": "wasted", "direction": "minimize"},
    "rope": 0.1,
}


def predict(
    rng: np.random.Generator, labels: NDArray[np.float64], noise: dict[str, float]
) -> dict[tuple[str, int], NDArray[np.float64]]:
    """Return values that miss numbers by so much; half of it is common to all fits."""
    common = rng.normal(size=len(labels))
    return {
        (name, seed): labels + size * (common + rng.normal(size=len(labels)))
        for name, size in noise.items()
        for seed in SEEDS
    }


def read(
    tmp_path: Path,
    labels: NDArray[Any],
    scores: Scores,
    told: dict[str, Any],
    *claims: dict[str, Any],
    **more: Any,
) -> Run:
    study = make_study(tmp_path / "tiny", list(claims) or [A1_BEATS_A2], **told)
    return read_run(write_run(tmp_path / "outputs", study, labels, scores, **more))


def judge(run: Run, **options: Any) -> ChecklistRow:
    return judge_run(run, **options).rows[0]


def get_test(row: ChecklistRow) -> ClaimTest:
    assert isinstance(row.case.test, ClaimTest), row.case.test
    return row.case.test


def contrast_of(row: ChecklistRow) -> Contrast:
    (contrast,) = get_test(row).inference.contrasts
    return contrast


@pytest.fixture
def numbers(rng: np.random.Generator) -> NDArray[np.float64]:
    return rng.normal(100, 5, size=N_ROWS)


def test_the_lower_rmse_wins(
    tmp_path: Path, rng: np.random.Generator, numbers: NDArray[np.float64]
) -> None:
    run = read(tmp_path, numbers, predict(rng, numbers, {"A1": 0.5, "A2": 1.0}), REGRESSION)
    assert run.notes == ()
    row = judge(run)
    assert row.judgement.verdict is Verdict.CONFIRMED
    keys = [run.info.study.find_trial(name).configuration.key for name in ("A1", "A2")]
    means = [np.mean([fit.score for fit in run.list_fits(key).values()]) for key in keys]
    assert row.case.observation is not None
    assert row.case.observation.difference == pytest.approx(means[1] - means[0])
    assert row.judgement.inference is not None
    assert row.judgement.inference.estimate == pytest.approx(means[1] - means[0])


def test_the_higher_rmse_is_refuted_as_reversed(
    tmp_path: Path, rng: np.random.Generator, numbers: NDArray[np.float64]
) -> None:
    row = judge(read(tmp_path, numbers, predict(rng, numbers, {"A1": 1, "A2": 0.5}), REGRESSION))
    assert row.judgement.refutation is Refutation.REVERSED


def test_a_regression_s_interval_is_that_computed_by_hand(
    tmp_path: Path, rng: np.random.Generator, numbers: NDArray[np.float64]
) -> None:
    """Of the mean squared error of rows without order: a paired t test over rows and seeds."""
    told = {"task": "regression", "metric": {"name": "mse"}, "rope": 0.01, **RANDOM}
    study = make_study(tmp_path / "tiny", [A1_BEATS_A2], **told)
    scores = predict(rng, numbers, {"A1": 0.9, "A2": 1.0})
    folder = tmp_path / "outputs"
    for key, values in scores.items():
        scores[key] = np.round(values, 3)
    run = read_run(write_run(folder, study, numbers, scores))
    losses = {key: (values - numbers) ** 2 for key, values in scores.items()}
    gains = np.array([losses["A2", seed] - losses["A1", seed] for seed in SEEDS])  # (S, N)
    rows, seeds = gains.mean(axis=0), gains.mean(axis=1)
    variance = rows.var(ddof=1) / N_ROWS
    within = ((gains - rows).var(axis=1, ddof=1) / N_ROWS).sum() / (3 * 2)
    error = np.sqrt(variance + max(0.0, seeds.var(ddof=1) / 3 - within))
    found = contrast_of(judge(run))
    assert found.estimate == pytest.approx(gains.mean())
    assert found.nu is None
    assert found.variance_rows == pytest.approx(variance)
    assert found.variance_interaction == pytest.approx(within)
    assert found.standard_error == pytest.approx(error)
    reach = student.ppf(0.975, found.df) * error
    assert (found.low, found.high) == pytest.approx((gains.mean() - reach, gains.mean() + reach))


def test_rows_without_order_have_no_autocorrelation(
    tmp_path: Path, rng: np.random.Generator, numbers: NDArray[np.float64]
) -> None:
    scores = predict(rng, numbers, {"A1": 0.9, "A2": 1.0})
    ordered = read(tmp_path / "one", numbers, scores, REGRESSION)
    free = read(tmp_path / "two", numbers, scores, {**REGRESSION, **RANDOM})
    assert (ordered.horizon_rows, free.horizon_rows) == (1, None)
    found = [contrast_of(judge(run)) for run in (ordered, free)]
    assert [one.nu for one in found] == [12, None]
    assert found[0].variance_rows >= found[1].variance_rows
    assert found[1].row_df == N_ROWS - 1


def test_the_rows_of_a_group_count_together(
    tmp_path: Path, rng: np.random.Generator, numbers: NDArray[np.float64]
) -> None:
    groups = rng.permutation(np.repeat(np.arange(N_ROWS // 6), 6)) * 7
    scores = predict(rng, numbers, {"A1": 0.9, "A2": 1.0})
    split = {"split": {"kind": "groups", "column": "shop"}}
    run = read(tmp_path, numbers, scores, {**REGRESSION, **split}, groups=groups)
    found = contrast_of(judge(run))
    assert found.n_rows == N_ROWS // 6
    expected = contrast_by_hand(numbers, scores, "rmse", groups)
    assert found.estimate == pytest.approx(expected.estimate)
    assert found.variance_rows == pytest.approx(expected.variance_rows)


def contrast_by_hand(
    labels: NDArray[Any], scores: Any, name: str, groups: NDArray[np.int64]
) -> Contrast:
    sides = [
        stack_estimates(
            [
                stack_estimates(
                    [estimate_metric(name, labels, scores[trial, s]).sum_by(groups) for s in SEEDS]
                )
            ]
        )
        for trial in ("A1", "A2")
    ]
    return contrast_trials(*sides, horizon_rows=None)


def test_folds_of_rows_without_order_share_their_training_rows(
    tmp_path: Path, rng: np.random.Generator, numbers: NDArray[np.float64]
) -> None:
    scores = predict(rng, numbers, {"A1": 0.9, "A2": 1.0})
    told = {**REGRESSION, **RANDOM, "folds": 3}
    run = read(tmp_path, numbers, scores, told, n_folds=3)
    predictions = run.trained[0].predictions
    assert isinstance(predictions, FoldedPredictions)
    assert predictions.test_to_train == pytest.approx(1 / 2)
    parts = np.array_split(np.arange(N_ROWS), 3)

    def pool(trial: str, seed: int) -> Any:
        fits = [estimate_metric("rmse", numbers[p], scores[trial, seed][p]) for p in parts]
        return pool_folds(fits, test_to_train=0.5)

    sides = [stack_estimates([stack_estimates([pool(n, s) for s in SEEDS])]) for n in ("A1", "A2")]
    expected = contrast_trials(*sides, horizon_rows=None)
    found = contrast_of(judge(run))
    assert found.standard_error == pytest.approx(expected.standard_error)
    assert found.variance_periods > 0
    ordered = read(tmp_path / "ordered", numbers, scores, {**REGRESSION, "folds": 3}, n_folds=3)
    assert ordered.trained[0].predictions.test_to_train is None  # type: ignore[union-attr]


def test_classes_are_judged_by_their_macro_f1(tmp_path: Path, rng: np.random.Generator) -> None:
    labels = rng.integers(0, 4, size=N_ROWS).astype(np.int32)
    scores = {
        (name, seed): gain * np.eye(4)[labels] + rng.normal(size=(N_ROWS, 4))
        for name, gain in {"A1": 3.0, "A2": 0.5}.items()
        for seed in SEEDS
    }
    run = read(tmp_path, labels, scores, {**CLASSES, **RANDOM})
    assert run.notes == ()
    row = judge(run)
    assert row.judgement.verdict is Verdict.CONFIRMED
    gaps = [
        measure_metric("macro_f1", labels, scores["A1", seed])
        - measure_metric("macro_f1", labels, scores["A2", seed])
        for seed in SEEDS
    ]
    assert contrast_of(row).estimate == pytest.approx(np.mean(gaps))
    assert contrast_of(row).smallest_class == np.bincount(labels).min()


def test_a_number_alone_is_judged_over_seeds_and_settles_nothing(tmp_path: Path) -> None:
    scores = {("A1", s): 1.0 + s / 100 for s in SEEDS} | {("A2", s): 2.0 + s / 50 for s in SEEDS}
    row = judge(read(tmp_path, np.zeros(4), scores, SCALAR))
    assert row.judgement.verdict is Verdict.INCONCLUSIVE
    assert ROWS_LEFT_OUT in row.judgement.reasons
    assert get_test(row).inference.estimate == pytest.approx(1.01)
    assert row.case.observation is not None
    assert row.case.observation.is_yes


def test_a_regression_whose_trainer_returned_the_number_alone_is_judged_over_seeds(
    tmp_path: Path, numbers: NDArray[np.float64]
) -> None:
    scores = {("A1", s): 0.1 + s / 100 for s in SEEDS} | {("A2", s): 0.5 + s / 50 for s in SEEDS}
    row = judge(read(tmp_path, numbers, scores, REGRESSION))
    assert row.judgement.reasons == (ROWS_LEFT_OUT,)


def test_labels_that_give_no_metric_are_said_to(tmp_path: Path, rng: np.random.Generator) -> None:
    told = {"task": "regression", "metric": {"name": "r2"}, "rope": 0.01}
    labels = np.full(N_ROWS, 3.0)
    run = read(tmp_path, labels, predict(rng, labels, {"A1": 1, "A2": 1}), told)
    test = judge(run).case.test
    assert test == Missing(
        ("R squared has no error here: labels: got 3.0 in every row, expected values that differ",)
    )


def test_the_champion_has_the_lowest_loss(
    tmp_path: Path, rng: np.random.Generator, numbers: NDArray[np.float64]
) -> None:
    noise = {"A1": 1.0, "A2": 0.5, "A3": 0.8, "K": 0.9}
    scores: dict[tuple[str, int], Any] = dict(predict(rng, numbers, noise))
    scores["mean", 0] = np.full(N_ROWS, 100.0)
    scores["ridge", 0] = numbers + rng.normal(size=N_ROWS)
    study = make_study(tmp_path / "tiny", [A1_BEATS_A2], **REGRESSION)
    folder = write_run(tmp_path / "outputs", study, numbers, scores)
    for name, seed in ((n, s) for n in ("A2", "K") for s in SEEDS):
        write_fit(
            folder / TEST_FOLDER, study, numbers, name, seed, scores[name, seed], split="test"
        )
    write_look(tmp_path / "outputs", study, "A2", SEEDS)
    run = read_run(folder)
    found = weigh_candidate(run)
    assert found.metric.name == "rmse"
    assert found.best_name == "A2"
    by_seed = {n: [measure_metric("rmse", numbers, scores[n, s]) for s in SEEDS] for n in noise}
    means = {name: np.mean(values) for name, values in by_seed.items()}
    assert found.scores == pytest.approx([means[name] for name in found.names])
    assert found.best_score == pytest.approx(means["A2"])
    assert found.adjusted_score is not None
    assert found.adjusted_score >= means["A2"]
    assert found.against is not None
    assert (found.against.best, found.against.control) == ("A2", "K")
    assert found.against.control_score == pytest.approx(means["K"])
    assert [rival.name for rival in found.rivals] == ["ridge", "mean"]
    assert found.rivals[1].contrast is not None
    assert found.rivals[1].contrast.estimate == pytest.approx(found.rivals[1].score - means["A2"])
    assert found.confidence_set is not None
    assert found.names[found.confidence_set.members[0]] == "A2"
    (test,) = found.tests
    assert test.score == pytest.approx(means["A2"])
    assert test.contrast is not None
    assert test.contrast.estimate == pytest.approx(means["K"] - means["A2"])
