import numpy as np
import pytest
import sklearn.metrics as reference

from models.metrics import log_loss, rank_auc, score_predictions

LABELS = np.array([0, 0, 1, 1, 0])
LOGITS = np.array([-2.0, 1.0, 0.0, 3.0, -1.0])


def test_hand_computed_scores() -> None:
    scores = score_predictions(LABELS, LOGITS)
    assert (scores.n, scores.n_positive) == (5, 2)
    assert scores.auc == pytest.approx(5 / 6)  # one of the six pairs is the wrong way round
    assert (scores.true_positives, scores.false_positives) == (2, 1)
    assert (scores.true_negatives, scores.false_negatives) == (2, 0)
    assert scores.precision == pytest.approx(2 / 3)
    assert scores.recall == 1.0
    assert scores.accuracy == pytest.approx(0.8)
    assert scores.min_probability == pytest.approx(1 / (1 + np.exp(2)))
    assert scores.max_probability == pytest.approx(1 / (1 + np.exp(-3)))


@pytest.mark.parametrize("decimals", [0, 1, 8])  # few decimals: many ties
@pytest.mark.parametrize("threshold", [0.2, 0.5])
def test_all_scores_agree_with_sklearn(
    decimals: int, threshold: float, rng: np.random.Generator
) -> None:
    labels = (rng.random(300) < 0.2).astype(int)
    logits = np.round(rng.normal(size=300) + labels - 1, decimals)
    p = 1 / (1 + np.exp(-logits))
    scores = score_predictions(labels, logits, threshold)
    predicted = p >= threshold
    assert scores.auc == pytest.approx(reference.roc_auc_score(labels, p), abs=1e-15)
    assert scores.average_precision == pytest.approx(reference.average_precision_score(labels, p))
    assert scores.log_loss == pytest.approx(reference.log_loss(labels, p))
    assert scores.brier == pytest.approx(reference.brier_score_loss(labels, p))
    assert scores.accuracy == reference.accuracy_score(labels, predicted)
    assert scores.precision == reference.precision_score(labels, predicted)
    assert scores.recall == reference.recall_score(labels, predicted)
    confusion = reference.confusion_matrix(labels, predicted).ravel().tolist()
    assert confusion == [
        scores.true_negatives,
        scores.false_positives,
        scores.false_negatives,
        scores.true_positives,
    ]


def test_precision_is_zero_when_nothing_is_predicted_positive() -> None:
    scores = score_predictions(LABELS, LOGITS - 10)
    assert (scores.precision, scores.recall) == (0.0, 0.0)


def test_extreme_logits_neither_overflow_nor_vanish() -> None:
    scores = score_predictions([0, 1], [-1000.0, 1000.0])
    assert (scores.log_loss, scores.brier) == (0.0, 0.0)
    assert log_loss([1, 0], [-1000.0, 1000.0]) == 1000.0


@pytest.mark.parametrize("decimals", [0, 1, 2, 12])
def test_the_rank_auc_agrees_with_sklearn(decimals: int, rng: np.random.Generator) -> None:
    for n in (2, 3, 10, 425):
        labels = np.r_[0, 1, rng.random(n - 2) < 0.18].astype(int)
        scores = np.round(rng.normal(size=n), decimals)
        expected = reference.roc_auc_score(labels, scores)
        assert rank_auc(labels, scores) == pytest.approx(expected, abs=1e-15)


def test_tied_scores_count_half() -> None:
    assert rank_auc([0, 1, 0, 1], [1.0, 1.0, 1.0, 1.0]) == 0.5
    assert rank_auc([0, 0, 1], [1.0, 2.0, 2.0]) == 0.75


@pytest.mark.parametrize(
    ("labels", "scores", "message"),
    [
        ([0, 1], [0.1], r"labels \(2,\) and scores \(1,\) are not vectors of one length"),
        ([0, 1], [0.1, np.nan], "1 of 2 scores are not finite"),
        ([1, 1], [0.1, 0.2], r"labels are \[1.0\], expected both 0 and 1"),
        ([0, 2], [0.1, 0.2], r"labels are \[0.0, 2.0\], expected both 0 and 1"),
    ],
)
def test_what_cannot_be_scored_is_refused(
    labels: list[int], scores: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        rank_auc(labels, scores)
    with pytest.raises(ValueError, match=message):
        score_predictions(labels, scores)
