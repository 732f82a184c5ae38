"""What a target of prices was until now, as two baselines tell it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.baselines import MOVING_ROWS, fit_baseline, list_baselines
from models.data.dataset import Dataset, load_dataset, save_dataset
from models.data.labelling.rules import ColumnLabel, LabelRule, RowLabel, TargetRule
from models.data.preparation import prepare_dataset, prepare_folds
from models.data.sources import DataSource
from models.data.splitting.folds import FoldRule
from models.data.splitting.periods import SplitFractions
from models.errors import DataError

Write = Callable[..., Path]
OF_THE_PAST = ("last_value", "moving_average")
SPLIT = SplitFractions(0.2, 0.2)


def prepare(path: Path, rule: RowLabel) -> Dataset:
    return prepare_dataset(DataSource(path), label=rule, split=SPLIT, context=20, task="regression")


def test_only_targets_of_prices_have_a_past(write: Write, prices: pd.DataFrame) -> None:
    assert list_baselines("regression", is_target=True) == (
        *("mean", "last_value", "moving_average", "ridge", "boosting"),
    )
    path = write(prices.assign(state=prices["close"]))
    other = prepare(path, ColumnLabel("state"))
    assert other.target_horizon == 0
    with pytest.raises(DataError, match="found 'last_value'; expected one of 'mean', 'ridge'"):
        fit_baseline("last_value", other)
    is_up = prepare_dataset(DataSource(path), label=LabelRule(), split=SPLIT, context=20)
    assert is_up.target_horizon == 0


@pytest.mark.parametrize("horizon", [1, 5])
@pytest.mark.parametrize("target", ["log_range", "return", "realized_volatility"])
def test_the_last_value_is_the_target_over_the_rows_up_to_the_row_itself(
    write: Write, prices: pd.DataFrame, target: str, horizon: int
) -> None:
    rule = TargetRule(target, horizon)  # type: ignore[arg-type]
    data = prepare(write(prices), rule)
    told = fit_baseline("last_value", data).val_scores
    high, low, close = (prices[name].to_numpy() for name in ("high", "low", "close"))
    for row, value in zip(data.val_rows, told, strict=True):
        own = slice(row - horizon + 1, row + 1)
        logs = np.diff(np.log(close[row - horizon : row + 1]))
        expected = {
            "log_range": np.log(high[own].max() / low[own].min()),
            "return": close[row] / close[row - horizon] - 1,
            "realized_volatility": np.sqrt((logs**2).sum()),
        }[target]
        assert value == pytest.approx(expected, rel=1e-12)


def test_the_moving_average_is_the_mean_of_the_last_twenty(
    write: Write, prices: pd.DataFrame
) -> None:
    data = prepare(write(prices), TargetRule("log_range", 3))
    told = fit_baseline("moving_average", data)
    assert MOVING_ROWS == 20
    for rows, scores in ((data.train_rows, told.train_scores), (data.val_rows, told.val_scores)):
        expected = [data.labels[row - 3 - 19 : row - 3 + 1].mean() for row in rows]
        np.testing.assert_allclose(scores, expected, rtol=1e-12)


@pytest.mark.parametrize("horizon", [1, 4])
@pytest.mark.parametrize("name", OF_THE_PAST)
def test_another_future_leaves_what_was_told_before_it_as_it_was(
    write: Write, prices: pd.DataFrame, name: str, horizon: int
) -> None:
    rule = TargetRule("log_range", horizon)
    before = prepare(write(prices), rule)
    turn = int(before.val_rows[len(before.val_rows) // 2])
    later = prices.copy()
    later.iloc[turn + 1 :, later.columns.get_loc("high")] *= 1.7
    after = prepare(write(later), rule)
    assert after.labels[turn - horizon] == before.labels[turn - horizon]
    assert after.labels[turn] != before.labels[turn]
    one, other = (fit_baseline(name, data).val_scores for data in (before, after))
    is_past = before.val_rows <= turn
    np.testing.assert_array_equal(one[is_past], other[is_past])
    assert (one[~is_past] != other[~is_past])[0]


@pytest.mark.parametrize("name", OF_THE_PAST)
def test_folds_are_told_the_same(write: Write, prices: pd.DataFrame, name: str) -> None:
    rule = TargetRule("return", 4)
    whole = prepare(write(prices), rule)
    folds = prepare_folds(
        DataSource(write(prices)), FoldRule(3, cuts_validation=True), label=rule, split=SPLIT,
        context=20, task="regression",
    )  # fmt: skip
    told = fit_baseline(name, whole)
    by_row = dict(zip(whole.val_rows.tolist(), told.val_scores, strict=True))
    for data in folds.datasets:
        scores = fit_baseline(name, data).val_scores
        assert np.isfinite(scores).all()
        for row, score in zip(data.val_rows.tolist(), scores, strict=True):
            assert by_row.get(row, score) == score


def test_unknown_values_are_passed_over_and_before_any_stands_the_training_mean(
    write: Write, prices: pd.DataFrame
) -> None:
    data = prepare(write(prices), TargetRule("log_range", 2))
    labels = np.full(len(data.labels), np.nan)
    labels[:8] = [np.nan, np.nan, np.nan, 1.0, np.nan, 3.0, 8.0, 8.0]
    made = replace(data, labels=labels, train_rows=np.array([5, 7]), val_rows=np.array([3, 6]))
    mean = (3.0 + 8.0) / 2
    last = fit_baseline("last_value", made)
    assert last.val_scores.tolist() == [mean, 1.0]
    assert last.train_scores.tolist() == [1.0, 3.0]
    assert fit_baseline("moving_average", made).train_scores.tolist() == [1.0, 2.0]


def test_the_rows_that_make_up_a_target_are_kept_in_the_file(
    write: Write, prices: pd.DataFrame, tmp_path: Path
) -> None:
    data = prepare(write(prices), TargetRule("log_range", 3))
    save_dataset(data, tmp_path / "data.npz")
    assert load_dataset(tmp_path / "data.npz").target_horizon == data.target_horizon == 3


def test_the_mean_of_a_month_tells_more_of_the_embedded_range_than_its_last_day() -> None:
    data = prepare_dataset(
        DataSource(), label=TargetRule("log_range"), task="regression", context=20
    )
    errors = {
        name: np.sqrt(np.mean((fit_baseline(name, data).train_scores - labels) ** 2))
        for labels in [data.labels[data.train_rows]]
        for name in ("mean", *OF_THE_PAST)
    }
    assert errors["moving_average"] < errors["last_value"] < errors["mean"]
