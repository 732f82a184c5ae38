"""What was seen of one hyperparameter: its table, its scale, and where the best of it lie."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
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
    def _ranked(self) -> pd.DataFrame:
        """All configurations that set it: value, gain, whether of the top, and placed on the scale.

        Zero has no place on that of logarithms.
        """
        assert self.scale is not None
        merged = self.evidence.merged
        rows = merged[merged[self.param].notna()]
        values = rows[self.param].to_numpy(dtype="float64")
        gains = self.evidence.frame.sign * rows["metric"].to_numpy(dtype="float64")
        is_top = mark_top(gains, choose_merged_top(len(gains))) if len(gains) else gains > 0
        is_placed = (values > 0) | (not self.scale.is_log)
        return pd.DataFrame({"value": values, "gain": gains, "top": is_top, "placed": is_placed})

    @cached_property
    def _placed(self) -> pd.DataFrame:
        return self._ranked[self._ranked["placed"]]

    @cached_property
    def places(self) -> NDArray[np.float64]:
        """Positions on the scale of all configurations that have one."""
        assert self.scale is not None
        return np.array([self.scale.to_position(float(value)) for value in self._placed["value"]])

    @property
    def gains(self) -> NDArray[np.float64]:
        """Their metric, more is better."""
        return self._placed["gain"].to_numpy(dtype="float64")

    @property
    def is_top(self) -> NDArray[np.bool_]:
        """Which of them are of the top of all configurations."""
        return self._placed["top"].to_numpy(dtype=bool)

    @property
    def n_top_at_zero(self) -> int:
        """How many of the top have no place on the scale: they are at zero."""
        return int((self._ranked["top"] & ~self._ranked["placed"]).sum())

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
        n_top, aside = int(self._ranked["top"].sum()), self.n_top_at_zero
        at_zero = f", {aside} at 0 aside" if aside else ""
        return (
            f"{self.param}: most of the top {n_top:,} of {len(self._ranked):,} configurations lie "
            f"{where}{at_zero}"
        )

    def describe_lead(self, lead: TrendRow) -> str:
        """Say with what a level leads, or that nothing but a hunch is to be had."""
        table, mean = self.table, self.evidence.write(lead.merged_mean)
        shares = (
            f"{format_share(lead.merged_share)} of the top {table.n_merged_top:,} of "
            f"{table.n_configurations:,} configurations, mean {mean}"
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
