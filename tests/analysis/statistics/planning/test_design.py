"""The error that a planned batch is going to have."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.statistics.planning.design import Design, ExpectedError, expect_error
from analysis.statistics.planning.variance_parts import REFERENCE_PARTS, VarianceParts

DESIGN = Design(n_folds=4, fold_rows=211, n_seeds=3, n_trials=7, horizon_rows=1)


def test_the_error_by_hand() -> None:
    """(2 + 3/3)/844 of the rows, .06/(4 x 3) of seeds, .08/4 of periods, 3/12 of it seen."""
    parts = VarianceParts(rows=2, interaction=3, seeds=0.06, periods=0.08)
    found = expect_error(parts, DESIGN)
    rows, seeds, periods = 3 / 844, 0.06 / 12, 0.02
    assert found.trial_error == pytest.approx(np.sqrt(rows + seeds + periods))
    spread = (rows + periods / 4) ** 2 / 12 + seeds**2 / 12 + (0.75 * periods) ** 2 / 7
    assert found.df == pytest.approx((rows + seeds + periods) ** 2 / spread)
    assert (DESIGN.seed_df, DESIGN.period_df, DESIGN.n_rows) == (4 + 8, 4 + 3, 844)


def test_one_fold_knows_nothing_of_periods() -> None:
    parts = VarianceParts(rows=2, interaction=0, periods=0.5)
    one = expect_error(parts, replace(DESIGN, n_folds=1))
    assert one.trial_error == pytest.approx(np.sqrt(2 / 211))


def test_what_came_out_below_zero_counts_as_none() -> None:
    parts = VarianceParts(rows=2, interaction=0, seeds=-0.5, periods=-0.1)
    assert expect_error(parts, DESIGN).trial_error == pytest.approx(np.sqrt(2 / 844))


def test_the_reference_has_the_error_of_the_example() -> None:
    one = expect_error(REFERENCE_PARTS, Design(1, 422, 5, 29, 1))
    assert one.trial_error * np.sqrt(2) == pytest.approx(np.sqrt(7.0e-5 + 3.2e-4 / 5))


def test_no_batch_estimates_less_than_independent_rows_have() -> None:
    free, floored = (ExpectedError(3e-5, 1e-5, floor, 12.0) for floor in (0.0, 1.0))
    assert np.square(free.list_errors(2.0)).mean() == pytest.approx(8e-5, rel=0.01)
    assert free.list_errors(2.0).min() < 0.7 * np.sqrt(8e-5)
    assert floored.list_errors(2.0).min() > np.sqrt(6e-5)
    assert floored.list_errors(2.0).max() == free.list_errors(2.0).max()


@pytest.mark.parametrize(
    ("change", "limit"),
    [
        ({"n_seeds": 1}, "one seed: the interval covers rows only"),
        ({"n_folds": 1, "n_seeds": 2, "n_trials": 2}, "two seeds and no third trial"),
        ({"n_folds": 1, "fold_rows": 50}, "50 rows: fewer than 60"),
        ({"horizon_rows": 120}, "844 rows hold 3 independent stretches"),
        ({"fold_class": 2}, "8 rows of the rarer class: fewer than 10"),
    ],
)
def test_what_no_outcome_could_lift(change: dict[str, int], limit: str) -> None:
    (found,) = replace(DESIGN, **change).limits
    assert found.startswith(limit)
    assert not DESIGN.limits
    assert not replace(DESIGN, fold_class=3).limits
    assert not replace(DESIGN, n_folds=2, n_seeds=2, n_trials=2).limits


def test_overlapping_training_sets_enlarge_the_whole_error() -> None:
    """Five folds of rows without order: 1 + 5/4 times rows, seeds and periods."""
    parts = VarianceParts(rows=2, interaction=3, seeds=0.06, periods=0.08)
    design = replace(DESIGN, n_folds=5, horizon_rows=None)
    apart, shared = (expect_error(parts, replace(design, test_to_train=c)) for c in (None, 0.25))
    assert shared.trial_error == pytest.approx(1.5 * apart.trial_error)
    assert replace(design, n_folds=2, n_trials=2, test_to_train=1.0).period_df == 4
