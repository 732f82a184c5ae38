"""Where the levels of a hyperparameter stand on an axis: at their values, or side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.scale import SymmetricalLogTransform
from numpy.typing import ArrayLike, NDArray

_ZERO_GAP = 0.15  # room between zero and the smallest positive value, as a share of the decades
_MIN_GAP_DECADES = 0.3
_DECADE_SCALE = 0.9  # of `linscale`, which spans linscale / (1 - 1/10) decades


@dataclass(frozen=True, slots=True)
class Spacing:
    """The scale of an axis for some levels.

    Attributes
    ----------
    kind
        `even` puts the levels side by side in their order.
    threshold, gap_decades
        The smallest positive value, and its distance from zero, on a `symlog` axis.
    """

    kind: Literal["even", "linear", "log", "symlog"]
    threshold: float = 1.0
    gap_decades: float = 1.0

    def to_axis(self, values: ArrayLike) -> NDArray[np.float64]:
        """Return the place of each value along the axis, shape as given."""
        array = np.asarray(values, dtype="float64")
        if self.kind == "symlog":
            return np.asarray(self._make_transform().transform(array) / self.threshold)
        return np.log10(array) if self.kind == "log" else array

    def to_value(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the value at each place along the axis."""
        if self.kind == "symlog":
            inverse = self._make_transform().inverted()
            return np.asarray(inverse.transform(places * self.threshold))
        return np.asarray(10**places) if self.kind == "log" else places

    def scale(self, axes: Axes) -> None:
        """Give the x axis this scale, without minor ticks."""
        if self.kind == "symlog":
            linear = _DECADE_SCALE * self.gap_decades
            axes.set_xscale("symlog", linthresh=self.threshold, linscale=linear)
        elif self.kind == "log":
            axes.set_xscale("log")
        axes.minorticks_off()

    def _make_transform(self) -> SymmetricalLogTransform:
        linear = _DECADE_SCALE * self.gap_decades
        return SymmetricalLogTransform(10, self.threshold, linear)


def choose_spacing(
    values: Sequence[float] | None,
    *,
    is_log: bool,
    reach: Sequence[float] = (),
    min_share: float = 0.07,
) -> Spacing:
    """Choose the spacing of levels in ascending order.

    Parameters
    ----------
    values
        None for text, which is spaced evenly.
    reach
        Further values that the axis must hold.
    min_share
        Neighbours closer than this share of the axis would not be legible: they are spaced evenly.
    """
    if values is None or len(values) < 2:
        return Spacing("even")
    spacing = find_spacing(np.asarray([*values, *reach]), is_log=is_log)
    gaps = np.diff(spacing.to_axis(values))
    length = np.ptp(spacing.to_axis([*values, *reach]))
    return spacing if gaps.min() >= min_share * length else Spacing("even")


def find_spacing(values: NDArray[np.float64], *, is_log: bool) -> Spacing:
    """Return the linear, logarithmic or, where zero is a value, symmetrical logarithmic spacing."""
    if not is_log:
        return Spacing("linear")
    positive = values[values > 0]
    if len(positive) == len(values):
        return Spacing("log")
    decades = float(np.log10(positive.max() / positive.min()))
    gap = max(_ZERO_GAP * decades, _MIN_GAP_DECADES)
    return Spacing("symlog", float(positive.min()), gap)
