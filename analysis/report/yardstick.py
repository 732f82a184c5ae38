"""What a report says of the metric that its verdicts are about, and how it writes its values."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from analysis.numbers import DECIMALS, choose_decimals, format_difference, format_metric
from analysis.report.formats.markdown import escape_text
from trial_sets.task import AUC, Metric


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A metric in the words and numbers of a report.

    Differences are gains: positive is better, whichever way the metric goes.

    Attributes
    ----------
    metric : Metric
    decimals : int
        With which its values are written.
    is_ordered : bool
        Whether the rows follow each other in time.
    """

    metric: Metric = AUC
    decimals: int = DECIMALS
    is_ordered: bool = True

    @classmethod
    def of(cls, metric: Metric, rope: float | None, values: Iterable[float] = ()) -> Self:
        """Return a metric with as many decimals as its ROPE, or else its values, ask for."""
        return cls(metric, DECIMALS if metric.is_auc else choose_decimals(rope, values))

    @property
    def title(self) -> str:
        """What a sentence calls it, as Markdown."""
        return escape_text(self.metric.title)

    @property
    def test_part(self) -> str:
        """What is kept for the one look at the end."""
        return "test period" if self.is_ordered else "set of test rows"

    @property
    def difference(self) -> str:
        """What the column of gains is called."""
        return "Difference" if self.metric.sign > 0 else "Gain"

    def write(self, value: float) -> str:
        """Write a value in the metric's own direction."""
        return format_metric(value, decimals=self.decimals)

    def write_oriented(self, value: float) -> str:
        """Write a value of which more is better: that of a loss is its negative."""
        return self.write(self.metric.sign * value)

    def write_gain(self, gain: float, *, is_signed: bool = True) -> str:
        """Write a difference of which positive is better."""
        return format_difference(gain, is_signed=is_signed, decimals=self.decimals)
