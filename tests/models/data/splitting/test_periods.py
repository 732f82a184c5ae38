from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from models.data.labelling.labels import UNKNOWN
from models.data.splitting.periods import (
    OrderedSplit,
    SplitDates,
    SplitFractions,
    read_border,
    split_rows,
)
from models.data.splitting.samples import Samples, SplitRows
from models.errors import DataError

DAYS = pd.date_range("2020-01-01", periods=100).to_numpy().astype("datetime64[ns]")
LABELS = np.tile([0, 1], 50).astype(np.int8)
WHOLE = np.ones(100, dtype=bool)
BY_DATE = SplitDates(date(2020, 2, 20), date(2020, 3, 11), date(2020, 3, 31))  # rows 50, 70, 90


def split_made_up(
    split: OrderedSplit = BY_DATE, *, context: int = 5, horizon: int = 1
) -> SplitRows:
    return split_rows(Samples("a.csv", DAYS, LABELS, WHOLE, context, horizon), split)


@pytest.mark.parametrize(
    ("context", "horizon", "train", "val", "test"),
    [
        # The first sample ends the first whole window; the label of the last looks at the last row.
        (5, 1, (4, 48), (54, 68), (74, 88)),
        (1, 1, (0, 48), (50, 68), (70, 88)),
        (5, 3, (4, 46), (54, 66), (74, 86)),
        (1, 10, (0, 39), (50, 59), (70, 79)),
    ],
)
def test_windows_and_labels_stay_inside_their_period(
    context: int,
    horizon: int,
    train: tuple[int, int],
    val: tuple[int, int],
    test: tuple[int, int],
) -> None:
    rows = split_made_up(context=context, horizon=horizon)
    for found, (first, last) in ((rows.train, train), (rows.val, val), (rows.test, test)):
        assert found.dtype == np.int64
        assert found.tolist() == list(range(first, last + 1))


def test_rows_agree_with_a_plain_loop_over_gaps_and_unknown_labels(
    rng: np.random.Generator,
) -> None:
    days = pd.date_range("2020-01-01", periods=400).to_numpy().astype("datetime64[ns]")
    is_usable = rng.random(400) > 0.03
    is_usable[:7] = False
    labels = rng.integers(UNKNOWN, 2, 400).astype(np.int8)
    split = SplitFractions(0.25, 0.25)
    rows = split_rows(Samples("a.csv", days, labels, is_usable, 3, 2), split)
    periods = (range(200), range(200, 300), range(300, 400))
    for found, period in zip((rows.train, rows.val, rows.test), periods, strict=True):
        expected = [
            row
            for row in period
            if row - 2 in period
            and row + 2 in period
            and is_usable[row - 2 : row + 1].all()
            and labels[row] != UNKNOWN
        ]
        assert found.tolist() == expected


def test_the_periods_share_no_row_however_long_the_label_looks() -> None:
    rows = split_made_up(context=4, horizon=5)
    touched = [
        {row + offset for row in found for offset in range(-3, 6)}
        for found in (rows.train, rows.val, rows.test)
    ]
    assert not touched[0] & touched[1]
    assert not touched[1] & touched[2]


def test_a_train_start_and_an_open_end_bound_the_outer_periods() -> None:
    rows = split_made_up(SplitDates(date(2020, 2, 20), date(2020, 3, 11), None, date(2020, 1, 11)))
    assert rows.train[0] == 10 + 4
    assert rows.test[-1] == 98


def test_a_border_may_have_a_time_of_day() -> None:
    borders = (datetime(2020, 2, 20, 12), datetime(2020, 3, 11))
    assert split_made_up(SplitDates(*borders), context=1).val[0] == 51


def test_a_border_on_a_day_without_a_row_starts_with_the_next_row() -> None:
    days = np.delete(DAYS, 50)
    rows = split_rows(Samples("a.csv", days, LABELS[:99], WHOLE[:99], 1, 1), BY_DATE)
    assert days[rows.val[0]] == DAYS[51]


def test_fractions_cut_the_rows_in_time_order() -> None:
    rows = split_made_up(SplitFractions(val=0.15, test=0.15), context=1)
    assert (rows.train[0], rows.train[-1]) == (0, 68)
    assert (rows.val[0], rows.val[-1]) == (70, 83)
    assert (rows.test[0], rows.test[-1]) == (85, 98)


def test_few_rows_of_a_class_are_noticed() -> None:
    notices = split_made_up(context=1).notices
    assert notices[0] == (
        "a.csv: the train period, 2020-01-01 to 2020-02-19, has 24 positive of 49 rows: "
        "few for an AUC"
    )
    assert len(notices) == 3


BAD_BORDERS = {
    "order": (
        date(2020, 3, 11),
        date(2020, 2, 20),
        "test_start 2020-02-20 must lie after val_start",
    ),
    "same": (
        date(2020, 3, 11),
        date(2020, 3, 11),
        "test_start 2020-03-11 must lie after val_start",
    ),
    "early": (
        date(2019, 1, 1),
        date(2020, 3, 11),
        "val_start 2019-01-01 lies outside the dates of a.csv, 2020-01-01 to 2020-04-09",
    ),
    "first day": (date(2020, 1, 1), date(2020, 3, 11), "val_start 2020-01-01 lies outside"),
    "late": (date(2020, 3, 11), date(2021, 1, 1), "test_start 2021-01-01 lies outside the dates"),
}


@pytest.mark.parametrize("case", BAD_BORDERS)
def test_borders_that_cut_nothing_off_are_refused(case: str) -> None:
    val_start, test_start, sentence = BAD_BORDERS[case]
    with pytest.raises(DataError, match=sentence):
        split_made_up(SplitDates(val_start, test_start))


def test_the_outer_borders_are_held_to_the_order_too() -> None:
    with pytest.raises(DataError, match="val_start 2020-02-20 must lie after train_start"):
        SplitDates(date(2020, 2, 20), date(2020, 3, 11), train_start=date(2020, 2, 20))
    with pytest.raises(DataError, match="test_end 2020-03-11 must lie after test_start"):
        SplitDates(date(2020, 2, 20), date(2020, 3, 11), date(2020, 3, 11))


def test_a_period_between_two_rows_is_empty() -> None:
    borders = SplitDates(datetime(2020, 2, 20, 1), datetime(2020, 2, 20, 2))
    with pytest.raises(
        DataError, match="the val period holds no row; the dates run from 2020-01-01"
    ):
        split_made_up(borders)


@pytest.mark.parametrize(
    ("val", "test"), [(0.0, 0.2), (0.5, 0.5), (0.2, -0.1), (float("nan"), 0.1)]
)
def test_fractions_that_leave_nothing_are_refused(val: float, test: float) -> None:
    with pytest.raises(DataError, match="expected two shares above 0 with a sum below 1"):
        SplitFractions(val, test)


def test_a_period_shorter_than_a_window_is_refused() -> None:
    sentence = "the val period, 2020-02-20 to 2020-03-10, has 20 rows .* no window of 20 such"
    with pytest.raises(DataError, match=sentence):
        split_made_up(context=20)
    with pytest.raises(DataError, match="context: found 0; expected 1 row or more"):
        split_made_up(context=0)
    with pytest.raises(DataError, match="no window of 500 such rows"):
        split_made_up(context=500)


@pytest.mark.parametrize("label", [0, 1])
def test_a_period_with_one_class_is_refused(label: int) -> None:
    labels = LABELS.copy()
    labels[50:70] = label
    sentence = f"the val period, .* has {19 * label} positive of 19 rows; at least 5 rows of each"
    with pytest.raises(DataError, match=sentence):
        split_rows(Samples("a.csv", DAYS, labels, WHOLE, 1, 1), BY_DATE)


def test_a_border_in_a_far_year_is_refused() -> None:
    with pytest.raises(DataError, match="border 9999-01-01: expected a year from 1678 to 2261"):
        SplitDates(date(2020, 2, 20), date(2020, 3, 11), date(9999, 1, 1))


def test_a_border_is_read_from_text() -> None:
    assert read_border("val_start", " 2020-02-20 ") == datetime(2020, 2, 20)
    assert read_border("val_start", "2020-02-20 12:30") == datetime(2020, 2, 20, 12, 30)
    for text in ("2020-02-30", "yesterday", "20.2.2020"):
        with pytest.raises(DataError, match=f"val_start: found '{text}'; expected a date such as"):
            read_border("val_start", text)
    with pytest.raises(DataError, match="expected a date without a time zone"):
        read_border("val_start", "2020-02-20T00:00+01:00")
