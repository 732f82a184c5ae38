import numpy as np
import pytest

from analysis.statistics.effects.loss_spikes import measure_loss_rise


@pytest.mark.parametrize(
    ("losses", "rise"),
    [([1.0, 0.5, 0.25], 0.0), ([1.0, 0.5, 0.75, 0.4], 0.5), ([1.0, 3.0], 2.0)],
)
def test_a_loss_rises_above_its_lowest_value(losses: list[float], rise: float) -> None:
    assert measure_loss_rise(losses) == pytest.approx(rise)


def test_one_epoch_has_no_rise() -> None:
    assert np.isnan(measure_loss_rise([1.0]))
