"""How much each hyperparameter matters, beside what chance alone would make of it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.frames.covariates import build_covariates
from analysis.frames.frame import TrialFrame
from analysis.statistics.multiplicity import ALPHA
from analysis.statistics.regression import find_basis

_N_PERMUTATIONS = 199
_MAX_ROWS = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class Importances:
    """The share of the variance that each hyperparameter alone explains.

    Attributes
    ----------
    rows
        `param`, `importance` (the drop in R^2 without it), `null` (what 95 % of the permutations
        stay below) and `p_value`, the largest importance first; empty when suppressed.
    r_squared, p_value
        Of the whole main-effects model, against permutations of the metric.
    n
        Distinct configurations used.
    """

    rows: pd.DataFrame
    r_squared: float
    p_value: float
    n: int

    @property
    def is_suppressed(self) -> bool:
        """The model explains nothing, so that shares of it would mean nothing."""
        return not self.p_value < ALPHA


def measure_importances(frame: TrialFrame, rng: np.random.Generator) -> Importances:
    """Measure importances by the drop in R^2 of a main-effects model.

    The null of the whole model permutes the metric; the null of one hyperparameter permutes the
    residuals of the model without it, which keeps the others' effects (Freedman and Lane 1983).
    One row a distinct configuration; of more than 5,000 a random 5,000 are used.
    """
    merged = frame.merge_copies()
    names = frame.varying
    if len(merged) < 3 or not names:
        return Importances(_no_rows(), np.nan, np.nan, len(merged))
    if len(merged) > _MAX_ROWS:
        merged = merged.iloc[rng.choice(len(merged), _MAX_ROWS, replace=False)]
    metric = merged["metric"].to_numpy(dtype="float64")
    centred = metric - metric.mean()
    full = find_basis(build_covariates(frame, merged, names))
    total = float(centred @ centred)
    if len(centred) - full.shape[1] < 3 or total <= 0:
        return Importances(_no_rows(), np.nan, np.nan, len(centred))
    shuffled = _permute(centred, rng)
    r_squared = float(((full.T @ centred) ** 2).sum()) / total
    p_value = _find_p(r_squared, ((full.T @ shuffled) ** 2).sum(axis=0) / total)
    if not p_value < ALPHA:
        return Importances(_no_rows(), r_squared, p_value, len(centred))
    found = []
    for name in names:
        others = tuple(other for other in names if other != name)
        reduced = find_basis(build_covariates(frame, merged, others))
        found.append((name, *_measure_one(full, reduced, centred, rng)))
    rows = pd.DataFrame(found, columns=_no_rows().columns)
    ranked = rows.sort_values("importance", ascending=False, ignore_index=True)
    return Importances(ranked, r_squared, p_value, len(centred))


def _measure_one(
    full: NDArray[np.float64],
    reduced: NDArray[np.float64],
    centred: NDArray[np.float64],
    rng: np.random.Generator,
) -> tuple[float, float, float]:
    residual = centred - reduced @ (reduced.T @ centred)
    shuffled = _permute(residual, rng)
    rest = shuffled - reduced @ (reduced.T @ shuffled)
    gains = ((full.T @ rest) ** 2).sum(axis=0)
    gain = float(((full.T @ residual) ** 2).sum())
    total = float(centred @ centred)
    left = np.maximum((rest**2).sum(axis=0) - gains, 1e-12 * total)
    ratio = gain / max(float(residual @ residual) - gain, 1e-12 * total)
    return gain / total, float(np.quantile(gains, 0.95)) / total, _find_p(ratio, gains / left)


def _permute(values: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return permutations of the values as columns, shape (n, permutations)."""
    return rng.permuted(np.tile(values, (_N_PERMUTATIONS, 1)), axis=1).T


def _find_p(observed: float, null: NDArray[np.float64]) -> float:
    """Return (1 + permutations at least as large) / (1 + permutations)."""
    return float(1 + np.sum(null >= observed * (1 - 1e-12))) / (1 + len(null))


def _no_rows() -> pd.DataFrame:
    return pd.DataFrame(columns=["param", "importance", "null", "p_value"])
