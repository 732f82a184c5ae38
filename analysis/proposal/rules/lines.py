"""On from the best along a line: what repeated seeds say where there are few trials.

A round of a few sets has no top of any size, and most of its trials change one hyperparameter.
Where the best configuration beats the nearest one that differs in that alone, at equal seeds, the
way on leads past it.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import ttest_1samp

from analysis.findings.evidence import Evidence
from analysis.frames.scale import Scale, find_scale, format_on_scale
from analysis.numbers import count_noun, format_p
from analysis.proposal.rules.move import Move
from analysis.statistics.comparisons.multiplicity import ALPHA

_FEWEST_SEEDS = 2


@dataclass(frozen=True, slots=True, eq=False)
class LineStep:
    """From the nearest configuration on one side to the best one, which lies at the end of a line.

    Attributes
    ----------
    gains
        Of the best over the other, more is better; one a seed that both have.
    """

    value: float
    best: float
    gains: NDArray[np.float64]

    @property
    def direction(self) -> int:
        """Where the best lies: +1 above the other, -1 below it."""
        return 1 if self.best > self.value else -1

    @property
    def p_value(self) -> float:
        """Of no difference between the two; paired by seeds, two-sided t."""
        if np.ptp(self.gains) <= 1e-12 * np.abs(self.gains).max():
            return 0.0 if self.gains.any() else 1.0
        return float(ttest_1samp(self.gains, 0.0).pvalue)


def climb_line(evidence: Evidence, param: str, factor: float) -> Move | None:
    """Step beyond the best value where it beats the one before it at equal others and seeds.

    By more than the seeds' error and not less than the ROPE, and with nothing tried beyond: one
    step, or a factor sqrt(k) of a rate, as far as was declared.
    """
    scale = find_scale(evidence.frame, param)
    step = None if scale is None else find_line_step(evidence, param)  # words lie on no line
    if scale is None or step is None or scale.find_open_end(step.best) != step.direction:
        return None
    gain = float(step.gains.mean())
    beyond = scale.step_beyond(step.best, step.direction, math.sqrt(factor))
    if beyond is None or step.p_value >= ALPHA or gain <= 0 or gain < (evidence.rope or 0.0):
        return None
    return Move(
        param=param,
        action="extend",
        values=(beyond,),
        low=min(step.value, beyond),
        high=max(step.value, beyond),
        evidence=_describe(evidence, param, scale, step, beyond),
    )


def find_line_step(evidence: Evidence, param: str) -> LineStep | None:
    """Return the step to the best configuration from what differs from it in one hyperparameter.

    None where there is no such other, or one on either side, or fewer than two seeds in common.
    """
    best = evidence.best_configuration
    beside = sorted(_list_beside(evidence, param, best), key=lambda one: abs(one[0] - best[param]))
    if not beside or len({np.sign(value - best[param]) for value, _ in beside}) > 1:
        return None
    value, other = beside[0]
    rows = evidence.frame.configured
    scores = [
        rows[rows["configuration"] == one].groupby("seed")["metric"].mean()
        for one in (best["configuration"], other)
    ]
    paired = pd.concat(scores, axis="columns", join="inner").to_numpy(dtype="float64")
    if len(paired) < _FEWEST_SEEDS:
        return None
    gains = evidence.frame.sign * (paired[:, 0] - paired[:, 1])
    return LineStep(value, float(best[param]), gains)


def _list_beside(evidence: Evidence, param: str, best: pd.Series) -> Iterator[tuple[float, float]]:
    """Yield value and number of each configuration that differs from the best in this alone."""
    others = [name for name in evidence.frame.params if name != param]
    for _, row in evidence.merged.iterrows():
        is_equal = all(
            row[n] == best[n] or (row[n] != row[n] and best[n] != best[n]) for n in others
        )
        if is_equal and row[param] == row[param] and row[param] != best[param]:
            yield float(row[param]), row["configuration"]


def _describe(evidence: Evidence, param: str, scale: Scale, step: LineStep, beyond: float) -> str:
    best, value, new = (format_on_scale(scale, one) for one in (step.best, step.value, beyond))
    gain = evidence.write_difference(float(step.gains.mean()))
    side = "highest" if step.direction > 0 else "lowest"
    return (
        f"{param}: {best} is better than {value} by {gain} at equal other hyperparameters and "
        f"{count_noun(len(step.gains), 'seed')} (paired t, {format_p(step.p_value)}), and the "
        f"{side} tested value; try {new}."
    )
