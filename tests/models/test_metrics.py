import numpy as np
import pytest
import sklearn.metrics as reference

from models.metrics import ClassScores, ValueScores, log_loss, rank_auc, score_predictions

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


def score_classes(labels: object, logits: object, **options: object) -> ClassScores:
    scores = score_predictions(labels, logits, task="multiclass", **options)  # type: ignore[call-overload]
    assert isinstance(scores, ClassScores)
    return scores


def score_values(labels: object, values: object) -> ValueScores:
    scores = score_predictions(labels, values, task="regression")  # type: ignore[call-overload]
    assert isinstance(scores, ValueScores)
    return scores


def test_hand_computed_scores_of_classes() -> None:
    shares = np.array([[0.5, 0.25, 0.25], [0.2, 0.6, 0.2], [0.5, 0.1, 0.4], [0.1, 0.1, 0.8]])
    scores = score_classes([0, 1, 2, 2], np.log(shares) + 5)
    assert scores.n == 4
    assert scores.accuracy == 0.75
    assert scores.macro_f1 == pytest.approx((2 / 3 + 1 + 2 / 3) / 3)  # 1 of 2, all, 1 of 2
    # Class 0: 0.5 beats 0.2 and 0.1 and ties with 0.5. The others are all in order.
    assert scores.macro_auc == pytest.approx((2.5 / 3 + 1 + 1) / 3)
    assert scores.log_loss == pytest.approx(-np.log(0.5 * 0.6 * 0.4 * 0.8) / 4)


@pytest.mark.parametrize("n_classes", [3, 7])
@pytest.mark.parametrize("decimals", [0, 8])  # few decimals: many ties
def test_all_scores_of_classes_agree_with_sklearn(
    n_classes: int, decimals: int, rng: np.random.Generator
) -> None:
    labels = np.r_[np.arange(n_classes), rng.integers(0, n_classes, 300)]
    logits = np.round(rng.normal(size=(len(labels), n_classes)), decimals)
    logits[:, -1] -= 9  # never predicted: its F1 is 0
    shares = np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
    scores = score_classes(labels, logits)
    predicted = logits.argmax(axis=1)
    assert scores.accuracy == pytest.approx(reference.accuracy_score(labels, predicted))
    f1 = reference.f1_score(labels, predicted, average="macro", zero_division=0)
    assert scores.macro_f1 == pytest.approx(f1)
    assert scores.log_loss == pytest.approx(reference.log_loss(labels, shares))
    auc = reference.roc_auc_score(labels, shares, multi_class="ovr", average="macro")
    assert scores.macro_auc == pytest.approx(auc)


def test_hand_computed_scores_of_numbers() -> None:
    scores = score_values([1.0, 2.0, 6.0], [1.0, 3.0, 4.0])
    assert (scores.n, scores.mae, scores.mse) == (3, 1.0, pytest.approx(5 / 3))
    assert scores.rmse == pytest.approx((5 / 3) ** 0.5)
    assert scores.r2 == pytest.approx(1 - 5 / 14)


def test_all_scores_of_numbers_agree_with_sklearn(rng: np.random.Generator) -> None:
    labels = 1e3 + rng.normal(size=200)
    values = labels + rng.normal(size=200)
    scores = score_values(labels, values)
    assert scores.rmse == pytest.approx(reference.root_mean_squared_error(labels, values))
    assert scores.mae == pytest.approx(reference.mean_absolute_error(labels, values))
    assert scores.mse == pytest.approx(reference.mean_squared_error(labels, values))
    assert scores.r2 == pytest.approx(reference.r2_score(labels, values))
    constant = score_values(labels, np.full(200, labels.mean()))
    assert constant.r2 == pytest.approx(0, abs=1e-12)


WHOLE = np.zeros((3, 3))
BAD_CLASSES = [
    ([0, 1, 2], np.zeros(3), r"labels \(3,\) and scores \(3,\) do not fit; expected \(3, K\)"),
    ([0, 1], WHOLE, r"labels \(2,\) and scores \(3, 3\) do not fit"),
    ([0, 1, 2], np.array([[0, 0, np.inf], [0, 0, 0], [0, np.nan, np.nan]]), "2 of 3 scores are n"),
    ([0, 1, 3], WHOLE, r"labels \[0, 1, 3\] are not those of 3 classes"),
    ([0, 1, -1], WHOLE, r"labels \[-1, 0, 1\] are not those of 3 classes"),
    ([0, 1, 1], WHOLE, "no label is class 2, expected some of each class"),
    ([], np.zeros((0, 3)), r"labels \[\] are not those of 3 classes"),
    ([0, 1, 0], np.zeros((3, 2)), r"labels \[0, 1\] are not those of 2 classes"),
]


@pytest.mark.parametrize(("labels", "scores", "message"), BAD_CLASSES)
def test_classes_that_cannot_be_scored_are_refused(
    labels: list[int], scores: np.ndarray, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        score_classes(np.array(labels, dtype=np.int32), scores)


def test_a_class_is_called_by_its_name() -> None:
    with pytest.raises(ValueError, match="no label is class 'rose'"):
        score_classes([0, 1, 1], WHOLE, classes=("daisy", "lily", "rose"))
    with pytest.raises(ValueError, match=r"do not fit; expected \(3, 4\)"):
        score_classes([0, 1, 2], WHOLE, classes=("a", "b", "c", "d"))


@pytest.mark.parametrize(
    ("labels", "values", "message"),
    [
        ([1.0, 2.0], [1.0], r"labels \(2,\) and scores \(1,\) are not vectors of one length"),
        ([1.0, 2.0], [1.0, np.nan], "1 of 2 scores are not finite"),
        ([1.0, np.nan], [1.0, 2.0], "labels are not finite numbers that differ"),
        ([2.0, 2.0], [1.0, 2.0], "labels are not finite numbers that differ"),
    ],
)
def test_numbers_that_cannot_be_scored_are_refused(
    labels: list[float], values: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        score_values(labels, values)
