"""The scale on which a hyperparameter is tuned, and the values to try next on it.

Learning rates, weight decays and other strengths act by their ratio and live on a log scale, as
does what was declared so, and every other positive hyperparameter that was tested over more than
one order of magnitude, but for dropout and other shares. Zero has no logarithm: it is a level of
its own. Nothing is tried outside what the search declared: its bounds, its steps, its choices.
"""

import math
import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analysis.frames.frame import Space, TrialFrame
from analysis.frames.values import is_number_column
from analysis.numbers import format_value

_LOG_NAMES = re.compile(
    r"(^|_)(lr|learning_rate|weight_decay|wd|l1|l2|alpha|lambda|eps|gamma)($|_)"
)
_LINEAR_NAMES = re.compile(r"dropout|momentum|beta|ratio|prob|fraction|share")
_WIDE_GAP = 0.2
_POWER_STEP = 2.0


@dataclass(frozen=True, slots=True)
class Scale:
    """How the tested values of one numeric hyperparameter are spaced.

    Attributes
    ----------
    values
        The distinct tested values, ascending.
    is_log
        Distances are ratios.
    is_whole
        Only whole numbers were tested, and only such make sense.
    is_power
        Only powers of two were tested; the next steps are a doubling and a halving.
    space
        What the search declared, or None.
    """

    values: tuple[float, ...]
    is_log: bool
    is_whole: bool
    is_power: bool
    space: Space | None = None

    @property
    def unit(self) -> int:
        """The greatest common divisor of whole values: widths of 48, 64 and 96 step by 16."""
        return math.gcd(*(int(value) for value in self.values)) or 1

    @property
    def ends(self) -> tuple[float, float]:
        """The declared bounds, or else the tested ones; so for one that is declared open."""
        tested = [value for value in self.values if value > 0 or not self.is_log]
        if self.space is None:
            return tested[0], tested[-1]
        declared = self.space.low, self.space.high
        low, high = (
            end if math.isfinite(end) else known
            for end, known in zip(declared, (tested[0], tested[-1]), strict=True)
        )
        return low, high

    @property
    def limits(self) -> tuple[float, float]:
        """How far a later round may go: the ends, or what was declared beyond them."""
        return self.ends if self.space is None else self.space.reach or self.ends

    @property
    def choices(self) -> tuple[float, ...]:
        """The only values, ascending, of a hyperparameter that is chosen from a list."""
        found = () if self.space is None else self.space.choices
        return tuple(sorted(choice for choice in found if isinstance(choice, float)))

    def settle_range(self, low: float, high: float) -> tuple[float, float]:
        """Return the smallest range about this one whose ends are allowed."""
        if self.choices:
            below = max((c for c in self.choices if c <= low), default=self.choices[0])
            above = min((c for c in self.choices if c >= high), default=self.choices[-1])
            return below, above
        if self.space is None or self.space.step is None:
            return low, high
        first, step = self.space.low, self.space.step
        below = first + step * math.floor((low - first) / step + 1e-9)
        above = first + step * math.ceil((high - first) / step - 1e-9)
        least, most = self.space.furthest
        return round_digits(max(below, least), 12), round_digits(min(above, most), 12)

    def is_near_end(self, value: float, share: float) -> bool:
        """Say whether a tested value lies within a share of the range from an open end."""
        inside = [tested for tested in self.values if tested > 0 or not self.is_log]
        if value not in inside:
            return False
        reach = share * (self.to_position(inside[-1]) - self.to_position(inside[0]))
        return any(
            self.find_open_end(end) != 0
            and abs(self.to_position(value) - self.to_position(end)) <= reach
            for end in (inside[0], inside[-1])
        )

    def find_open_end(self, value: float) -> int:
        """Return +1 or -1 where a tested value is an end with room beyond it, otherwise 0."""
        for end, direction in ((self.values[0], -1), (self.values[-1], 1)):
            if value == end and self.step_beyond(value, direction, _POWER_STEP) is not None:
                return direction
        return 0

    def to_position(self, value: float) -> float:
        """Return where a value lies on the scale (its logarithm on a log scale)."""
        return math.log(value) if self.is_log else value

    def from_position(self, place: float) -> float:
        """Return the value at a position on the scale, free of the logarithm's rounding."""
        return round_digits(math.exp(place), 12) if self.is_log else place

    def fill_gap(self, low: float, high: float) -> float | None:
        """Return a round value well inside a wide gap, or None where the gap is not wide.

        A gap is wide when its ends differ by at least a fifth of the larger one. The middle is
        rounded to as few digits as keep it inside the middle half. Of a list of choices it is the
        one nearest the middle, however narrow the gap.
        """
        if self.choices:
            between = [choice for choice in self.choices if low < choice < high]
            return min(between, key=lambda choice: abs(choice - (low + high) / 2), default=None)
        middle = self._find_middle(low, high)
        settled = None if middle is None else self.settle_on_step(middle)
        return settled if settled is not None and low < settled < high else None

    def _find_middle(self, low: float, high: float) -> float | None:
        """Return a round value well inside a wide gap, whatever was declared."""
        if abs(high - low) < (_WIDE_GAP - 1e-9) * max(abs(low), abs(high)):
            return None
        if self.is_power:
            return None if high / low <= _POWER_STEP else low * 2 ** (math.log2(high / low) // 2)
        if self.is_log and low <= 0:
            return None
        if self.is_whole:
            units = (self.unit, max(self.unit // 2, 1))  # 5 layers lie between 4 and 6
            middles = (float(unit * round((low + high) / 2 / unit)) for unit in units)
            return next((middle for middle in middles if low < middle < high), None)
        return self._round_inside(low, high)

    def step_beyond(self, value: float, direction: int, factor: float) -> float | None:
        """Return the next value outside the tested range, or None where none makes sense.

        Parameters
        ----------
        value
            The edge of the tested range.
        direction
            -1 below, +1 above.
        factor
            The ratio of the step for a rate; whole numbers and linear scales repeat their last
            step, powers of two double or halve. A declared bound is not passed, and of a list of
            choices the next one comes.
        """
        if self.choices:
            beyond = [c for c in self.choices if (c - value) * direction > 0]
            return min(beyond, key=lambda choice: abs(choice - value), default=None)
        found = self._step_freely(value, direction, factor)
        if found is None or self.space is None:
            return found
        least, most = self.space.furthest
        inside = self.settle_on_step(min(max(found, least), most))
        return inside if (inside - value) * direction > 0 else None

    def _step_freely(self, value: float, direction: int, factor: float) -> float | None:
        """Return the next value outside the tested range, whatever was declared."""
        if len(self.values) < 2:
            return None
        low, high = self.values[-2:] if direction > 0 else self.values[:2]
        if self.is_power:
            return self._accept(value * _POWER_STEP**direction)
        if self.is_log and self.is_whole:
            ratio = high / low if low > 0 else _POWER_STEP
            beyond = self.unit * round(value * ratio**direction / self.unit)
            return self._accept(float(beyond)) if beyond != value else None
        if self.is_log:
            return round_digits(value * factor**direction, 1) if value > 0 else None
        return self._accept(round_digits(value + direction * (high - low), 6))

    def settle_on_step(self, value: float) -> float:
        """Return the nearest value that a declared step allows."""
        if self.space is None or self.space.step is None:
            return value
        low, step, high = self.space.low, self.space.step, self.space.furthest[1]
        settled = low + step * round((value - low) / step)
        return round_digits(settled if settled <= high + step / 1e6 else settled - step, 12)

    def _accept(self, value: float) -> float | None:
        """Refuse a step that leaves the values' own domain: a sign change, or half a layer."""
        crosses_zero = self.values[0] >= 0 and (value < 0 or (self.is_whole and value < 1))
        leaves_unit = self.values[0] >= 0 and self.values[-1] < 1 <= value
        is_broken = self.is_whole and value != round(value)
        return None if crosses_zero or leaves_unit or is_broken else value

    def _round_inside(self, low: float, high: float) -> float:
        a, b = self.to_position(low), self.to_position(high)
        middle = math.exp((a + b) / 2) if self.is_log else (a + b) / 2
        for digits in range(1, 12):
            rounded = round_digits(middle, digits)
            if abs(self.to_position(rounded) - (a + b) / 2) <= (b - a) / 4:
                return rounded
        return middle


def find_scale(frame: TrialFrame, param: str) -> Scale | None:
    """Find the scale of a hyperparameter from its name, its declared range and its values.

    Returns
    -------
    Scale or None
        None for a hyperparameter that is not a number, or was never set.
    """
    column = frame.finished[param].dropna()
    if not is_number_column(frame.rows[param]) or column.empty:
        return None
    values = np.unique(column.to_numpy(dtype="float64"))
    is_whole = bool((values == np.round(values)).all())
    is_power = is_whole and len(values) > 1 and values[0] > 0 and bool(_are_powers(values))
    return Scale(
        values=tuple(float(value) for value in values),
        is_log=is_log_scale(frame, param, values),
        is_whole=is_whole,
        is_power=is_power,
        space=_find_space(frame, param),
    )


def _find_space(frame: TrialFrame, param: str) -> Space | None:
    """Return what was declared of a number; a list of words says nothing of one."""
    space = frame.spaces.get(param)
    if space is None or math.isnan(space.low) or math.isnan(space.high):
        return None
    return space


def is_log_scale(frame: TrialFrame, param: str, values: NDArray[np.float64]) -> bool:
    """Say whether ratios, not differences, are what a hyperparameter's steps mean."""
    positive = values[values > 0]
    if len(positive) < 2 or (values < 0).any():
        return False
    if _LOG_NAMES.search(param.lower()):
        return True
    space = frame.spaces.get(param)
    if space is not None and not space.choices:
        return space.is_log
    is_linear = _LINEAR_NAMES.search(param.lower())
    return bool(not is_linear and positive[-1] / positive[0] > 10)


def round_digits(value: float, digits: int) -> float:
    """Round to a number of significant digits."""
    return float(f"{value:.{digits}g}")


def format_on_scale(scale: Scale, value: float) -> str:
    """Write a value the way the tested values of its hyperparameter are written."""
    return format_value(value, is_whole=scale.is_whole, digits=12 if scale.is_whole else 4)


def list_untested(scale: Scale, value: float) -> list[tuple[float, float, float]]:
    """Return (low, high, a value to try) for each wide untested gap beside a tested value."""
    found = []
    for low, high in pairwise(scale.values):
        middle = scale.fill_gap(low, high) if value in (low, high) else None
        if middle is not None:
            found.append((low, high, middle))
    return found


def _are_powers(values: NDArray[np.float64]) -> np.bool_:
    exponents = np.log2(values)
    return np.asarray(exponents == np.round(exponents)).all()
