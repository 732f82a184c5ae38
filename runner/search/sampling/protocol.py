"""The manual protocol as a sampler: its rates as points of a space, its fits from the records."""

import math
from collections.abc import Callable, Sequence

from runner.errors import RunError
from runner.search.sampling.manual import RateFit, RateStep, choose_rate, explain_end
from runner.search.sampling.point import Point
from runner.search.trials import SearchTrial
from runner.search.unit_cube import find_share, place_value
from trial_sets.aliases import find_meant
from trial_sets.configuration import OptionValue
from trial_sets.records.record import Record
from trial_sets.space import SearchSpace, SpaceValues

ReadFit = Callable[[SearchTrial], Record | None]
_MIDDLE = 0.5


def find_rate(space: SearchSpace) -> str:
    """Return the dimension that is the learning rate.

    Raises
    ------
    RunError
        If none is, or it does not vary everywhere above 0.
    """
    for name, dimension in space.dimensions.items():
        is_number = dimension.kind == "float" and not dimension.when
        if find_meant(name) == "learning_rate" and is_number and float(dimension.ends[0]) > 0:
            return name
    raise RunError(
        "--sampler manual: it varies the learning rate, and the space has no dimension "
        "learning_rate of numbers above 0"
    )


class ManualProtocol:
    """Points that differ in the learning rate alone.

    Parameters
    ----------
    space
        In which they lie.
    default
        The base's values, if they are a point of the space.
    start
        The rate that a range test suggests, if there was one.
    sign
        Of the study's metric: 1 where more is better.
    read
        Returns the record of a trial.

    Attributes
    ----------
    end : str or None
        Why there is no other rate, once that is so.
    """

    def __init__(
        self,
        space: SearchSpace,
        default: SpaceValues | None,
        start: float | None,
        sign: int,
        read: ReadFit,
    ) -> None:
        self._space, self._default, self._sign, self._read = space, default, sign, read
        self._name = find_rate(space)
        self.end: str | None = None
        self._start = self._choose_start(start)

    def propose(self, number: int, trials: Sequence[SearchTrial]) -> Point | None:
        """Return the next rate's point; None where the protocol has ended."""
        del number
        own = [trial for trial in trials if trial.counts]
        fits = [fit for trial in own if (fit := self._describe(trial)) is not None]
        if len(fits) < len(own):
            self.end = "a fit has left no record to go on with"
            return None
        dimension = self._space.dimensions[self._name]
        ends = [place_value(dimension, share) for share in (0.0, 1.0)]
        step = choose_rate(fits, self._start, (float(ends[0]), float(ends[1])))
        if step is None:
            self.end = explain_end(fits)
            return None
        rate = self._settle(step.rate)
        if any(trial.values.get(self._name) == rate for trial in own):
            self.end = f"the space has no other rate near {step.rate:.3g} to try"
            return None
        return Point(self._fill(rate), step.reason)

    def _choose_start(self, suggested: float | None) -> RateStep:
        if suggested is not None:
            return RateStep(suggested, f"the range test suggests {suggested:.3g}")
        if self._default is not None:
            return RateStep(float(self._default[self._name]), "the base's rate")
        middle = place_value(self._space.dimensions[self._name], _MIDDLE)
        return RateStep(float(middle), "the middle of the range")

    def _fill(self, rate: OptionValue) -> SpaceValues:
        """Return a point: the rate, and otherwise the base's values or the middle of each range."""
        values: SpaceValues = {}
        for name, dimension in self._space.dimensions.items():
            if dimension.is_active(values):
                known = (self._default or {}).get(name)
                values[name] = place_value(dimension, _MIDDLE) if known is None else known
                if name == self._name:
                    values[name] = rate
        return values

    def _settle(self, rate: float) -> OptionValue:
        """Return the value of the dimension that is nearest to a rate."""
        dimension = self._space.dimensions[self._name]
        if dimension.is_range:
            low, high = map(float, dimension.ends)
            rate = min(max(rate, low), high)
            if dimension.count() is None:
                return rate  # as it is: the way through the share would round it
            return place_value(dimension, find_share(dimension, rate))
        return min(dimension.values or (), key=lambda value: abs(math.log(float(value) / rate)))

    def _describe(self, trial: SearchTrial) -> RateFit | None:
        """Return how a trial's training went; None where no record tells."""
        rate, record = trial.values.get(self._name), self._read(trial)
        if rate is None or record is None:
            return None
        diverged = record.failure is not None and record.failure.kind == "diverged"
        return RateFit(float(rate), tuple(list_losses(record, self._sign)), diverged)


def list_losses(record: Record, sign: int) -> list[float]:
    """Return the losses of a fit's epochs: of training, else of validation, else by the metric.

    By the metric an epoch's loss is what it is short of the best epoch's value.
    """
    for name in ("train_loss", "val_loss"):
        losses = [getattr(point, name) for point in record.curve]
        if losses and None not in losses:
            return [float(loss) for loss in losses]
    values = [sign * p.val_metric for p in record.curve if p.val_metric is not None]
    return [max(values) - value for value in values]
