import numpy as np
import pytest
from scipy.stats import rankdata, t

from analysis.statistics.effects.interaction import fit_interaction

N = 80
NONE = np.empty((N, 0))


def test_a_planted_product_is_found(rng: np.random.Generator) -> None:
    x, z, other = rng.uniform(size=(3, N))
    gains = x - z + 4 * (x - 0.5) * (z - 0.5) + 0.1 * rng.normal(size=N)
    found = fit_interaction(x, z, other[:, None], gains)
    assert found.p_value < 1e-4
    assert found.slope > 0
    assert found.n == N


def test_the_test_is_the_f_test_of_the_last_column(rng: np.random.Generator) -> None:
    """Against the t test of the coefficient, written out: of both forms the larger p."""
    x, z, gains = rng.normal(size=(3, N))
    sx, sz = ((v - v.mean()) / v.std() for v in (x, z))
    design = np.column_stack([np.ones(N), sx, sx**2, sz, sz**2, sx * sz])
    p_values = []
    for y in (gains, rankdata(gains)):
        coefficients, rest, *_ = np.linalg.lstsq(design, y, rcond=None)
        error = np.sqrt(rest[0] / (N - 6) * np.linalg.inv(design.T @ design)[5, 5])
        p_values.append(2 * t.sf(abs(coefficients[5] / error), N - 6))
    assert fit_interaction(x, z, NONE, gains).p_value == pytest.approx(max(p_values))


def test_a_hump_that_is_met_along_a_line_is_no_product(rng: np.random.Generator) -> None:
    x = rng.uniform(size=N)
    z = x + 0.05 * rng.normal(size=N)
    gains = -((x - 0.5) ** 2) + 0.02 * rng.normal(size=N)
    assert fit_interaction(x, z, NONE, gains).p_value > 0.05


def test_one_trial_that_went_wrong_is_no_product(rng: np.random.Generator) -> None:
    x, z = rng.uniform(size=(2, N))
    gains = x + z + 0.1 * rng.normal(size=N)
    worst = int(np.argmax(x * z))
    gains[worst] -= 50.0
    assert fit_interaction(x, z, NONE, gains).p_value > 0.01


def test_chance_alone_reaches_one_in_twenty(rng: np.random.Generator) -> None:
    p_values = [fit_interaction(*rng.normal(size=(2, N)), NONE, rng.normal(size=N)).p_value
                for _ in range(400)]  # fmt: skip
    assert np.mean(np.array(p_values) < 0.05) < 0.07


def test_constants_have_no_test() -> None:
    assert np.isnan(fit_interaction(np.ones(N), np.arange(N), NONE, np.arange(N)).p_value)
