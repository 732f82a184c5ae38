import pytest

from analysis.figures.champions import ChampionPoint, plot_champions
from tests.analysis.figures.conftest import HOSTILE, Check
from trial_sets.errors import InputError

POINTS = [
    ChampionPoint(1, 1, 0.79, 0.01, 0.76),
    ChampionPoint(2, 2, 0.75, 0.02),
    ChampionPoint(1, 2, 0.72, float("nan")),
]


def list_lines(points: list[ChampionPoint]) -> list[tuple[list[float], list[float]]]:
    axes = plot_champions(points).axes[0]
    return [(list(line.get_xdata()), list(line.get_ydata())) for line in axes.lines]


def test_a_champion_that_ran_again_is_joined_to_its_first_figure() -> None:
    lines = list_lines(POINTS)
    assert ([1.0, 1.88], [0.79, 0.72]) in lines
    assert ([1.0, 1.0], [pytest.approx(0.78), pytest.approx(0.80)]) in lines
    assert all(line != ([1.88, 1.88], [0.72, 0.72]) for line in lines)  # no interval is known


def test_marks_are_explained_as_far_as_they_are_there() -> None:
    legend = plot_champions(POINTS).axes[0].get_legend()
    assert legend is not None
    assert len(legend.get_texts()) == 3
    legend = plot_champions(POINTS[1:2]).axes[0].get_legend()
    assert legend is not None
    assert len(legend.get_texts()) == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_can_be_drawn(name: str, check_canvas: Check) -> None:
    check_canvas(plot_champions(POINTS, metric_label=name, is_less_better=True))


def test_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="at least one, got none"):
        plot_champions([])
