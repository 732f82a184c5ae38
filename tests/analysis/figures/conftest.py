"""Questions that every figure must answer."""

import sys
from collections.abc import Callable, Iterator
from itertools import combinations

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

HOSTILE = (
    "$x^2_1$",
    r"\frac{$1}{$2}",
    "a|b|c",
    "<b>bold</b> & `code`",
    "日本語 😀",
    "new\nline\ttab\x00",
    "%s{}{0}#~",
    "__",
    "first_name_of_sixty_characters_that_goes_on_and_on_and_on_one",
    "first_name_of_sixty_characters_that_goes_on_and_on_and_on_two",
)

Check = Callable[[Figure], None]


@pytest.fixture(autouse=True)
def no_pyplot_figure() -> Iterator[None]:
    """Fail when a figure is left in pyplot's list."""
    yield
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or not pyplot.get_fignums()


@pytest.fixture
def check_canvas() -> Check:
    """Return a function that fails when anything is drawn outside the canvas."""

    def check(figure: Figure) -> None:
        width, height = figure.get_size_inches()
        box = figure.get_tightbbox()
        assert min(box.x0, box.y0) >= -0.01
        assert box.x1 <= width + 0.01
        assert box.y1 <= height + 0.01

    return check


@pytest.fixture
def check_overlaps() -> Check:
    """Return a function that fails when two texts cover each other."""

    def check(figure: Figure) -> None:
        figure.draw_without_rendering()
        hidden = list_hidden_ticks(figure)
        boxes = [
            (text.get_text(), Text.get_window_extent(text))  # an annotation's without its line
            for text in figure.findobj(Text)
            if text.get_text() and not text.get_rotation() and text not in hidden
        ]
        hits = [
            (one, other)
            for (one, box), (other, other_box) in combinations(boxes, 2)
            if covers(box, other_box)
        ]
        assert not hits

    return check


def list_hidden_ticks(figure: Figure) -> set[Text]:
    """Return the labels of ticks beyond the ends of their axis, which are not drawn."""
    hidden = set()
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        hidden |= {
            tick.label1 for tick in axis.get_major_ticks() if not low <= tick.get_loc() <= high
        }
    return hidden


def covers(one: Bbox, other: Bbox) -> bool:
    common = Bbox.intersection(one, other)
    return common is not None and common.width > 1 and common.height > 1


def list_texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]
