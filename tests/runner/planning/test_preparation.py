"""What several folds are together."""

import numpy as np
import pytest

from runner.planning.preparation import _join_splits
from trial_sets.records.run_info import SplitSummary


def test_one_split_is_itself() -> None:
    split = SplitSummary(
        rows=3, positives=None, first="", last="", mean=1.5, deviation=0.5, rows_digest="ab"
    )
    assert _join_splits([split]) == split


def test_two_classes_and_several_are_added_up() -> None:
    two = [
        SplitSummary(rows=n, positives=1, first=f"2020-0{n}-01", last=f"2020-0{n}-28")
        for n in (3, 4)
    ]
    joined = _join_splits(two)
    assert joined.model_dump() == {
        "rows": 7, "positives": 2, "first": "2020-03-01", "last": "2020-04-28"
    }  # fmt: skip
    several = [
        SplitSummary(
            rows=5, positives=None, first="", last="", classes={"a": n, "b": 5 - n}, rows_digest="x"
        )
        for n in (1, 2)
    ]
    joined = _join_splits(several)
    assert (joined.positives, joined.classes) == (None, {"a": 3, "b": 7})
    assert len(joined.rows_digest) == 16


def test_numbers_have_the_mean_and_deviation_of_all_rows(rng: np.random.Generator) -> None:
    parts = [rng.normal(n, 2, n) for n in (5, 60, 700)]
    splits = [
        SplitSummary(
            rows=len(part), positives=None, first="", last="",
            mean=float(part.mean()), deviation=float(part.std()),
        )
        for part in parts
    ]  # fmt: skip
    joined, whole = _join_splits(splits), np.concatenate(parts)
    assert joined.mean == pytest.approx(whole.mean())
    assert joined.deviation == pytest.approx(whole.std())
