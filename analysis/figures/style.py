"""The style that all figures share.

A figure fills the width of an A4 page between its margins and at most half its height. Colours are
ordered by lightness and never carry a meaning alone (a marker, a line style or a text says the
same), so that a grey print reads like the screen. Figures are plain `Figure` objects, which
pyplot's global list of open figures never holds. Texts are never read as mathematics, so a name
with dollar signs stays a name.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import numpy as np
import seaborn
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

Parameters = ParamSpec("Parameters")
Colour = tuple[float, float, float, float]

WIDTH_IN = 6.3
HEIGHT_IN = 3.5
DPI = 300  # of the layout too: hinting makes texts a little wider or narrower at another one
FONT_PT = 8.0
SMALL_PT = 7.0
INK = "#1a1a1a"
ACCENT = "#1f4e79"
MUTED = "#767676"
FAINT = "#c8c8c8"
BAND = "#d9d9d9"
GRID = "#e8e8e8"
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p")
DASHES = ("-", (0, (5, 1.5)), (0, (1.5, 1.5)), (0, (5, 1.5, 1.5, 1.5)))

# Above it a scatter is drawn as an image inside the SVG, which otherwise grows without bound.
MAX_VECTOR_POINTS = 2000

RC: dict[Any, Any] = {
    "figure.dpi": DPI,
    "font.family": ["DejaVu Sans"],
    "font.size": FONT_PT,
    "axes.labelsize": FONT_PT,
    "axes.titlesize": FONT_PT,
    "axes.titlelocation": "left",
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.7,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.formatter.useoffset": False,
    "xtick.labelsize": FONT_PT,
    "ytick.labelsize": FONT_PT,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "text.color": INK,
    "text.parse_math": False,
    "legend.fontsize": SMALL_PT,
    "legend.frameon": False,
    "lines.linewidth": 1.2,
    "hatch.linewidth": 0.5,
    "hatch.color": FAINT,
}


def styled(plot: Callable[Parameters, Figure]) -> Callable[Parameters, Figure]:
    """Draw a figure in the shared style and lay it out, so that saving it changes nothing."""

    @wraps(plot)
    def draw(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Figure:
        with rc_context(RC):
            figure = plot(*args, **kwargs)
            lay_out(figure)
        return figure

    return draw


def make_figure(*, height_in: float = HEIGHT_IN) -> Figure:
    """Return an empty figure of the page's width, drawn by Agg."""
    figure = Figure(figsize=(WIDTH_IN, height_in), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def lay_out(figure: Figure) -> None:
    """Fit everything into the canvas, once; from then on nothing moves."""
    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.execute(figure)
        figure.set_layout_engine("none")


def shade(n: int) -> list[Colour]:
    """Return n colours from dark to light, none too light for white paper."""
    viridis = seaborn.color_palette("viridis", as_cmap=True)
    return [tuple(colour) for colour in viridis(np.linspace(0.0, 0.8, n))]


def shade_cells(*, is_dark_high: bool) -> ListedColormap:
    """Return a light to dark colour map for cells that carry a text."""
    colours = seaborn.color_palette("cividis", as_cmap=True)(np.linspace(0.25, 1.0, 256))
    return ListedColormap(colours[::-1] if is_dark_high else colours)


def draw_grid(axes: Axes, axis: str = "y") -> None:
    """Draw a faint grid behind everything."""
    axes.grid(axis=axis, color=GRID, linewidth=0.6)  # type: ignore[arg-type]
    axes.set_axisbelow(True)
