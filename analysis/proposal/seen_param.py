"""What was seen of one hyperparameter: its table, its scale, and where the best of it lie."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analysis.findings.evidence import Evidence
from analysis.frames.copies import mark_top
from analysis.frames.scale import Scale, find_scale, format_on_scale
from analysis.numbers import format_p, format_share
from analysis.top import SMALLEST_TOP, choose_merged_top
from analysis.trends.table import TrendRow, TrendTable

_BULK = (0.1, 0.9)  # of the top, between which most of it lies
N_BEST = 3


@dataclass(frozen=True, eq=False)
class SeenParam:
    """One hyperparameter as the rules see it.

    Attributes
    ----------
    scale
        None for words.
    factor
        k of the rules: a range narrows to centre/sqrt(k) .. centre*sqrt(k), and extends by sqrt(k).
    detectable
        The smallest difference that the next batch could detect; None where that is not known.
    """

    evidence: Evidence
    table: TrendTable
    scale: Scale | None
    factor: float
    detectable: float | None

    @classmethod
    def of(
        cls, evidence: Evidence, table: TrendTable, *, factor: float, detectable: float | None
    ) -> "SeenParam":
        """Return what was seen of a table's hyperparameter."""
        return cls(evidence, table, find_scale(evidence.frame, table.param), factor, detectable)

    @property
    def param(self) -> str:
        """Its column."""
        return self.table.param

    @property
    def is_established(self) -> bool:
        """Whether its levels differ at equal other hyperparameters."""
        return self.table.has_effect

    @property
    def lead(self) -> TrendRow | None:
        """The level that leads, or the one that a hunch would follow; None where none stands out.

        Either reaches the top of the distinct configurations more often than it was tried.
        """
        if self.table.n_merged_top < SMALLEST_TOP:
            return None
        first = self.table.merged_leader
        return first if first.lift > 1 and first.merged_share > 0 else None

    @cached_property
    def _ranked(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Positions on the scale of the configurations that have one, and their gains."""
        assert self.scale is not None
        merged = self.evidence.merged
        rows = merged[merged[self.param].notna()]
        values = rows[self.param].to_numpy(dtype="float64")
        gains = self.evidence.frame.sign * rows["metric"].to_numpy(dtype="float64")
        is_placed = (values > 0) | (not self.scale.is_log)
        places = [self.scale.to_position(float(value)) for value in values[is_placed]]
        return np.array(places), gains[is_placed]

    @property
    def places(self) -> NDArray[np.float64]:
        """Positions of all configurations on the scale; zero has none on that of logarithms."""
        return self._ranked[0]

    @property
    def gains(self) -> NDArray[np.float64]:
        """Their metric, more is better."""
        return self._ranked[1]

    @cached_property
    def is_top(self) -> NDArray[np.bool_]:
        """Which of them are of the top."""
        if not len(self.gains):
            return np.zeros(0, dtype=bool)
        return mark_top(self.gains, choose_merged_top(len(self.gains)))

    @property
    def top(self) -> NDArray[np.float64]:
        """Positions of the top."""
        return self.places[self.is_top]

    @property
    def bulk(self) -> tuple[float, float]:
        """The positions between which most of the top lies: two that were tried."""
        low, high = np.quantile(self.top, _BULK, method="closest_observation")
        return float(low), float(high)

    @property
    def best(self) -> NDArray[np.float64]:
        """Positions of the three best, the best first."""
        return self.places[np.argsort(-self.gains, kind="stable")[:N_BEST]]

    @property
    def span(self) -> float:
        """How far the tested positions reach."""
        return float(np.ptp(self.places)) if len(self.places) else 0.0

    def write(self, value: float) -> str:
        """Write a value as those that were tested."""
        assert self.scale is not None
        return format_on_scale(self.scale, value)

    def write_range(self, low: float, high: float) -> str:
        """Write a range."""
        return f"{self.write(low)} to {self.write(high)}"

    def describe_top(self) -> str:
        """Say where most of the top lies."""
        assert self.scale is not None
        low, high = (self.scale.from_position(end) for end in self.bulk)
        where = f"at {self.write(low)}" if low == high else f"from {self.write_range(low, high)}"
        return (
            f"{self.param}: most of the top {int(self.is_top.sum())} of {len(self.places)} "
            f"configurations lie {where}"
        )

    def describe_lead(self, lead: TrendRow) -> str:
        """Say with what a level leads, or that nothing but a hunch is to be had."""
        table = self.table
        shares = (
            f"{format_share(lead.merged_share)} of the top {table.n_merged_top} of "
            f"{table.n_configurations} configurations, mean {self.evidence.write(lead.merged_mean)}"
        )
        if self.is_established:
            return f"{self.param}: {lead.label} leads ({shares})"
        return f"{self.param}: {lead.label} has {shares}, {self.explain_doubt()}"

    def explain_doubt(self) -> str:
        """Say why nothing is established of it."""
        p_value = self.table.adjusted.p_value
        if not np.isfinite(p_value):
            return "though its levels cannot be compared at equal other hyperparameters"
        return (
            "though its levels cannot be told apart at equal other hyperparameters "
            f"(F test {format_p(p_value)}): a hunch to test"
        )
