import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit, softmax
from sklearn.metrics import log_loss, roc_auc_score

from analysis.runs.seed_ensembles import average_predictions


@pytest.fixture
def logits() -> list[NDArray[np.float64]]:
    rng = np.random.default_rng(0)
    return [rng.normal(size=50) for _ in range(3)]


def test_probabilities_of_two_classes_are_averaged(logits: list[NDArray[np.float64]]) -> None:
    mean = np.mean([expit(one) for one in logits], axis=0)
    assert expit(average_predictions(logits, "binary")) == pytest.approx(mean)
    labels = (logits[0] + logits[1] > 0).astype(int)
    assert roc_auc_score(labels, average_predictions(logits, "binary")) == roc_auc_score(
        labels, mean
    )


def test_probabilities_of_several_classes_are_averaged() -> None:
    rng = np.random.default_rng(0)
    logits = [rng.normal(size=(20, 3)) for _ in range(2)]
    mean = np.mean([softmax(one, axis=1) for one in logits], axis=0)
    found = softmax(average_predictions(logits, "multiclass"), axis=1)
    assert found == pytest.approx(mean)
    labels = np.arange(20) % 3
    assert log_loss(labels, found) == pytest.approx(log_loss(labels, mean))


def test_numbers_are_averaged_and_certain_probabilities_stay_finite() -> None:
    assert average_predictions([np.array([1.0, 3.0]), np.array([3.0, 5.0])], "regression") == (
        pytest.approx([2.0, 4.0])
    )
    assert np.isfinite(average_predictions([np.array([2000.0]), np.array([900.0])], "binary")).all()
