import pytest

from models.training.stopping import has_stalled, select_epoch

RISING_THEN_FLAT = [0.50, 0.60, 0.70, 0.70, 0.69, 0.7005, 0.68]


@pytest.mark.parametrize(
    ("aucs", "expected"), [([0.5], 1), ([0.5, 0.7, 0.6], 2), ([0.7, 0.7], 1), (RISING_THEN_FLAT, 6)]
)
def test_the_selected_epoch_is_the_first_of_highest_auc(aucs: list[float], expected: int) -> None:
    assert select_epoch(aucs) == expected


def test_a_gain_within_min_delta_is_selected_but_does_not_reset_the_patience() -> None:
    stops = [
        has_stalled(RISING_THEN_FLAT[:n], patience=4, min_delta=0.001)
        for n in range(1, len(RISING_THEN_FLAT) + 1)
    ]
    assert stops == [False] * 6 + [True]
    assert select_epoch(RISING_THEN_FLAT) == 6


def test_small_gains_count_once_they_add_up() -> None:
    creeping = [0.6 + 0.0006 * i for i in range(20)]
    assert not has_stalled(creeping, patience=2, min_delta=0.001)
    assert has_stalled(creeping, patience=2, min_delta=0.01)


def test_patience_counts_epochs_since_the_last_improvement() -> None:
    assert not has_stalled([0.9, 0.1, 0.1], patience=3, min_delta=0.0)
    assert has_stalled([0.9, 0.1, 0.1, 0.1], patience=3, min_delta=0.0)
    assert not has_stalled([0.6, 0.5, 0.5, 0.7, 0.5], patience=3, min_delta=0.0)


def test_an_equal_auc_is_no_improvement() -> None:
    assert has_stalled([0.5, 0.5], patience=1, min_delta=0.0)
