import numpy as np
import pytest

from analysis.figures.importance import plot_importance
from trial_sets.errors import InputError


def test_bars_stand_beside_where_chance_ends() -> None:
    figure = plot_importance(["lr", "depth"], [0.3, 0.01], [0.02, 0.03], [True, False])
    (axes,) = figure.axes
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["lr", "depth"]
    assert [bar.get_width() for bar in axes.patches] == [0.3, 0.01]  # type: ignore[attr-defined]
    (marks,) = axes.lines
    np.testing.assert_array_equal(marks.get_xdata(), [0.02, 0.03])
    assert axes.yaxis_inverted()
    assert len({bar.get_facecolor() for bar in axes.patches}) == 2


def test_no_more_than_twenty_are_drawn() -> None:
    names = [f"x{n}" for n in range(30)]
    figure = plot_importance(names, np.ones(30), np.ones(30), [False] * 30)
    assert len(figure.axes[0].patches) == 20


def test_nothing_cannot_be_drawn() -> None:
    with pytest.raises(InputError, match="need a hyperparameter"):
        plot_importance([], [], [], [])
