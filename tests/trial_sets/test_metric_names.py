import pytest

from trial_sets.metric_names import guess_direction, squash_name


def test_names_are_squashed() -> None:
    assert squash_name("Training Time (s)") == "training_time_s"


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
        ("value", None),
    ],
)
def test_the_direction_follows_from_the_name(metric: str, direction: str | None) -> None:
    assert guess_direction(metric) == direction
