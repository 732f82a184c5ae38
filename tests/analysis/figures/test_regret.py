import numpy as np
import pytest

from analysis.figures.regret import plot_regret
from trial_sets.errors import InputError

NUMBERS = [1, 2, 4, 7]
SCORES = np.array([0.5, 0.7, 0.6, 0.65])
BESTS = np.array([0.5, 0.7, 0.7, 0.7])
BAND = np.array([[0.5, 0.5, 0.6, 0.7], [0.6, 0.65, 0.7, 0.7], [0.7, 0.7, 0.7, 0.7]])


def test_it_draws_the_results_the_best_so_far_and_the_reference() -> None:
    figure = plot_regret(NUMBERS, SCORES, BESTS, BAND, reference=("default", 0.55))
    (axes,) = figure.axes
    lines = {str(line.get_label()): line for line in axes.lines}
    np.testing.assert_array_equal(lines["best so far"].get_ydata(), BESTS)
    np.testing.assert_array_equal(lines["trial"].get_xdata(), NUMBERS)
    assert set(lines) == {"best so far", "trial", "their median", "default"}
    assert axes.get_ylabel() == "validation AUC"


@pytest.mark.parametrize("sign", [1, -1])
def test_results_far_beyond_the_worse_quarter_leave_the_rest_to_be_seen(sign: int) -> None:
    scores = sign * np.array([*np.linspace(0.5, 0.6, 20), -1e6])
    figure = plot_regret(
        list(range(21)), scores, np.zeros(21), np.zeros((3, 21)), is_less_better=sign < 0
    )
    low, high = sorted(sign * end for end in figure.axes[0].get_ylim())
    assert low > -1
    assert high > 0.55
    assert ("less is better" in figure.axes[0].get_ylabel()) == (sign < 0)


def test_one_trial_has_no_curve() -> None:
    with pytest.raises(InputError, match="needs two trials"):
        plot_regret([1], [0.5], [0.5], [[0.5], [0.5], [0.5]])
