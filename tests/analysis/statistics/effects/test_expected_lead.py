import numpy as np
import pytest

from analysis.statistics.effects.expected_lead import expect_difference_error, expect_lead
from analysis.statistics.metrics.auc import approximate_standard_error


@pytest.mark.parametrize(
    ("n", "correlation", "lead"), [(29, 0.99, 0.007), (29, 0.95, 0.015), (250, 0.95, 0.020)]
)
def test_the_lead_of_the_best_of_equal_trials(n: int, correlation: float, lead: float) -> None:
    error = approximate_standard_error(0.72, 76, 346)
    assert expect_lead(error, n, correlation) == pytest.approx(lead, abs=0.0025)


def test_the_lead_agrees_with_a_simulation(rng: np.random.Generator) -> None:
    draws = rng.standard_normal((20000, 29)) * np.sqrt(0.05)
    assert expect_lead(1.0, 29) == pytest.approx(draws.max(axis=1).mean(), rel=0.02)


@pytest.mark.parametrize(("correlation", "error"), [(0.9, 0.014), (0.95, 0.010), (0.99, 0.0045)])
def test_the_error_of_a_paired_difference(correlation: float, error: float) -> None:
    """The figures of the method's page, from DeLong's 0.032."""
    assert expect_difference_error(0.032, correlation) == pytest.approx(error, abs=5e-4)


def test_one_trial_has_no_lead() -> None:
    assert expect_lead(0.03, 1) == 0
