from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import RidgeCV
from sklearn.metrics import roc_auc_score

from models.baselines import fit_baseline, list_baselines
from models.data.dataset import Dataset
from models.data.preparation import prepare_dataset
from models.data.sources import DataSource
from models.errors import DataError
from models.task import Task


@pytest.fixture
def dataset(rng: np.random.Generator) -> Dataset:
    """Return 600 rows whose label leans on the first of three features in the row itself."""
    features = rng.standard_normal((600, 3)).astype(np.float32)
    labels = (features[:, 0] + 0.5 * rng.standard_normal(600) > 0.7).astype(np.int8)
    rows = np.arange(9, 600)
    return Dataset(
        name="made-up",
        fingerprint="",
        tier="own",
        feature_names=("a", "b", "c"),
        features=features,
        labels=labels,
        dates=np.datetime64("2020-01-01", "ns") + np.arange(600) * np.timedelta64(1, "D"),
        context=10,
        train_rows=rows[:400],
        val_rows=rows[400:500],
        test_rows=rows[500:],
        notices=(),
        label="column y",
    )


def auc(dataset: Dataset, logits: np.ndarray) -> float:
    return float(roc_auc_score(dataset.labels[dataset.val_rows], logits))


def test_the_prevalence_is_the_training_share_everywhere(dataset: Dataset) -> None:
    fit = fit_baseline("prevalence", dataset)
    share = dataset.labels[dataset.train_rows].mean()
    np.testing.assert_allclose(1 / (1 + np.exp(-fit.train_scores)), np.full(400, share))
    np.testing.assert_allclose(1 / (1 + np.exp(-fit.val_scores)), np.full(100, share))


@pytest.mark.parametrize("name", ["logistic", "boosting"])
def test_a_signal_in_the_last_row_is_found(dataset: Dataset, name: str) -> None:
    fit = fit_baseline(name, dataset)
    assert fit.train_scores.shape == (400,)
    assert fit.val_scores.shape == (100,)
    assert auc(dataset, fit.val_scores) > 0.85


@pytest.mark.parametrize("name", list_baselines("binary"))
def test_the_same_seed_gives_the_same_logits(dataset: Dataset, name: str) -> None:
    one, other = (fit_baseline(name, dataset, seed=3) for _ in range(2))
    np.testing.assert_array_equal(one.val_scores, other.val_scores)
    np.testing.assert_array_equal(one.train_scores, other.train_scores)


@pytest.mark.parametrize("name", list_baselines("binary"))
def test_validation_labels_are_not_looked_at(dataset: Dataset, name: str) -> None:
    before = fit_baseline(name, dataset).val_scores
    labels = dataset.labels.copy()
    labels[dataset.val_rows] = 1 - labels[dataset.val_rows]
    other = fit_baseline(name, replace(dataset, labels=labels))
    np.testing.assert_array_equal(other.val_scores, before)


@pytest.mark.parametrize("name", list_baselines("binary"))
def test_test_rows_are_scored_where_they_are_asked_for(dataset: Dataset, name: str) -> None:
    """As if they were validation rows: the fit is the same."""
    plain, asked = fit_baseline(name, dataset), fit_baseline(name, dataset, with_test=True)
    swapped = fit_baseline(name, replace(dataset, val_rows=dataset.test_rows))
    assert plain.test_scores is None
    assert asked.test_scores is not None
    np.testing.assert_array_equal(asked.test_scores, swapped.val_scores)
    np.testing.assert_array_equal(asked.val_scores, plain.val_scores)


def test_a_linear_model_knows_the_level_of_volatility_in_the_embedded_data() -> None:
    dataset = prepare_dataset(DataSource())
    assert 0.75 < auc(dataset, fit_baseline("logistic", dataset).val_scores) < 0.82


def test_an_unknown_baseline_is_refused_with_the_nearest(dataset: Dataset) -> None:
    with pytest.raises(DataError, match=r"found 'logistics'; .* \(nearest: 'logistic'\)"):
        fit_baseline("logistics", dataset)


def of_task(dataset: Dataset, task: Task) -> Dataset:
    """Return the data with three classes or numbers for labels, that lean on the first feature."""
    lean = dataset.features[:, 0] + 0.1 * dataset.features[:, 1]
    if task == "regression":
        return replace(dataset, task=task, labels=100 + 10 * lean.astype(np.float64))
    labels = np.digitize(lean, [-0.5, 0.5]).astype(np.int32)
    return replace(dataset, task=task, labels=labels, classes=("low", "middle", "high"))


TASKS: list[Task] = ["multiclass", "regression"]
OTHERS = [(task, name) for task in TASKS for name in list_baselines(task)]


def test_every_task_has_a_constant_a_linear_model_and_trees() -> None:
    assert list_baselines("binary") == ("prevalence", "logistic", "boosting")
    assert list_baselines("multiclass") == ("majority", "logistic", "boosting")
    assert list_baselines("regression") == ("mean", "ridge", "boosting")


def test_the_majority_has_the_training_shares_everywhere(dataset: Dataset) -> None:
    data = of_task(dataset, "multiclass")
    fit = fit_baseline("majority", data)
    shares = np.bincount(data.labels[data.train_rows]) / 400
    np.testing.assert_allclose(np.exp(fit.train_scores), np.tile(shares, (400, 1)))
    np.testing.assert_allclose(np.exp(fit.val_scores), np.tile(shares, (100, 1)))


def test_the_mean_is_that_of_the_training_labels(dataset: Dataset) -> None:
    data = of_task(dataset, "regression")
    fit = fit_baseline("mean", data)
    np.testing.assert_array_equal(fit.val_scores, np.full(100, data.labels[:409][9:].mean()))


@pytest.mark.parametrize("name", ["logistic", "boosting"])
def test_classes_are_told_by_log_probabilities(dataset: Dataset, name: str) -> None:
    data = of_task(dataset, "multiclass")
    fit = fit_baseline(name, data)
    assert fit.val_scores.shape == (100, 3)
    np.testing.assert_allclose(np.exp(fit.train_scores).sum(axis=1), 1)
    right = fit.val_scores.argmax(axis=1) == data.labels[data.val_rows]
    assert right.mean() > 0.85


@pytest.mark.parametrize("name", ["ridge", "boosting"])
def test_numbers_are_told_in_their_own_units(dataset: Dataset, name: str) -> None:
    data = of_task(dataset, "regression")
    errors = fit_baseline(name, data).val_scores - data.labels[data.val_rows]
    assert np.sqrt(np.mean(errors**2)) < 3


def test_the_ridge_is_that_of_scikit_learn(dataset: Dataset) -> None:
    data = of_task(dataset, "regression")
    features = data.features.astype(np.float64)
    model = RidgeCV(alphas=np.logspace(-2, 4, 7)).fit(features[9:409], data.labels[9:409])
    expected = model.predict(features[data.val_rows])
    np.testing.assert_allclose(fit_baseline("ridge", data).val_scores, expected)


@pytest.mark.parametrize(("task", "name"), OTHERS)
def test_other_tasks_repeat_themselves_and_see_no_validation_label(
    dataset: Dataset, task: Task, name: str
) -> None:
    data = of_task(dataset, task)
    labels = data.labels.copy()
    labels[data.val_rows] = labels[data.val_rows][::-1]
    one, other = (fit_baseline(name, d, seed=3) for d in (data, replace(data, labels=labels)))
    np.testing.assert_array_equal(one.val_scores, other.val_scores)
    np.testing.assert_array_equal(one.train_scores, other.train_scores)


@pytest.mark.parametrize("name", list_baselines("multiclass"))
def test_a_class_without_training_rows_is_refused(dataset: Dataset, name: str) -> None:
    data = of_task(dataset, "multiclass")
    data = replace(data, classes=(*data.classes, "extreme"))
    with pytest.raises(DataError, match="made-up: class 'extreme' has no training rows"):
        fit_baseline(name, data)


def test_a_baseline_of_another_task_is_refused(dataset: Dataset) -> None:
    with pytest.raises(
        DataError, match="found 'ridge'; expected one of 'majority', 'logistic', 'b"
    ):
        fit_baseline("ridge", of_task(dataset, "multiclass"))
