"""Least squares on possibly rank-deficient columns: one engine, with one tolerance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import f as f_distribution
from scipy.stats import t as t_distribution

# A direction counts where its share of the columns' squared lengths, each column brought to unit
# length, reaches this part of the largest: far above rounding (1e-16), and two columns whose
# correlation is above 1 - 1e-9 are one.
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class LeastSquares:
    """A fitted linear model.

    Attributes
    ----------
    coefficients
        Shape (p,), of the solutions the shortest for columns of unit length.
    gram_inverse
        Shape (p, p), the pseudo-inverse of X'X.
    projector
        Shape (p, p), onto the estimable contrasts.
    residual_sum
        Residual sum of squares.
    n, rank
        Rows, and the rank of X.
    """

    coefficients: NDArray[np.float64]
    gram_inverse: NDArray[np.float64]
    projector: NDArray[np.float64]
    residual_sum: float
    n: int
    rank: int

    @property
    def degrees(self) -> int:
        """Residual degrees of freedom."""
        return self.n - self.rank

    def estimate(self, contrast: NDArray[np.float64]) -> tuple[float, float]:
        """Return a contrast of the coefficients and its standard error.

        Both are NaN where the columns cannot tell the contrast from others, and the error is NaN
        without residual degrees of freedom.
        """
        missed = self.projector @ contrast - contrast
        if np.linalg.norm(missed) > 1e-6 * np.linalg.norm(contrast):
            return np.nan, np.nan
        value = float(contrast @ self.coefficients)
        if self.degrees < 1:
            return value, np.nan
        spread = float(contrast @ self.gram_inverse @ contrast)
        return value, float(np.sqrt(self.residual_sum / self.degrees * max(0.0, spread)))

    def halfwidth(self, error: float, confidence: float = 0.95) -> float:
        """Return the half width of a t interval with this standard error."""
        if not np.isfinite(error):
            return np.nan
        return error * float(t_distribution.ppf(0.5 + confidence / 2, self.degrees))


def fit_least_squares(X: NDArray[np.float64], y: NDArray[np.float64]) -> LeastSquares:
    """Fit y = X b by least squares, dropping directions that X does not span.

    Parameters
    ----------
    X
        Shape (n, p).
    y
        Shape (n,).
    """
    gram = X.T @ X
    lengths, eigenvalues, vectors = _find_directions(gram)
    inverse = vectors / eigenvalues @ vectors.T / np.outer(lengths, lengths)
    coefficients = inverse @ (X.T @ y)
    residual = y - X @ coefficients
    return LeastSquares(
        coefficients=coefficients,
        gram_inverse=inverse,
        projector=gram @ inverse,
        residual_sum=float(residual @ residual),
        n=len(y),
        rank=len(eigenvalues),
    )


@dataclass(frozen=True, slots=True)
class NestedTest:
    """The F test that a larger model's extra columns do nothing.

    Attributes
    ----------
    p_value
        NaN where the larger model adds no rank or leaves no residual degrees of freedom.
    share
        Of the total sum of squares, what the extra columns alone explain; NaN as the p value.
    chance
        The share beyond which the p value is below 0.05: what chance reaches in one of twenty.
    """

    p_value: float
    share: float
    chance: float


def compare_nested(smaller: LeastSquares, larger: LeastSquares, total: float) -> NestedTest:
    """Test that the larger model's extra columns do nothing.

    ``F = (gain / added) / (rest / degrees)``, on the added rank and the residual degrees of
    freedom. Where they do nothing, gain / (gain + rest) is Beta(added / 2, degrees / 2).

    Parameters
    ----------
    total
        The total sum of squares, which tells a perfect fit from rounding.
    """
    added = larger.rank - smaller.rank
    if added < 1 or larger.degrees < 1 or total <= 0:
        return NestedTest(np.nan, np.nan, np.nan)
    gain = max(0.0, smaller.residual_sum - larger.residual_sum)
    edge = added * float(f_distribution.isf(0.05, added, larger.degrees))
    chance = smaller.residual_sum / total * edge / (edge + larger.degrees)
    if larger.residual_sum <= 1e-12 * total:
        is_gain = smaller.residual_sum > 1e-12 * total
        return NestedTest(0.0 if is_gain else np.nan, gain / total, chance)
    statistic = gain / added / (larger.residual_sum / larger.degrees)
    p_value = float(f_distribution.sf(statistic, added, larger.degrees))
    return NestedTest(p_value, gain / total, chance)


def span_columns(X: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return an orthonormal basis of what columns span, shape (n, rank).

    Parameters
    ----------
    X
        Shape (n, p).
    """
    lengths, eigenvalues, vectors = _find_directions(X.T @ X)
    return np.asarray(X / lengths @ vectors / np.sqrt(eigenvalues))


def _find_directions(
    gram: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the columns' lengths, and the eigenvalues and eigenvectors of what they span.

    Shapes (p,), (rank,) and (p, rank), of the columns brought to unit length.
    """
    lengths = np.sqrt(np.diagonal(gram))
    lengths[lengths == 0] = 1.0
    eigenvalues, vectors = np.linalg.eigh(gram / np.outer(lengths, lengths))
    is_kept = eigenvalues > _TOLERANCE * max(1.0, eigenvalues.max(initial=0.0))
    return lengths, eigenvalues[is_kept], vectors[:, is_kept]
