"""Folds: where they lie, what they may know, and that an independent splitter agrees."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from purgedcv import purge

from models.data.labelling.labels import UNKNOWN
from models.data.labelling.rules import LabelRule
from models.data.preparation import PreparedFolds, prepare_folds
from models.data.sources import DataSource
from models.data.splitting.folds import FoldRule, split_folds
from models.data.splitting.periods import OrderedSplit, SplitDates, SplitFractions, split_rows
from models.data.splitting.samples import Samples
from models.errors import DataError

Write = Callable[..., Path]

BY_DATE = SplitDates(date(2020, 9, 7), date(2020, 12, 16), date(2021, 2, 4))  # rows 250, 350, 400


def sample(n_rows: int = 400, *, context: int = 5, horizon: int = 1, seed: int = 7) -> Samples:
    days = np.datetime64("2020-01-01", "ns") + np.arange(n_rows) * np.timedelta64(1, "D")
    labels = np.random.default_rng(seed).integers(0, 2, n_rows).astype(np.int8)
    return Samples("a.csv", days, labels, np.ones(n_rows, dtype=bool), context, horizon)


def borders(split: OrderedSplit, rule: FoldRule) -> list[tuple[int, int]]:
    return [(fold.first, fold.end) for fold in split_folds(sample(), split, rule)]


def test_one_fold_is_the_split_as_it_is() -> None:
    (fold,) = split_folds(sample(), BY_DATE, FoldRule())
    plain = split_rows(sample(), BY_DATE)
    assert fold.number is None
    assert fold.known is None
    for name in ("train", "val", "test"):
        np.testing.assert_array_equal(getattr(fold.rows, name), getattr(plain, name))


def test_each_fold_is_as_long_as_the_validation_period_and_the_last_ends_at_the_test() -> None:
    assert borders(BY_DATE, FoldRule(2)) == [(150, 250), (250, 350)]
    assert borders(BY_DATE, FoldRule(3)) == [(50, 150), (150, 250), (250, 350)]
    fractions = SplitFractions(val=0.1, test=0.15)
    assert borders(fractions, FoldRule(3)) == [(220, 260), (260, 300), (300, 340)]


def test_folds_share_the_validation_period_that_a_person_names() -> None:
    cut = FoldRule(4, cuts_validation=True)
    assert borders(BY_DATE, cut) == [(250, 275), (275, 300), (300, 325), (325, 350)]
    thirds = borders(BY_DATE, FoldRule(3, cuts_validation=True))
    assert thirds == [(250, 283), (283, 317), (317, 350)]  # alike but for a row


def test_without_a_start_of_validation_it_has_its_usual_share_of_the_rows() -> None:
    split = SplitDates(None, date(2020, 12, 16))  # of 400 rows 60 before row 350
    assert borders(split, FoldRule(2)) == [(230, 290), (290, 350)]


def test_windows_and_labels_stay_inside_their_fold() -> None:
    samples = sample(context=8, horizon=3)
    folds = split_folds(samples, BY_DATE, FoldRule(3))
    for fold in folds:
        assert fold.rows is not None
        assert fold.rows.train.tolist() == list(range(7, fold.first - 3))
        assert fold.rows.val.tolist() == list(range(fold.first + 7, fold.end - 3))
    assert [fold.known for fold in folds] == [150, 250, None]
    tests = [fold.rows.test.tolist() for fold in folds if fold.rows is not None]
    assert tests == [[], [], list(range(357, 397))]


@pytest.mark.parametrize("seed", range(200))
def test_an_independent_splitter_leaves_the_same_rows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    context, horizon = int(rng.integers(1, 25)), int(rng.integers(1, 12))
    n_folds, n_rows = int(rng.integers(2, 7)), int(rng.integers(500, 900))
    days = pd.date_range("2015-01-01", periods=2 * n_rows)
    kept = np.sort(rng.choice(2 * n_rows, n_rows, replace=False))  # days with gaps
    samples = Samples(
        "a.csv",
        days[kept].to_numpy().astype("datetime64[ns]"),
        np.where(rng.random(n_rows) < 0.02, -1, rng.integers(0, 2, n_rows)).astype(np.int8),
        rng.random(n_rows) > 0.005,
        context,
        horizon,
    )
    split = SplitFractions(val=0.1, test=0.15)
    folds = split_folds(samples, split, FoldRule(n_folds))

    rows = np.arange(n_rows)
    known_from = pd.Series(rows - context + 1)  # a sample lies on the rows from its window's first
    known_to = pd.Series(rows + horizon + 1)  # to the last that its label looks at
    starts = pd.Timestamp("2000-01-01") + pd.to_timedelta(known_from, unit="D")
    ends = pd.Timestamp("2000-01-01") + pd.to_timedelta(known_to, unit="D")
    usable = samples.list_ends()
    for fold in folds:
        if fold.rows is None:
            assert "at least 2 rows of each class" in fold.dropped or "no window" in fold.dropped
            continue
        period = rows[fold.first : fold.end]
        before = usable[usable < fold.first]
        expected = purge(before, period[context - 1 :], starts, ends)
        np.testing.assert_array_equal(fold.rows.train, expected)
        inside = (usable >= fold.first) & (usable < fold.end)
        after = rows[fold.end :][context - 1 :]  # what the next period validates or tests on
        earlier = rows[: fold.first - horizon]  # the last of them looks at the row before the fold
        expected = purge(purge(usable[inside], after, starts, ends), earlier, starts, ends)
        np.testing.assert_array_equal(fold.rows.val, expected)


def test_a_fold_without_a_class_is_dropped_and_named() -> None:
    samples = sample()
    samples.labels[150:250] = 0
    samples.labels[200] = 1
    folds = split_folds(samples, BY_DATE, FoldRule(3))
    assert [fold.rows is None for fold in folds] == [False, True, False]
    assert folds[1].dropped == (
        "a.csv: the val period of fold 2, 2020-05-30 to 2020-09-06, has 1 positive of 95 rows; "
        "at least 2 rows of each class are needed"
    )


def test_the_last_fold_that_is_kept_knows_of_the_test_period() -> None:
    samples = sample()
    samples.labels[250:350] = 0
    folds = split_folds(samples, BY_DATE, FoldRule(3))
    assert folds[2].rows is None
    assert folds[1].known is None
    assert folds[1].rows is not None
    assert len(folds[1].rows.test) == 45


def test_folds_that_do_not_fit_are_refused_with_how_many_do() -> None:
    with pytest.raises(DataError, match=r"4 folds of 100 rows each .* are enough for 3$"):
        split_folds(sample(), BY_DATE, FoldRule(4))
    with pytest.raises(DataError, match=r"20 folds .* have 5 rows each, .* enough for 16$"):
        split_folds(sample(), BY_DATE, FoldRule(20, cuts_validation=True))
    with pytest.raises(DataError, match="folds: found 0; expected 1 or more"):
        FoldRule(0)
    samples = sample()
    samples.labels[:] = 0
    samples.labels[350:] = np.arange(50) % 2
    with pytest.raises(DataError, match=r"the train period of fold 1, .* has 0 positive"):
        split_folds(samples, BY_DATE, FoldRule(2))
    samples.labels[:50] = np.arange(50) % 2
    with pytest.raises(DataError, match=r"the val period of fold 3, .* so has every other fold"):
        split_folds(samples, BY_DATE, FoldRule(3))


SPLIT = SplitDates(date(2003, 6, 1), date(2003, 10, 1))


def prepare(path: Path, n_folds: int = 3) -> PreparedFolds:
    label = LabelRule(0.01, horizon=3)
    return prepare_folds(DataSource(path), FoldRule(n_folds), label=label, split=SPLIT, context=20)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_nothing_of_a_folds_future_reaches_its_fits(
    at: int, write: Write, prices: pd.DataFrame, rng: np.random.Generator
) -> None:
    one = prepare(write(prices)).datasets[at]
    last = int(one.val_rows[-1]) + 3  # that a label of the fold looks at
    changed = prices.copy()
    changed.iloc[last + 1 :, :4] *= np.exp(0.2 * rng.standard_normal((len(prices) - last - 1, 1)))
    changed.iloc[last + 1 :, 4] *= 3
    other = prepare(write(changed)).datasets[at]
    for name in ("train_rows", "val_rows"):
        np.testing.assert_array_equal(getattr(other, name), getattr(one, name))
    rows = np.concatenate([one.train_rows, one.val_rows])
    assert other.labels[rows].tobytes() == one.labels[rows].tobytes()
    for row in rows:
        assert other.window(row).tobytes() == one.window(row).tobytes()
    assert other.labels[: last + 1].tobytes() == one.labels[: last + 1].tobytes()
    if at < 2:  # not even the features are there
        assert len(one.features) == last + 1
        assert set(one.labels[-3:]) == {UNKNOWN}


def test_validation_of_a_fold_changes_nothing_that_is_trained_on_before_it(
    write: Write, prices: pd.DataFrame
) -> None:
    one = prepare(write(prices)).datasets[1]
    changed = prices.copy()
    changed.iloc[int(one.train_rows[-1]) + 4 :, 4] *= 50
    other = prepare(write(changed)).datasets[1]
    known = slice(int(one.train_rows[-1]) + 4)
    assert other.features[known].tobytes() == one.features[known].tobytes()


def test_only_the_last_fold_has_test_rows_and_all_know_their_number(
    write: Write, prices: pd.DataFrame
) -> None:
    prepared = prepare(write(prices))
    assert [dataset.fold for dataset in prepared.datasets] == [1, 2, 3]
    assert [len(dataset.test_rows) > 0 for dataset in prepared.datasets] == [False, False, True]
    assert prepared.dropped == ()
    for before, after in zip(prepared.datasets, prepared.datasets[1:], strict=False):
        assert before.val_rows[-1] < after.val_rows[0]
        assert len(before.train_rows) < len(after.train_rows)
