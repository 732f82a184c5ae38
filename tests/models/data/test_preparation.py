"""From a source to a dataset: the rows that a count by hand gives, and no look ahead."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.data.dataset import Dataset, SplitSummary
from models.data.labelling.rules import LabelRule
from models.data.preparation import default_split, prepare_dataset
from models.data.sources import DataSource
from models.data.splitting.periods import SplitDates, SplitFractions
from models.errors import DataError

Write = Callable[..., Path]

SPLIT = SplitDates(date(2003, 1, 1), date(2003, 9, 1))


@pytest.fixture
def dataset(write: Write, prices: pd.DataFrame) -> Dataset:
    return prepare_dataset(DataSource(write(prices)), split=SPLIT, context=20)


def test_the_embedded_data_has_the_rows_that_a_count_by_hand_gives() -> None:
    dataset = prepare_dataset(DataSource())
    assert dataset.summary() == {
        # The first window begins in row 199, the first with every indicator, and ends 79 later.
        "train": SplitSummary(4024 - 278 + 1 - 1, 864, "2000-02-09", "2014-12-30"),
        # 504 sessions in the two years, less 79 before the first whole window and 1 for the label.
        "val": SplitSummary(504 - 79 - 1, 75, "2015-04-28", "2016-12-29"),
        "test": SplitSummary(502 - 79 - 1, 60, "2017-04-27", "2018-12-28"),
    }
    assert dataset.train_rows[0] == 199 + 79
    assert dataset.features.shape == (5031, 55)
    assert (dataset.name, dataset.tier, dataset.notices) == ("sp500", "a50", ())


def test_spy_has_the_rows_and_positives_of_the_first_round(shared_data: Path) -> None:
    split = SplitDates(date(2023, 1, 1), date(2025, 1, 1))
    dataset = prepare_dataset(DataSource(shared_data / "SPY_daily.csv"), split=split)
    summary = dataset.summary()["val"]
    assert (summary.rows, summary.positives) == (422, 76)


def test_preparing_data_imports_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "from models.data.preparation import prepare_dataset\n"
        "from models.data.sources import DataSource\n"
        "prepare_dataset(DataSource())\n"
        "print(*{'torch', 'arch', 'sklearn', 'scipy', 'pyarrow.parquet'} & set(sys.modules))"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


def test_training_rows_have_mean_zero_and_deviation_one(dataset: Dataset) -> None:
    first, last = dataset.train_rows[0] - 19, dataset.train_rows[-1]
    seen = dataset.features[first : last + 1].astype(np.float64)
    np.testing.assert_allclose(seen.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(seen.std(axis=0), 1, atol=1e-6)
    assert dataset.features.dtype == np.float32


def test_every_window_is_whole_and_a_view(dataset: Dataset) -> None:
    for rows in (dataset.train_rows, dataset.val_rows, dataset.test_rows):
        for row in (rows[0], rows[-1]):
            window = dataset.window(row)
            assert window.shape == (20, 55)
            assert np.isfinite(window).all()
            assert np.shares_memory(window, dataset.features)
            np.testing.assert_array_equal(window[-1], dataset.features[row])
    assert np.isnan(dataset.features[198]).any()


def test_a100_adds_channels_to_the_same_rows(write: Write, prices: pd.DataFrame) -> None:
    source = DataSource(write(prices))
    small, large = (
        prepare_dataset(source, tier=tier, split=SPLIT, context=20) for tier in ("a50", "a100")
    )
    assert large.features.shape == (900, 105)
    np.testing.assert_array_equal(large.features[:, :55], small.features)
    np.testing.assert_array_equal(large.val_rows, small.val_rows)
    assert large.fingerprint == small.fingerprint


@pytest.mark.parametrize("row", [640, 700, 860])
def test_no_window_or_label_feels_what_comes_after_it(
    write: Write, prices: pd.DataFrame, rng: np.random.Generator, row: int
) -> None:
    label = LabelRule(0.01, horizon=3)
    changed = prices.copy()
    changed.iloc[row + 1 :, :4] *= np.exp(0.2 * rng.standard_normal((899 - row, 1)))
    changed.iloc[row + 1 :, 4] *= 3
    one, other = (
        prepare_dataset(DataSource(write(p)), label=label, split=SPLIT, context=20)
        for p in (prices, changed)
    )
    assert row > one.train_rows[-1] + 3
    assert other.features[: row + 1].tobytes() == one.features[: row + 1].tobytes()
    np.testing.assert_array_equal(other.labels[: row + 1 - 3], one.labels[: row + 1 - 3])
    np.testing.assert_array_equal(other.val_rows, one.val_rows)
    for last in one.val_rows[one.val_rows <= row]:
        assert other.window(last).tobytes() == one.window(last).tobytes()
    assert other.features[row + 1 :].tobytes() != one.features[row + 1 :].tobytes()


def test_scaling_knows_no_row_outside_the_training_windows(
    write: Write, prices: pd.DataFrame
) -> None:
    last_train = 521  # 2002-12-31
    assert str(prices.index[last_train].date()) == "2002-12-31"
    changed = prices.copy()
    changed.iloc[last_train:, 4] *= 50  # the last training row serves as the future of a label only
    one, other = (
        prepare_dataset(DataSource(write(p)), split=SPLIT, context=20) for p in (prices, changed)
    )
    np.testing.assert_array_equal(other.features[:last_train], one.features[:last_train])


def test_a_constant_column_is_noticed_and_becomes_zero(write: Write, prices: pd.DataFrame) -> None:
    table = prices[["high", "low", "close"]].assign(x=np.arange(900) % 7, steady=0.1)
    dataset = prepare_dataset(DataSource(write(table)), split=SPLIT, context=20)
    assert dataset.notices[-1].endswith(
        "constant in all training rows, so of no use there: 'steady'"
    )
    assert (dataset.features[:, 1] == 0).all()


def test_a_column_too_small_to_have_a_variance_counts_as_constant(
    write: Write, prices: pd.DataFrame, rng: np.random.Generator
) -> None:
    table = prices[["high", "low", "close"]].assign(x=np.arange(900) % 7)
    table["tiny"] = 1e-300 * rng.standard_normal(900)
    dataset = prepare_dataset(DataSource(write(table)), split=SPLIT, context=20)
    assert dataset.notices[-1].endswith("of no use there: 'tiny'")
    assert (dataset.features[:, 1] == 0).all()


def test_a_value_beyond_single_precision_is_refused_with_its_place(
    write: Write, prices: pd.DataFrame, rng: np.random.Generator
) -> None:
    table = prices[["high", "low", "close"]].assign(x=1e-20 * rng.standard_normal(900))
    table.loc[table.index[890], "x"] = 1e29
    message = r"row 891 \(\d{4}-\d\d-\d\d\), column x: found 1e\+29, 1e\+49 standard deviations"
    with pytest.raises(DataError, match=message):
        prepare_dataset(DataSource(write(table)), split=SPLIT, context=20)


def test_a_sensor_table_at_irregular_times_makes_a_dataset(
    write: Write, rng: np.random.Generator
) -> None:
    minutes = np.cumsum(rng.integers(1, 300, 400))
    time = pd.Timestamp("2024-03-01") + pd.to_timedelta(minutes, unit="min")
    table = pd.DataFrame({"heat": rng.standard_normal(400), "y": rng.integers(0, 2, 400)}, time)
    table.iloc[100, 0] = np.nan
    dataset = prepare_dataset(DataSource(write(table.rename_axis("time"))), context=10)
    assert (dataset.tier, dataset.label) == ("own", "column y")
    assert not set(range(100, 110)) & set(dataset.train_rows.tolist())
    assert dataset.train_rows.tolist() == [*range(9, 100), *range(110, 279)]
    assert dataset.val_rows.tolist() == list(range(280 + 9, 339))
    assert dataset.test_rows.tolist() == list(range(340 + 9, 399))
    assert all(np.isfinite(dataset.window(row)).all() for row in dataset.train_rows)


def test_own_data_is_cut_by_fractions_unless_told(write: Write, prices: pd.DataFrame) -> None:
    source = DataSource(write(prices))
    assert default_split(source) == SplitFractions(0.15, 0.15)
    assert isinstance(default_split(DataSource()), SplitDates)
    rows = prepare_dataset(source, context=20).val_rows
    assert (rows[0], rows[-1]) == (630 + 19, 765 - 2)


def test_too_short_a_file_is_refused(write: Write, prices: pd.DataFrame) -> None:
    with pytest.raises(
        DataError, match=r"the train period, .* has 0 rows with all features and 175"
    ):
        prepare_dataset(DataSource(write(prices.iloc[:250])))
