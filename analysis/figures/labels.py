"""Texts in figures: harmless, short, and clear of one another."""

from collections.abc import Sequence
from functools import cache
from itertools import product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import findfont, get_font
from matplotlib.ft2font import FT2Font
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from analysis.figures.style import FONT_PT, MUTED, RC, SMALL_PT

_DIRECTIONS = tuple(product((1, -1, 0), (1, -1, 0)))[:-1]
_DISTANCES_PT = (4, 9, 16, 26, 40)


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
    axes: Axes, points: Sequence[tuple[float, float]], texts: Sequence[str], obstacles: list[Bbox]
) -> list[Annotation]:
    """Write each text near its point where it covers neither an obstacle nor another text.

    A text that finds no room is left out.

    Parameters
    ----------
    points
        In data coordinates, on axes that are laid out.
    obstacles
        Boxes to keep clear, in pixels.
    """
    taken = list(obstacles)
    labels = []
    for point, text in zip(points, texts, strict=True):
        label = _find_room(axes, point, text, taken)
        if label is not None:
            taken.append(label.get_window_extent())
            labels.append(label)
    return labels


@cache
def _list_characters() -> frozenset[int]:
    return frozenset(_open_font().get_charmap())


def _open_font() -> FT2Font:
    return get_font(findfont(RC["font.family"][0]))


def _find_room(
    axes: Axes, point: tuple[float, float], text: str, taken: list[Bbox]
) -> Annotation | None:
    frame = axes.get_window_extent()
    for distance, (right, up) in product(_DISTANCES_PT, _DIRECTIONS):
        label = _write(axes, point, text, (right * distance, up * distance))
        box = label.get_window_extent()
        is_inside = frame.x0 <= box.x0 and box.x1 <= frame.x1
        is_inside = is_inside and frame.y0 <= box.y0 and box.y1 <= frame.y1
        if is_inside and not any(box.overlaps(other) for other in taken):
            if distance > _DISTANCES_PT[0]:
                _join(axes, point, label)
            return label
        label.remove()
    return None


def _write(
    axes: Axes, point: tuple[float, float], text: str, offset: tuple[float, float]
) -> Annotation:
    right, up = offset
    label = axes.annotate(
        text,
        point,
        xytext=offset,
        textcoords="offset points",
        ha="left" if right > 0 else "right" if right < 0 else "center",
        va="bottom" if up > 0 else "top" if up < 0 else "center",
        fontsize=SMALL_PT,
    )
    label.set_in_layout(False)
    return label


def _join(axes: Axes, point: tuple[float, float], label: Annotation) -> None:
    """Join a point with the nearest place of its distant label."""
    box = label.get_window_extent()
    x, y = axes.transData.transform(point)
    nearest = (np.clip(x, box.x0, box.x1), np.clip(y, box.y0, box.y1))
    end = axes.transData.inverted().transform(nearest)
    line = {"arrowstyle": "-", "color": MUTED, "linewidth": 0.5}
    axes.annotate("", point, xytext=tuple(end), arrowprops=line).set_in_layout(False)
