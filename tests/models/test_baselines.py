from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from models.baselines import fit_baseline, list_baselines
from models.data.dataset import Dataset
from models.data.preparation import prepare_dataset
from models.data.sources import DataSource
from models.errors import DataError


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


def test_a_linear_model_knows_the_level_of_volatility_in_the_embedded_data() -> None:
    dataset = prepare_dataset(DataSource())
    assert 0.75 < auc(dataset, fit_baseline("logistic", dataset).val_scores) < 0.82


def test_an_unknown_baseline_is_refused_with_the_nearest(dataset: Dataset) -> None:
    with pytest.raises(DataError, match=r"found 'logistics'; .* \(nearest: 'logistic'\)"):
        fit_baseline("logistics", dataset)
