"""The selected epoch, scored on rows that did not select it."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from analysis.statistics.comparisons.contrast import contrast_trials
from analysis.statistics.metrics.auc import estimate_auc
from analysis.statistics.metrics.blocks import deal_rows, find_even_blocks
from analysis.statistics.metrics.cross_fit import cross_fit_auc, cross_fit_metric
from analysis.statistics.metrics.estimators import estimate_metric
from analysis.statistics.metrics.folds import pool_folds

N_ROWS = 200


@pytest.fixture
def labels(rng: np.random.Generator) -> np.ndarray:
    return rng.random(N_ROWS) < 0.3


@pytest.fixture
def scores(rng: np.random.Generator, labels: np.ndarray) -> np.ndarray:
    """Two trials, three seeds and five epochs, (2, 3, 5, N)."""
    return np.round(0.8 * labels + rng.standard_normal((2, 3, 5, N_ROWS)), 1)


def test_each_half_scores_what_the_other_chose(labels: np.ndarray, scores: np.ndarray) -> None:
    found = cross_fit_auc(labels, scores, horizon_rows=1)
    assert found is not None
    even = find_even_blocks(N_ROWS, 1)
    for fit in np.ndindex(2, 3):
        by_half = [
            [roc_auc_score(labels[half], epoch[half]) for epoch in scores[fit]]
            for half in (even, ~even)
        ]
        chosen = [int(np.argmax(aucs)) for aucs in by_half]
        expected = (by_half[0][chosen[1]] + by_half[1][chosen[0]]) / 2
        assert found.values[fit] == pytest.approx(expected)
        own = estimate_auc(labels[even], scores[fit][chosen[1]][even])
        np.testing.assert_allclose(found.influences[fit][even], own.influences / 2)
        own = estimate_auc(labels[~even], scores[fit][chosen[0]][~even])
        np.testing.assert_allclose(found.influences[fit][~even], own.influences / 2)
    assert found.smallest_class == labels.sum()


def test_of_equal_epochs_the_first_counts(labels: np.ndarray, scores: np.ndarray) -> None:
    twice = np.concatenate([scores, scores], axis=2)
    one, two = (cross_fit_auc(labels, s, horizon_rows=1) for s in (scores, twice))
    assert one is not None
    assert two is not None
    np.testing.assert_array_equal(one.values, two.values)
    np.testing.assert_array_equal(one.influences, two.influences)


def test_noise_among_the_epochs_is_worth_nothing(rng: np.random.Generator) -> None:
    """The best of forty epochs of chance looks like .60; elsewhere it is worth .50."""
    labels = np.arange(320) % 4 == 0
    scores = rng.standard_normal((60, 40, 320))
    found = cross_fit_auc(labels, scores, horizon_rows=1)
    assert found is not None
    assert estimate_auc(labels, scores).values.max(axis=1).mean() > 0.57
    assert found.values.mean() == pytest.approx(0.5, abs=0.012)


def test_contrasts_and_folds_take_it_as_any_other(labels: np.ndarray, scores: np.ndarray) -> None:
    found = cross_fit_auc(labels, scores, horizon_rows=1)
    assert found is not None
    one = contrast_trials(found.select([0]), found.select([1]), horizon_rows=1)
    pooled = pool_folds([found, found])
    two = contrast_trials(pooled.select([0]), pooled.select([1]), horizon_rows=1)
    assert one.estimate == pytest.approx(two.estimate)
    assert (two.n_rows, two.n_folds) == (2 * N_ROWS, 2)


def test_rows_of_a_date_stay_together(rng: np.random.Generator) -> None:
    """Three rows a date: blocks hold 40 dates, and the influences are those of dates."""
    labels = rng.random(300) < 0.4
    scores = labels + rng.standard_normal((4, 300))
    starts = np.arange(0, 300, 3)
    found = cross_fit_auc(labels, scores, horizon_rows=1, starts=starts)
    assert found is not None
    assert found.influences.shape == (100,)
    even = np.repeat(find_even_blocks(100, 1), 3)
    aucs = [estimate_auc(labels[half], scores[:, half]).values for half in (even, ~even)]
    expected = (aucs[0][aucs[1].argmax()] + aucs[1][aucs[0].argmax()]) / 2
    assert found.values == pytest.approx(expected)


def test_rows_without_order_are_dealt(rng: np.random.Generator) -> None:
    labels = np.arange(80) < 40
    scores = labels + rng.standard_normal((4, 80))
    assert cross_fit_auc(labels, scores, horizon_rows=None) is not None
    assert cross_fit_auc(labels, scores, horizon_rows=1) is None


@pytest.mark.parametrize("positives", [(0, 50), (0, 1, 2, 3, 50), (50, 51, 52)])
def test_a_half_with_one_row_of_a_class_gives_no_cross_fit(positives: tuple[int, ...]) -> None:
    labels = np.isin(np.arange(80), positives)
    assert cross_fit_auc(labels, np.zeros((2, 80)), horizon_rows=1) is None


def test_scores_without_epochs_are_refused(labels: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"epoch_scores: got shape \(200,\), expected 200 rows on"):
        cross_fit_auc(labels, np.zeros(N_ROWS), horizon_rows=1)
    with pytest.raises(ValueError, match="epoch_scores: got 1 NaN"):
        cross_fit_auc(labels, np.where(np.arange(N_ROWS) == 3, np.nan, 0)[None], horizon_rows=1)


def choose_by_hand(name: str, labels: np.ndarray, scores: np.ndarray, even: np.ndarray) -> float:
    """One fit's epochs (E, N, ...): each half scored by the epoch that is best on the other."""
    values = [estimate_metric(name, labels[half], scores[:, half]).values for half in (even, ~even)]
    return float(values[0][values[1].argmax()] + values[1][values[0].argmax()]) / 2


@pytest.mark.parametrize("name", ["average_precision", "log_loss", "brier", "accuracy"])
def test_any_metric_of_two_classes_is_cross_fitted(
    name: str, labels: np.ndarray, scores: np.ndarray
) -> None:
    found = cross_fit_metric(name, labels, scores, horizon_rows=1)
    assert found is not None
    even = find_even_blocks(N_ROWS, 1)
    for fit in np.ndindex(2, 3):
        assert found.values[fit] == pytest.approx(choose_by_hand(name, labels, scores[fit], even))
    assert found.smallest_class == labels.sum()


@pytest.mark.parametrize("name", ["rmse", "mae", "mse", "r2"])
def test_metrics_of_numbers_are_cross_fitted(name: str, rng: np.random.Generator) -> None:
    labels = rng.standard_normal(N_ROWS)
    scores = labels + rng.standard_normal((2, 5, N_ROWS))
    found = cross_fit_metric(name, labels, scores, horizon_rows=None)
    assert found is not None
    even = deal_rows(N_ROWS, 2) == 0
    assert found.values[1] == pytest.approx(choose_by_hand(name, labels, scores[1], even))
    assert found.influences.shape == (2, N_ROWS)
    assert found.smallest_class is None


@pytest.mark.parametrize("name", ["accuracy", "macro_f1", "macro_auc", "log_loss"])
def test_metrics_of_several_classes_are_cross_fitted_by_group(
    name: str, rng: np.random.Generator
) -> None:
    labels, groups = rng.integers(0, 3, N_ROWS), rng.integers(0, 60, N_ROWS)
    scores = np.eye(3)[labels] + rng.standard_normal((2, 5, N_ROWS, 3))
    found = cross_fit_metric(name, labels, scores, horizon_rows=None, groups=groups)
    assert found is not None
    even = deal_rows(N_ROWS, 2, groups) == 0
    assert found.values[1] == pytest.approx(choose_by_hand(name, labels, scores[1], even))
    assert found.influences.shape == (2, np.unique(groups).size)


def test_a_half_without_a_class_gives_no_macro_auc_but_an_accuracy() -> None:
    labels = np.repeat([0, 1, 2], [40, 20, 20])
    scores = np.zeros((2, 80, 3))
    assert cross_fit_metric("macro_auc", labels, scores, horizon_rows=1) is None
    assert cross_fit_metric("accuracy", labels, scores, horizon_rows=1) is not None


def test_what_does_not_give_the_metric_is_refused() -> None:
    labels = np.repeat([0, 1, 2], 30)
    with pytest.raises(ValueError, match="brier is not defined for 3 classes"):
        cross_fit_metric("brier", labels, np.zeros((2, 90, 3)), horizon_rows=1)
    with pytest.raises(ValueError, match=r"epoch_scores: got shape \(90, 3\), expected epochs"):
        cross_fit_metric("macro_f1", labels, np.zeros((90, 3)), horizon_rows=1)
    with pytest.raises(ValueError, match=r"labels: got 1\.0 in every row"):
        cross_fit_metric("r2", np.ones(90), np.zeros((2, 90)), horizon_rows=1)
    with pytest.raises(ValueError, match="metric: got 'gini', expected one of"):
        cross_fit_metric("gini", labels, np.zeros((2, 90)), horizon_rows=1)
