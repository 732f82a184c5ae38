"""The form of a claim with the sizes of its groups, and how likely it is to come out."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import norm, qmc

_Array = NDArray[np.float64]
_Z = np.linspace(-7, 7, 281)  # of a standard normal, for integrals over one trial
_WEIGHTS = norm.pdf(_Z) * (_Z[1] - _Z[0])
_N_DRAWS = 2048


class ShapeKind(StrEnum):
    """The forms that claims have: see `comparisons.inference` and `comparisons.challenge`."""

    MEAN = "mean"  # the mean of the claiming trials beats that of the references
    EVERY = "every"  # each claiming trial beats each reference
    ANY = "any"  # any claiming trial beats the one reference
    EQUAL = "equal"  # the claiming trials are equal within a bound
    RISE = "rise"  # the metric rises from value to value


@dataclass(frozen=True, slots=True)
class ClaimShape:
    """The form of a claim and the sizes of its groups.

    All trials of a claim are taken to be equally noisy and independent but for what is common to
    all, which no difference holds. Probabilities are those of the estimates, given the critical
    values; thresholds and truths are in units of one trial's standard deviation.

    Attributes
    ----------
    kind : ShapeKind
    claiming : int
        Trials on the claiming side.
    references : int
        Trials on the other; 1 for `ShapeKind.ANY`, 0 where there is none.
    trials_by_value : tuple of int
        For `ShapeKind.RISE`: how many trials have each value of the hyperparameter, in order.

    Raises
    ------
    ValueError
        If the groups do not fit the form.
    """

    kind: ShapeKind
    claiming: int
    references: int = 0
    trials_by_value: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Check the sizes."""
        fits = {
            ShapeKind.MEAN: self.claiming >= 1 and self.references >= 1,
            ShapeKind.EVERY: self.claiming >= 1 and self.references >= 1,
            ShapeKind.ANY: self.claiming >= 1 and self.references == 1,
            ShapeKind.EQUAL: self.claiming >= 2 and self.references == 0,
            ShapeKind.RISE: len(self.trials_by_value) >= 2
            and min(self.trials_by_value) >= 1
            and sum(self.trials_by_value) == self.claiming,
        }
        if not fits[self.kind]:
            raise ValueError(
                f"{self.kind}: got {self.claiming} claiming trials, {self.references} references "
                f"and {list(self.trials_by_value)} by value, expected groups that fit the form"
            )

    @property
    def squared_weights(self) -> float:
        """Sum of the squared weights of the contrast that the claim's estimate is."""
        match self.kind:
            case ShapeKind.MEAN:
                return 1 / self.claiming + 1 / self.references
            case ShapeKind.RISE:
                return float(np.square(self.rise_weights) @ (1 / np.array(self.trials_by_value)))
            case _:
                return 2.0

    @property
    def n_parts(self) -> int:
        """By how many parts the level of a refutation is divided."""
        match self.kind:
            case ShapeKind.EVERY:
                return self.claiming * self.references
            case ShapeKind.RISE:
                return len(self.trials_by_value) - 1
            case _:
                return 1

    @property
    def rise_weights(self) -> _Array:
        """Weights of the values' means in the fitted rise, (M,); see `infer_rise`."""
        ranks = np.repeat(np.arange(len(self.trials_by_value)), self.trials_by_value)
        centred = np.arange(len(self.trials_by_value)) - ranks.mean()
        total = np.square(ranks - ranks.mean()).sum()
        scaled = (len(self.trials_by_value) - 1) * centred / total
        return np.asarray(scaled * self.trials_by_value)

    def find_critical(self, alpha: float) -> float:
        """Return the normal deviate that its largest |T| exceeds with probability alpha by chance.

        For `ShapeKind.ANY` over all candidates, whose differences share the control (Dunnett
        1955, Journal of the American Statistical Association 50, 1096-1121); else of one.
        """
        alone = float(norm.isf(alpha / 2))
        if self.kind is not ShapeKind.ANY or self.claiming == 1:
            return alone

        def exceed(critical: float) -> float:
            reach = np.sqrt(2) * critical
            inside = norm.cdf(_Z + reach) - norm.cdf(_Z - reach)
            return 1 - float(_WEIGHTS @ inside**self.claiming) - alpha

        return float(brentq(exceed, alone / 2, 2 * alone + 4))

    def exceeds(self, threshold: _Array, truth: float) -> _Array:
        """Return the probability that what has to exceed a threshold does.

        Parameters
        ----------
        threshold : ndarray, shape (U,)
        truth : float
            By which every claiming trial is better; for `ShapeKind.ANY` one of them.
        """
        if self.kind is ShapeKind.MEAN:
            return np.asarray(norm.sf((threshold - truth) / np.sqrt(self.squared_weights)))
        below = norm.cdf(_Z - threshold[:, None] + truth)  # (U, Z): a claiming trial at truth + z
        if self.kind is ShapeKind.EVERY:  # the worst of ours against the best of theirs
            worst = self.claiming * norm.sf(_Z) ** (self.claiming - 1)
            return np.asarray((below**self.references) @ (worst * _WEIGHTS))
        others = norm.cdf(_Z + threshold[:, None])  # (U, Z): the control at z
        best = norm.cdf(_Z + threshold[:, None] - truth)
        return np.asarray(1 - (others ** (self.claiming - 1) * best) @ _WEIGHTS)

    def spans_less(self, width: _Array) -> _Array:
        """Return the probability that equal trials lie within a width (U,) of each other."""
        between = norm.cdf(_Z + np.maximum(width, 0)[:, None]) - norm.cdf(_Z)
        n = self.claiming
        return np.asarray(n * between ** (n - 1) @ _WEIGHTS)

    def draw_rises(self) -> tuple[_Array, _Array]:
        """Return draws of the noise in the fitted rise (B,) and in each step (B, M - 1)."""
        sizes = np.array(self.trials_by_value)
        uniform = qmc.Sobol(len(sizes), rng=np.random.default_rng(0)).random(_N_DRAWS)
        means = norm.ppf(np.clip(uniform, 1e-9, 1 - 1e-9)) / np.sqrt(sizes)
        return np.asarray(means @ self.rise_weights), np.diff(means, axis=1)
