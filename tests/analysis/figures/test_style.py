from pathlib import Path

import numpy as np
import pytest
from matplotlib import rcParams
from matplotlib.figure import Figure

import analysis.figures
from analysis.figures.style import DASHES, MARKERS, make_figure, shade, shade_cells, styled


@pytest.mark.parametrize("n", [1, 2, 7, 20])
def test_shades_are_ordered_by_lightness_and_readable_on_white(n: int) -> None:
    lightness = np.array([colour[:3] for colour in shade(n)]) @ (0.299, 0.587, 0.114)
    assert (np.diff(lightness) > 0).all()
    assert lightness.max() < 0.75


def test_cells_are_ordered_by_lightness_either_way() -> None:
    for is_dark_high in (True, False):
        colours = shade_cells(is_dark_high=is_dark_high)(np.linspace(0, 1, 20))[:, :3]
        steps = np.diff(colours @ (0.299, 0.587, 0.114))
        assert (steps < 0).all() if is_dark_high else (steps > 0).all()


def test_markers_and_dashes_differ() -> None:
    assert len(set(MARKERS)) == len(MARKERS)
    assert len(set(DASHES)) == len(DASHES)


def test_a_styled_figure_is_laid_out_and_leaves_the_settings_alone() -> None:
    before = dict(rcParams)

    @styled
    def plot() -> Figure:
        figure = make_figure()
        figure.add_subplot().set_title("$x$")
        return figure

    figure = plot()
    assert dict(rcParams) == before
    assert figure.get_layout_engine() is None or not figure.get_constrained_layout()
    assert not figure.axes[0].title.get_parse_math()


def test_no_figure_needs_pyplot() -> None:
    sources = [path.read_text() for path in Path(analysis.figures.__file__).parent.glob("*.py")]
    assert len(sources) > 5
    assert not [text for text in sources if "pyplot" in text.replace("pyplot's global list", "")]
