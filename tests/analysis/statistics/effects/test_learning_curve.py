import numpy as np
import pytest

from analysis.statistics.effects.learning_curve import measure_late_fall, measure_overfit


@pytest.mark.parametrize(
    ("train", "validation", "rise"),
    [
        ([1.0, 0.6, 0.3, 0.1], [1.0, 0.8, 0.9, 1.0], 0.25),
        ([1.0, 0.6, 0.3, 0.1], [1.0, 0.9, 0.85, 0.8], 0.0),
        ([1.0, 0.6, 0.7, 0.8], [1.0, 0.8, 0.9, 1.0], 0.0),  # training got worse too
    ],
)
def test_overfitting_is_a_rise_while_training_falls(
    train: list[float], validation: list[float], rise: float
) -> None:
    assert measure_overfit(train, validation) == pytest.approx(rise)


def test_a_loss_below_nought_has_no_relative_rise() -> None:
    assert np.isnan(measure_overfit([1.0, 0.5], [0.2, -0.1]))
    assert np.isnan(measure_overfit([1.0], [1.0]))


@pytest.mark.parametrize(
    ("losses", "share"),
    [
        ([1.0, 0.8, 0.6, 0.4], 1 / 3),
        ([1.0, 0.4, 0.4, 0.4], 0.0),
        ([1.0, 0.5, 0.9, 0.8, 0.7, 0.7, 0.6, 0.25], 1 / 3),  # from 0.5, the lowest by then
    ],
)
def test_a_late_fall_is_that_of_the_last_quarter(losses: list[float], share: float) -> None:
    assert measure_late_fall(losses) == pytest.approx(share)


def test_a_loss_that_never_falls_has_no_share() -> None:
    assert np.isnan(measure_late_fall([1.0, 1.0, 1.1, 1.2]))
    assert np.isnan(measure_late_fall([1.0, 0.5, 0.2]))
