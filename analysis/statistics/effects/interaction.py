"""Whether one hyperparameter acts differently where another is larger: products in a model."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from analysis.statistics.effects.regression import compare_nested, fit_least_squares

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interaction:
    """The F test of a product.

    Attributes
    ----------
    p_value
        The larger of those of the values and of their ranks; NaN where one cannot be had.
    share
        Of the variance of the values, what the product explains.
    slope
        Of the product of both standardised hyperparameters in the values: positive where more of
        one makes more of the other better.
    n
        Trials.
    """

    p_value: float
    share: float
    slope: float
    n: int


def fit_interaction(
    first: ArrayLike, second: ArrayLike, others: NDArray[np.float64], gains: ArrayLike
) -> Interaction:
    """Test that the product of two hyperparameters adds nothing to what each does by itself.

    Least squares of the values on both hyperparameters, standardised on their own scale, their
    squares and the others' columns; then with the product too. Squares are there since a hump in
    one, met by a sampler that moves both together, looks like a product. The test is made of the
    values and of their ranks, and the larger p counts: a few trials that went wrong bend the first,
    and ranks bend what is additive in the values.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        On the scale on which steps mean the same: logarithms of rates.
    others : ndarray, shape (n, p)
        Columns of the other hyperparameters.
    gains : array_like, shape (n,)
        More is better.
    """
    x, z = _standardise(first), _standardise(second)
    values = np.asarray(gains, dtype=np.float64)
    mains = np.column_stack([np.ones(len(x)), x, x**2, z, z**2, others])
    product = (x * z)[:, None]
    tests = [_compare(mains, product, y) for y in (values, rankdata(values))]
    p_values = [p for p, _, _ in tests]
    worst = float(max(p_values)) if np.isfinite(p_values).all() else np.nan
    return Interaction(worst, tests[0][1], tests[0][2], len(x))


def _compare(mains: Floats, product: Floats, y: Floats) -> tuple[float, float, float]:
    """Return p value, share and slope of a product."""
    smaller = fit_least_squares(mains, y)
    larger = fit_least_squares(np.column_stack([mains, product]), y)
    test = compare_nested(smaller, larger, float(((y - y.mean()) ** 2).sum()))
    return test.p_value, test.share, float(larger.coefficients[-1])


def _standardise(values: ArrayLike) -> Floats:
    found = np.asarray(values, dtype=np.float64)
    spread = found.std()
    return np.asarray((found - found.mean()) / (spread if spread > 0 else 1.0))
