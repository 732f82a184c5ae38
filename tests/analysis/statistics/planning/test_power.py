"""The smallest difference that could have been detected."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from analysis.statistics.comparisons.contrast import Contrast
from analysis.statistics.planning.power import (
    count_deciding_seeds,
    find_detectable_difference,
    find_detectable_range,
    summarise_power,
)
from analysis.statistics.variances.standard_error import combine_variances


def make_contrast(
    estimate: float = 0.02,
    rows: float = 1e-4,
    seeds: float = 0.0,
    interaction: float = 0.0,
    n_seeds: int = 2,
) -> Contrast:
    error, df = combine_variances(
        np.array(rows), np.array(seeds), np.array(interaction), row_df=12, seed_df=n_seeds - 1
    )
    return Contrast(
        estimate=estimate, standard_error=float(error), df=float(df), low=-1.0, high=1.0,
        p_value=0.5, variance_rows=rows, variance_seeds=seeds,
        variance_interaction=interaction, row_df=12, seed_df=n_seeds - 1,
        seed_estimates=(estimate,) * n_seeds, n_rows=420, n_seeds=n_seeds, n_trials=2,
        is_ordered=True, smallest_class=76,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("correlation", "error", "detectable"),
    [(0.90, 0.014, 0.040), (0.95, 0.010, 0.028), (0.99, 0.0045, 0.013)],
)
def test_the_worked_figures(correlation: float, error: float, detectable: float) -> None:
    exact = 0.032 * np.sqrt(2 * (1 - correlation))  # of a paired difference of two AUCs
    assert exact == pytest.approx(error, abs=5e-4)
    assert find_detectable_difference(exact) == pytest.approx(detectable, abs=5e-4)


@pytest.mark.parametrize("rope", [0.0, 0.04])
def test_a_true_difference_of_that_size_is_confirmed_with_the_power(
    rng: np.random.Generator, rope: float
) -> None:
    found = find_detectable_difference(0.01, 20, rope=rope)
    estimates = found + 0.01 * rng.standard_normal(40_000)
    errors = 0.01 * np.sqrt(rng.chisquare(20, 40_000) / 20)
    confirmed = (estimates / errors > stats.t.ppf(0.975, 20)) & (estimates >= rope)
    assert confirmed.mean() == pytest.approx(0.8, abs=0.015)


def test_a_stricter_test_needs_a_larger_difference() -> None:
    assert find_detectable_difference(0.01, alpha=0.01) > find_detectable_difference(0.01)
    assert find_detectable_difference(0.01, power=0.9) > find_detectable_difference(0.01)
    assert find_detectable_difference(0.01, 4) > find_detectable_difference(0.01)


def test_the_range_holds_what_the_true_error_would_find(rng: np.random.Generator) -> None:
    """Of errors estimated on 8 degrees of freedom, 95 % give a range that holds the truth."""
    errors = 0.01 * np.sqrt(rng.chisquare(8, 4000) / 8)
    truth = find_detectable_difference(0.01, 8)
    ranges = [find_detectable_range(error, 8) for error in errors]
    assert np.mean([low <= truth <= high for low, high in ranges]) == pytest.approx(0.95, abs=0.01)
    low, high = find_detectable_range(0.01, 8)
    assert low == pytest.approx(truth * np.sqrt(8 / stats.chi2.ppf(0.975, 8)))
    assert high == pytest.approx(truth * np.sqrt(8 / stats.chi2.ppf(0.025, 8)))


def test_a_negative_error_is_refused() -> None:
    with pytest.raises(ValueError, match=r"standard_error: got -0.1, expected 0 or more"):
        find_detectable_difference(-0.1)


def test_the_batch_is_summarised_over_the_contrasts_that_have_an_error() -> None:
    contrasts = [make_contrast(rows=error**2) for error in (0.01, 0.02, 0.04)]
    found = summarise_power([*contrasts, make_contrast(0.0, rows=0.0)], family_size=7)
    assert found is not None
    each = [find_detectable_difference(one.standard_error, one.df) for one in contrasts]
    assert (found.smallest, found.median, found.largest) == pytest.approx(each)
    ends = find_detectable_range(0.02, contrasts[1].df)
    assert (found.median_low, found.median_high) == pytest.approx(ends)
    strict = find_detectable_difference(0.02, contrasts[1].df, alpha=0.05 / 7)
    assert found.median_in_family == pytest.approx(strict)
    assert (found.n_contrasts, found.family_size, found.is_provisional) == (3, 7, False)


def test_one_contrast_with_one_seed_makes_the_summary_provisional() -> None:
    found = summarise_power([make_contrast(), make_contrast(n_seeds=1)], family_size=2)
    assert found is not None
    assert found.is_provisional


def test_a_batch_without_an_error_has_no_summary() -> None:
    assert summarise_power([make_contrast(0.0, rows=0.0)], family_size=1) is None
    assert summarise_power([], family_size=5) is None


def test_a_family_smaller_than_its_contrasts_is_refused() -> None:
    with pytest.raises(ValueError, match="family_size: got 1, expected 2 or more"):
        summarise_power([make_contrast(), make_contrast()], family_size=1)


def test_the_deciding_seeds_bring_the_detectable_difference_to_the_estimate() -> None:
    """Rows leave an error of 0.003; the seeds' part of 0.02 for two falls as 1/S."""
    contrast = make_contrast(0.03, rows=9e-6 + 1e-4, seeds=4e-4, interaction=1e-4)
    needed = count_deciding_seeds(contrast)
    assert needed is not None

    def detect(n_seeds: int) -> float:
        shrunk = 2 / n_seeds
        error, df = combine_variances(
            np.array(9e-6 + 1e-4 * shrunk), np.array(4e-4 * shrunk), np.array(1e-4 * shrunk),
            row_df=12, seed_df=n_seeds - 1,
        )  # fmt: skip
        return find_detectable_difference(float(error), float(df))

    assert detect(needed) <= 0.03 < detect(needed - 1)


def test_a_further_seed_is_one_on_every_fold() -> None:
    """Eight folds: eight degrees of freedom more with each; what periods do stays."""
    one = make_contrast(0.03, rows=9e-6, seeds=6e-4)
    folds = replace(one, fold_estimates=(0.03,) * 8)
    uneven = replace(folds, variance_periods=2e-4, period_df=7)
    assert [count_deciding_seeds(contrast) for contrast in (one, folds, uneven)] == [14, 12, None]


@pytest.mark.parametrize(
    "contrast",
    [
        make_contrast(0.02, rows=4e-4, seeds=1e-6),
        make_contrast(0.003, rows=1e-8, seeds=1e-4),
        make_contrast(-0.05, rows=1e-8, seeds=1e-4),
        make_contrast(0.02, rows=1e-8, n_seeds=1),
    ],
    ids=["rows forbid it", "below the ROPE", "reversed", "one seed"],
)
def test_no_number_of_seeds_decides(contrast: Contrast) -> None:
    assert count_deciding_seeds(contrast, rope=0.005) is None
