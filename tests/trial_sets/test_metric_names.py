import pytest

from trial_sets.metric_names import guess_direction, is_less_better, squash_name


def test_names_are_squashed() -> None:
    assert squash_name("Training Time (s)") == "training_time_s"
    assert squash_name("learningRate") == "learning_rate"
    assert squash_name("ROC-AUC") == "roc_auc"


@pytest.mark.parametrize(
    ("metric", "direction"),
    [
        ("val_auc", "maximize"),
        ("Log-RMSE", "minimize"),
        ("f1", "maximize"),
        ("val_loss", "minimize"),
        ("val_log_loss", "minimize"),
        ("val_brier", "minimize"),
        ("val_average_precision", "maximize"),
        ("rmsle", "minimize"),
        ("cross_entropy", "minimize"),
        ("testAccuracy", "maximize"),
        ("metrics/mAP50(B)", "maximize"),
        ("ndcg@10", "maximize"),
        ("mean_test_score", "maximize"),
        ("neg_mean_squared_error", "maximize"),
        ("mean_test_neg_log_loss", "maximize"),
        ("neg_brier_score", "maximize"),
        ("negative_log_likelihood", "minimize"),
        ("feature_map", None),
        ("true_negatives", None),
        ("value", None),
    ],
)
def test_the_direction_follows_from_the_name(metric: str, direction: str | None) -> None:
    assert guess_direction(metric) == direction


@pytest.mark.parametrize(
    ("metric", "answer"),
    [("seconds", True), ("val_loss", True), ("val_auc", False), ("width", None)],
)
def test_costs_are_better_when_less(metric: str, answer: bool | None) -> None:
    assert is_less_better(metric) is answer
