"""Hyperparameters as level indicators."""

import numpy as np
import pandas as pd
import pytest

from analysis.frames.covariates import Covariates, build_covariates, choose_limit
from tests.analysis.conftest import MakeTrials


def covariates_of(make_trials: MakeTrials, limit: int = 12, **params: object) -> Covariates:
    n = len(next(iter(params.values())))  # type: ignore[call-overload]
    frame = make_trials(metric=list(range(n)), params=params | {"salt": range(n)})
    return build_covariates(frame.finished, tuple(params), limit=limit)


def spans(columns: np.ndarray, wanted: np.ndarray) -> bool:
    """Say whether some columns and a constant span a wanted column."""
    X = np.column_stack([np.ones(len(columns)), columns])
    fitted, *_ = np.linalg.lstsq(X, wanted)
    return bool(np.allclose(X @ fitted, wanted, atol=1e-9))


@pytest.mark.parametrize("values", [[1e-5, 1e-4, 1e-3, 1e-5], [0.0, 1, 2, 0], ["a", "b", "c", "a"]])
def test_each_value_is_a_level_whatever_its_place_on_a_scale(
    make_trials: MakeTrials, values: list[object]
) -> None:
    found = covariates_of(make_trials, a=values)
    for value in set(values):
        assert spans(found.columns, np.array([float(one == value) for one in values]))
    assert np.linalg.matrix_rank(found.columns) == 2
    assert found.ranged == ()


def test_many_values_are_ranges_of_equal_counts_and_named(make_trials: MakeTrials) -> None:
    found = covariates_of(make_trials, lr=10 ** np.linspace(-5, -1, 40), b=[1, 2] * 20)
    assert found.ranged == ("lr",)
    assert np.linalg.matrix_rank(found.columns) == 4 + 1
    lowest = (np.arange(40) < 8).astype(float)
    assert spans(found.columns, lowest)


def test_a_lower_limit_gives_fewer_ranges(make_trials: MakeTrials) -> None:
    found = covariates_of(make_trials, limit=3, a=range(9))
    assert np.linalg.matrix_rank(found.columns) == 2
    assert spans(found.columns, np.repeat([1.0, 0, 0], 3))


def test_texts_seen_once_share_a_level_where_there_are_too_many(make_trials: MakeTrials) -> None:
    found = covariates_of(make_trials, limit=3, opt=["a", "a", "b", "b", "c", "d", "e", "f"])
    assert spans(found.columns, np.array([0.0, 0, 0, 0, 1, 1, 1, 1]))
    assert not spans(found.columns, np.array([0.0, 0, 0, 0, 1, 0, 0, 0]))
    assert found.ranged == ("opt",)


def test_a_missing_value_is_a_level_of_its_own(make_trials: MakeTrials) -> None:
    found = covariates_of(make_trials, momentum=[0.8, 0.9, None])
    assert np.isfinite(found.columns).all()
    assert spans(found.columns, np.array([0.0, 0, 1]))


def test_a_configuration_at_two_budgets_is_half_at_each(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[1, 2, 3, 4], params={"a": [1, 1, 2, 3]}, budget=["2M", "20M", "2M", "20M"]
    )
    columns = build_covariates(frame.finished, ("budget",), limit=12).columns
    assert len(columns) == 3
    assert spans(columns, np.array([0.5, 1.0, 0.0]))
    apart = build_covariates(frame.finished, ("budget",), ("configuration", "budget"), limit=12)
    assert len(apart.columns) == 4


def test_constants_and_no_names_give_no_columns(make_trials: MakeTrials) -> None:
    assert covariates_of(make_trials, a=[1.0, 1.0], b=["x", "x"]).columns.shape == (2, 0)
    frame = make_trials(metric=[1, 2], params={"a": [1, 2]})
    assert build_covariates(frame.finished, (), limit=12).columns.shape == (2, 0)


def test_columns_are_centred_and_of_unit_length(
    make_trials: MakeTrials, rng: np.random.Generator
) -> None:
    columns = covariates_of(make_trials, a=rng.uniform(size=30), b=rng.uniform(size=30)).columns
    np.testing.assert_allclose(columns.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose((columns**2).sum(axis=0), 1)


@pytest.mark.parametrize(
    ("n_values", "n", "limit"),
    [
        ([11, 9, 4, 4], 111, 12),  # 10 + 8 + 3 + 3 of 111
        ([40, 40], 40, 12),  # five ranges each: 8 of 40
        ([8, 8, 8], 24, 7),  # 21 of 24 leave too few; five ranges each are 12
        ([3, 3, 3, 3], 8, 2),  # even pairs leave half
    ],
)
def test_a_quarter_of_the_configurations_is_left_to_the_error(
    n_values: list[int], n: int, limit: int
) -> None:
    rows = pd.DataFrame({f"p{i}": np.arange(n) % size for i, size in enumerate(n_values)})
    assert choose_limit(rows.astype("float64"), list(rows.columns), n) == limit
