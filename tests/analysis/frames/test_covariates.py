import numpy as np

from analysis.frames.covariates import build_covariates
from tests.analysis.conftest import MakeTrials


def columns_of(make_trials: MakeTrials, **params: list[object]) -> np.ndarray:
    n = len(next(iter(params.values())))
    frame = make_trials(metric=list(range(n)), params=params)
    return build_covariates(frame, frame.finished, tuple(params))


def test_a_rate_enters_by_its_logarithm(make_trials: MakeTrials) -> None:
    columns = columns_of(make_trials, lr=[1e-5, 1e-4, 1e-3])
    np.testing.assert_allclose(columns[:, 0] * np.sqrt(2), [-1, 0, 1], atol=1e-12)


def test_zero_is_a_level_of_its_own(make_trials: MakeTrials) -> None:
    columns = columns_of(make_trials, weight_decay=[0.0, 1e-4, 1e-3, 1e-2])
    assert columns.shape == (4, 2)
    np.testing.assert_allclose(np.diff(columns[1:, 0]), np.diff(columns[1:, 0])[0])


def test_text_enters_by_one_indicator_a_repeated_level(make_trials: MakeTrials) -> None:
    columns = columns_of(make_trials, opt=["a", "b", "c", "a", "b"])
    assert columns.shape == (5, 2)
    assert columns[0, 0] == columns[3, 0] != columns[1, 0]


def test_a_missing_value_is_a_level_of_its_own(make_trials: MakeTrials) -> None:
    columns = columns_of(make_trials, momentum=[0.8, 0.9, None])
    assert columns.shape == (3, 2)
    assert np.isfinite(columns).all()


def test_a_column_without_any_value_enters_by_none(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[1, 2, 3], params={"a": [None, None, 1.0], "b": [1, 2, 3]})
    columns = build_covariates(frame, frame.finished[:2], ("a", "b"))
    np.testing.assert_allclose(columns, [[-(0.5**0.5)], [0.5**0.5]])


def test_constant_columns_are_dropped(make_trials: MakeTrials) -> None:
    assert columns_of(make_trials, a=[1.0, 1.0], b=["x", "x"]).shape == (2, 0)


def test_columns_are_centred_and_of_unit_length(
    make_trials: MakeTrials, rng: np.random.Generator
) -> None:
    columns = columns_of(make_trials, a=list(rng.uniform(size=30)), b=list(rng.uniform(size=30)))
    np.testing.assert_allclose(columns.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose((columns**2).sum(axis=0), 1)
