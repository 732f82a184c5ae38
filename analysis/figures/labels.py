"""Texts in figures: harmless, short, and clear of one another."""

from collections.abc import Sequence
from functools import cache
from itertools import product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import findfont, get_font
from matplotlib.ft2font import FT2Font
from numpy.typing import NDArray

from analysis.figures.style import DPI, FONT_PT, MUTED, RC, SMALL_PT

_DIRECTIONS = tuple(product((1, -1, 0), (1, -1, 0)))[:-1]
_DISTANCES_PT = (4, 9, 16, 26, 40)
_CLEAR_PT = 2.0
_LINE_HEIGHT = 1.25


def clean_text(text: str, longest: int = 24) -> str:
    """Make any name fit for a figure: one line, only characters that the font has, not too long.

    Parameters
    ----------
    longest
        Longer names lose their middle; names from one tool often differ at the end only.
    """
    known = _list_characters()
    line = " ".join(text.split())
    shown = "".join(char if ord(char) in known and char.isprintable() else "?" for char in line)
    if len(shown) <= longest:
        return shown
    tail = (longest - 1) // 3
    return f"{shown[: longest - 1 - tail]}…{shown[len(shown) - tail :]}"


def measure_width(text: str, size_pt: float = FONT_PT) -> float:
    """Return the width of a text's longest line in inches."""
    font = _open_font()
    font.set_size(size_pt, 72)
    widths = []
    for line in text.split("\n"):
        font.set_text(line)
        widths.append(font.get_width_height()[0] / 64 / 72)
    return max(widths)


def spread(positions: Sequence[float], gap: float) -> NDArray[np.float64]:
    """Move labels between 0 and 1 apart until neighbours are a gap apart, in their order.

    Where there are too many for the gap, they share the room evenly.
    """
    order = np.argsort(np.asarray(positions), kind="stable")
    sorted_positions = np.clip(np.asarray(positions, dtype="float64")[order], 0, 1)
    steps = min(gap, 1 / max(len(order) - 1, 1)) * np.arange(len(order))
    ranked = np.maximum.accumulate(sorted_positions - steps)
    placed = np.empty(len(order))
    placed[order] = np.minimum(ranked, 1 - steps[-1:]) + steps
    return placed


def annotate_points(
    axes: Axes,
    points: Sequence[tuple[float, float]],
    texts: Sequence[str],
    obstacles: NDArray[np.float64],
) -> None:
    """Write each text near its point where it covers neither an obstacle nor another text.

    A text that finds no room is left out; a distant one is joined with its point by a line.

    Parameters
    ----------
    points
        In data coordinates, on axes that are laid out.
    obstacles
        Places to keep clear, in pixels, shape (n, 2).
    """
    reach = _CLEAR_PT * DPI / 72
    taken = np.hstack([obstacles - reach, obstacles + reach])  # (n, 4): left, bottom, right, top
    for point, text in zip(points, texts, strict=True):
        room = _find_room(axes, point, text, taken)
        if room is not None:
            offset, box = room
            taken = np.vstack([taken, box])
            _write(axes, point, text, offset)


@cache
def _list_characters() -> frozenset[int]:
    return frozenset(_open_font().get_charmap())


def _open_font() -> FT2Font:
    return get_font(findfont(RC["font.family"][0]))


def _find_room(
    axes: Axes, point: tuple[float, float], text: str, taken: NDArray[np.float64]
) -> tuple[tuple[float, float], NDArray[np.float64]] | None:
    """Return the nearest free offset in points, and the box there in pixels."""
    x, y = axes.transData.transform(point)
    width, height = measure_width(text, SMALL_PT) * DPI, _LINE_HEIGHT * SMALL_PT * DPI / 72
    frame = axes.get_window_extent()
    for distance, (right, up) in product(_DISTANCES_PT, _DIRECTIONS):
        offset = (right * distance, up * distance)
        left = x + offset[0] * DPI / 72 + (right - 1) * width / 2
        bottom = y + offset[1] * DPI / 72 + (up - 1) * height / 2
        box = np.array([left, bottom, left + width, bottom + height])
        is_inside = (box[:2] >= frame.min).all() and (box[2:] <= frame.max).all()
        is_clear = (box[:2] >= taken[:, 2:]) | (box[2:] <= taken[:, :2])  # beside, or above
        if is_inside and is_clear.any(axis=1).all():
            return offset, box
    return None


def _write(axes: Axes, point: tuple[float, float], text: str, offset: tuple[float, float]) -> None:
    right, up = offset
    is_far = max(abs(right), abs(up)) > _DISTANCES_PT[0]
    line = {"arrowstyle": "-", "color": MUTED, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 3}
    axes.annotate(
        text,
        point,
        xytext=offset,
        textcoords="offset points",
        ha="left" if right > 0 else "right" if right < 0 else "center",
        va="bottom" if up > 0 else "top" if up < 0 else "center",
        fontsize=SMALL_PT,
        arrowprops=line if is_far else None,
    )
