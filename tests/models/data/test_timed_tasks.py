"""Classes and numbers in time order: targets from prices, columns, hidden labels, folds."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.data.labelling.rules import ColumnLabel, LabelRule, RowLabel, TargetRule
from models.data.preparation import prepare_dataset, prepare_folds
from models.data.sources import DataSource, load_source
from models.data.splitting.folds import FoldRule
from models.data.splitting.periods import SplitFractions
from models.errors import DataError
from models.task import Task

Write = Callable[..., Path]

SPLIT = SplitFractions(0.2, 0.2)


@pytest.mark.parametrize("target", ["log_range", "return", "realized_volatility"])
def test_a_target_of_prices_makes_a_regression(
    write: Write, prices: pd.DataFrame, target: str
) -> None:
    rule = TargetRule(target, 3)  # type: ignore[arg-type]
    data = prepare_dataset(
        DataSource(write(prices)), label=rule, split=SPLIT, context=20, task="regression"
    )
    high, low, close = (prices[name].to_numpy() for name in ("high", "low", "close"))
    np.testing.assert_array_equal(data.labels, rule.label_rows(high, low, close))
    assert (data.task, data.label) == ("regression", rule.describe())
    assert np.isfinite(data.labels[data.test_rows]).all()
    assert data.test_rows[-1] == 896  # the last label that is known looks at the last row
    assert data.summary()["train"].mean == pytest.approx(data.labels[data.train_rows].mean())
    shown = data.without_test_labels().labels
    assert np.isnan(shown[data.val_rows[-1] + 1 :]).all()
    assert np.isfinite(shown[data.train_rows[0] : data.val_rows[-1] + 1]).all()


def test_classes_in_time_order_keep_windows_and_hide_what_comes_later(
    write: Write, prices: pd.DataFrame
) -> None:
    kind = np.array(["calm", "wild", "odd"])[np.arange(900) % 3]
    source = DataSource(write(prices.assign(State=kind)))
    data = prepare_dataset(
        source, label=ColumnLabel("state", 0), split=SPLIT, context=20, task="multiclass"
    )
    assert (data.classes, data.context, data.is_ordered) == (("calm", "odd", "wild"), 20, True)
    assert data.test_rows[-1] == 899  # a horizon of 0 needs no row after it
    assert data.labels[:3].tolist() == [0, 2, 1]
    assert (data.without_test_labels().labels[data.val_rows[-1] + 1 :] == -1).all()


def test_folds_know_no_number_of_their_future(write: Write, prices: pd.DataFrame) -> None:
    prepared = prepare_folds(
        DataSource(write(prices)),
        FoldRule(3, cuts_validation=True),
        label=TargetRule("return", 4),
        split=SPLIT,
        context=20,
        task="regression",
    )
    for data in prepared.datasets[:-1]:
        assert np.isnan(data.labels[-4:]).all()
        assert np.isfinite(data.labels[:-4]).all()


def test_a_fold_without_a_class_is_dropped(write: Write, prices: pd.DataFrame) -> None:
    kind = np.array(["a", "b", "c"])[np.arange(900) % 3]
    kind[360:540] = np.where(kind[360:540] == "c", "a", kind[360:540])
    prepared = prepare_folds(
        DataSource(write(prices.assign(kind=kind))),
        FoldRule(2),
        label=ColumnLabel("kind"),
        split=SPLIT,
        context=10,
        task="multiclass",
    )
    assert [data.fold for data in prepared.datasets] == [2]
    (dropped,) = prepared.dropped
    assert "the val period of fold 1, " in dropped.dropped
    assert "class 'c' has no validation rows; at least 2 of each" in dropped.dropped


def test_the_names_of_classes_are_part_of_the_fingerprint(
    write: Write, prices: pd.DataFrame
) -> None:
    prints = []
    for names in (["a", "b", "c"], ["a", "b", "d"]):
        table = prices.assign(kind=np.resize(np.array(names), 900))
        source = DataSource(write(table))
        raw = load_source(source, "a50", ColumnLabel("kind"), task="multiclass")
        prints.append(raw.fingerprint)
    assert prints[0] != prints[1]


def test_the_option_comes_before_the_studys_column(write: Write, prices: pd.DataFrame) -> None:
    table = prices.assign(one=np.arange(900) % 2, two=np.arange(900) % 3 > 0)
    source = DataSource(write(table), label_column="two")
    assert load_source(source, "a50", ColumnLabel("one")).label == "column two"


@pytest.mark.parametrize(
    ("task", "label", "sentence"),
    [
        (
            "regression",
            LabelRule(),
            "task regression needs a column of numbers .* or a target that",
        ),
        ("multiclass", LabelRule(), "task multiclass needs a column of classes"),
        ("multiclass", TargetRule("return"), "label target return: a number, and task multiclass"),
        ("regression", ColumnLabel("clse"), r"no column 'clse' \(nearest: 'close'\)"),
        ("multiclass", ColumnLabel("close"), "this looks like a regression target"),
    ],
)
def test_a_label_that_does_not_go_with_the_task_is_refused(
    write: Write, prices: pd.DataFrame, task: Task, label: RowLabel, sentence: str
) -> None:
    with pytest.raises(DataError, match=sentence):
        prepare_dataset(DataSource(write(prices)), label=label, split=SPLIT, task=task)


def test_a_target_of_prices_beside_features(write: Write, prices: pd.DataFrame) -> None:
    table = prices[["high", "low", "close"]].assign(x=np.arange(900) % 7)
    data = prepare_dataset(
        DataSource(write(table)),
        label=TargetRule("log_range"),
        split=SPLIT,
        context=5,
        task="regression",
    )
    assert data.feature_names == ("x",)
    expected = np.log(prices["high"] / prices["low"]).to_numpy()[1:]
    np.testing.assert_allclose(data.labels[:-1], expected)
