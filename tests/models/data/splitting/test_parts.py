"""Parts of rows without order: disjoint, whole, balanced, and the same for the same seed."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from sklearn.model_selection import GroupKFold, StratifiedKFold

from models.data.labelling.labels import UNKNOWN
from models.data.splitting.folds import Fold, FoldRule
from models.data.splitting.parts import split_parts
from models.data.splitting.samples import RowArray, Samples, SplitRows
from models.data.splitting.unordered import (
    ColumnSplit,
    GroupSplit,
    RandomSplit,
    StratifiedSplit,
    UnorderedSplit,
)
from models.errors import DataError

SPLITS: list[UnorderedSplit] = [
    RandomSplit(0.25, 0.2, seed=3),
    RandomSplit(0.25, 0.0, seed=3),
    StratifiedSplit(0.25, 0.2, seed=3),
    StratifiedSplit(0.3, 0.0, seed=4),
    GroupSplit("who", 0.25, 0.2, seed=3),
    GroupSplit("who", 0.25, 0.0, seed=5),
]


def sample(n_rows: int = 500, *, seed: int = 1, **changes: Any) -> Samples:
    """Return rows of four classes, of which the rarest has a tenth, in 40 groups."""
    rng = np.random.default_rng(seed)
    parts: dict[str, Any] = {
        "file": "a.csv",
        "dates": np.full(n_rows, np.datetime64("NaT", "ns")),
        "labels": rng.choice(4, n_rows, p=[0.4, 0.3, 0.2, 0.1]).astype(np.int32),
        "is_usable": rng.random(n_rows) > 0.05,
        "context": 1,
        "horizon": 0,
        "task": "multiclass",
        "classes": ("a", "b", "c", "d"),
        "belongs": np.array([f"g{i}" for i in rng.integers(0, 40, n_rows)]),
    }
    return Samples(**parts | changes)


def rows_of(fold: Fold) -> SplitRows:
    assert fold.rows is not None
    return fold.rows


@pytest.mark.parametrize("split", SPLITS, ids=str)
@pytest.mark.parametrize("n_folds", [1, 2, 5])
@pytest.mark.parametrize("seed", range(5))
def test_parts_are_disjoint_and_cover_all_samples_in_the_order_of_the_file(
    split: UnorderedSplit, n_folds: int, seed: int
) -> None:
    samples = sample(seed=seed)
    samples.labels[::50] = UNKNOWN
    folds = split_parts(samples, split, FoldRule(n_folds))
    test = rows_of(folds[-1]).test
    for fold in folds:
        rows = rows_of(fold)
        together = np.concatenate([rows.train, rows.val, test])
        np.testing.assert_array_equal(np.sort(together), samples.list_ends())
        for part in (rows.train, rows.val, rows.test):
            assert part.dtype == np.int64
            assert (np.diff(part) > 0).all()
        if fold is not folds[-1]:
            assert not len(rows.test)
            assert fold.unseen is not None
            np.testing.assert_array_equal(fold.unseen, test)
    if n_folds > 1:
        validated = np.concatenate([rows_of(fold).val for fold in folds])
        assert len(np.unique(validated)) == len(validated) == len(samples.list_ends()) - len(test)
    assert [fold.number for fold in folds] == ([None] if n_folds == 1 else [*range(1, n_folds + 1)])


@pytest.mark.parametrize("split", SPLITS, ids=str)
def test_the_seed_and_the_rows_decide_and_folds_leave_the_test_rows_as_they_are(
    split: UnorderedSplit,
) -> None:
    samples = sample()
    once, again, folded = (split_parts(samples, split, FoldRule(k)) for k in (1, 1, 4))
    other = split_parts(samples, type(split)(**{**vars_of(split), "seed": 99}), FoldRule())
    one = rows_of(once[0])
    for name in ("train", "val", "test"):
        np.testing.assert_array_equal(getattr(rows_of(again[0]), name), getattr(one, name))
    assert rows_of(other[0]).val.tolist() != one.val.tolist()
    np.testing.assert_array_equal(rows_of(folded[-1]).test, one.test)


def vars_of(split: UnorderedSplit) -> dict[str, Any]:
    return {name: getattr(split, name) for name in type(split).__slots__}


def test_shares_are_those_of_the_rows() -> None:
    samples = sample(seed=2, is_usable=np.ones(500, dtype=bool))
    for split in (RandomSplit(0.25, 0.1), StratifiedSplit(0.25, 0.1)):
        rows = rows_of(split_parts(samples, split, FoldRule())[0])
        assert (len(rows.train), len(rows.val), len(rows.test)) == (325, 125, 50)
    sizes = [len(rows_of(f).val) for f in split_parts(samples, RandomSplit(), FoldRule(7))]
    assert sorted(set(sizes)) == [57, 58]


def test_a_random_split_is_a_permutation_of_pcg64() -> None:
    samples = sample(50, labels=np.arange(50.0), task="regression", is_usable=np.ones(50, bool))
    drawn = np.random.Generator(np.random.PCG64(8)).permutation(50)
    rows = rows_of(split_parts(samples, RandomSplit(0.2, 0.2, seed=8), FoldRule())[0])
    assert rows.test.tolist() == sorted(drawn[:10].tolist())
    assert rows.val.tolist() == sorted(drawn[10:20].tolist())


def counts(samples: Samples, rows: RowArray) -> RowArray:
    return np.bincount(samples.labels[rows], minlength=4)


@pytest.mark.parametrize("seed", range(20))
def test_a_class_has_its_share_of_every_part_to_within_a_row(seed: int) -> None:
    samples = sample(seed=seed)
    whole = counts(samples, samples.list_ends())
    split = StratifiedSplit(0.2, 0.3, seed)
    rows = rows_of(split_parts(samples, split, FoldRule())[0])
    n = whole.sum()
    assert (np.abs(counts(samples, rows.test) - whole * len(rows.test) / n) < 1).all()
    rest = whole - counts(samples, rows.test)
    assert (np.abs(counts(samples, rows.val) - rest * len(rows.val) / rest.sum()) < 1).all()


@pytest.mark.parametrize("seed", range(10))
def test_folds_are_as_balanced_as_those_of_scikit_learn(seed: int) -> None:
    samples = sample(seed=seed)
    folds = split_parts(samples, StratifiedSplit(test=0.0, seed=seed), FoldRule(5))
    found = np.array([counts(samples, rows_of(fold).val) for fold in folds])
    assert (np.ptp(found, axis=0) <= 1).all()
    assert np.ptp(found.sum(axis=1)) <= 1
    rows = samples.list_ends()
    theirs = StratifiedKFold(5).split(rows, samples.labels[rows])
    expected = np.array([counts(samples, rows[val]) for _, val in theirs])
    np.testing.assert_array_equal(np.sort(found, axis=0), np.sort(expected, axis=0))


@pytest.mark.parametrize("n_folds", [1, 4])
@pytest.mark.parametrize("seed", range(10))
def test_groups_are_whole_on_one_side(n_folds: int, seed: int) -> None:
    samples = sample(seed=seed)
    assert samples.belongs is not None
    split = GroupSplit("who", 0.25, 0.25, seed)
    folds = split_parts(samples, split, FoldRule(n_folds))
    test = rows_of(folds[-1]).test
    for fold in folds:
        sides = [set(samples.belongs[part]) for part in (rows_of(fold).train, rows_of(fold).val)]
        sides.append(set(samples.belongs[test]))
        assert sum(map(len, sides)) == len(set.union(*sides)) == 40
        assert len(sides[2]) == 10
        assert len(sides[1]) in ({10} if n_folds == 1 else {7, 8})


def test_group_folds_have_the_properties_of_scikit_learns() -> None:
    samples = sample()
    assert samples.belongs is not None
    rows, groups = samples.list_ends(), samples.belongs
    ours = split_parts(samples, GroupSplit("who", test=0.0), FoldRule(5))
    theirs = GroupKFold(5, shuffle=True, random_state=0).split(rows, groups=groups[rows])

    def describe(folds: list[RowArray]) -> tuple[list[int], int]:
        names = [set(groups[val]) for val in folds]
        return sorted(map(len, names)), len(set.union(*names))

    assert describe([rows_of(f).val for f in ours]) == describe([rows[val] for _, val in theirs])


def test_a_column_says_where_each_row_belongs() -> None:
    sides = np.array(["train", "val", "test", "train"] * 60)
    samples = sample(240, belongs=sides, is_usable=np.ones(240, dtype=bool))
    (fold,) = split_parts(samples, ColumnSplit("side"), FoldRule())
    assert rows_of(fold).train.tolist() == np.flatnonzero(sides == "train").tolist()
    assert rows_of(fold).val.tolist() == list(range(1, 240, 4))
    assert rows_of(fold).test.tolist() == list(range(2, 240, 4))


def test_a_column_of_fold_numbers_names_the_folds() -> None:
    sides = np.array(["1", "2", "3", "test", "train"] * 60)
    samples = sample(300, belongs=sides, is_usable=np.ones(300, dtype=bool))
    for rule in (FoldRule(), FoldRule(3)):
        folds = split_parts(samples, ColumnSplit("side"), rule)
        assert [fold.number for fold in folds] == [1, 2, 3]
        for fold in folds:
            assert set(sides[rows_of(fold).val]) == {str(fold.number)}
            assert set(sides[rows_of(fold).train]) == {"1", "2", "3", "train"} - {str(fold.number)}
        assert Counter(sides[rows_of(folds[-1]).test]) == {"test": 60}


def spread(*names: str) -> dict[str, Any]:
    """Return 200 rows that belong to some names in turn."""
    return {"belongs": np.resize(np.array(names), 200), "is_usable": np.ones(200, dtype=bool)}


RARE, RARER = ({"labels": np.r_[[3] * n, np.arange(200 - n) % 3]} for n in (1, 9))
NUMBERS = {"labels": np.arange(200.0), "task": "regression"}
BAD: list[tuple[UnorderedSplit, int, dict[str, Any], str]] = [
    (RandomSplit(), 1, {"is_usable": np.zeros(200, bool)}, "a.csv: no row has all features and a"),
    (RandomSplit(), 1, RARE, "class 'd' has no .* rows; .*; a stratified split gives each its"),
    (StratifiedSplit(), 1, NUMBERS, "a stratified split needs classes, and task regression has"),
    (StratifiedSplit(), 9, RARER, "part of fold . lacks a class: class 'd' has .* validation row"),
    (GroupSplit("who"), 1, spread("a", "b"), "column who: 2 groups are too few to train and val"),
    (GroupSplit("who", test=0.0), 1, spread("a"), "column who: 1 group is too few to train and v"),
    (GroupSplit("who"), 4, spread("a", "b", "c", "d"), "4 groups are too few for 4 folds, and"),
    (ColumnSplit("side"), 1, spread("train", "test"), "column side: no row .* says val"),
    (ColumnSplit("side"), 1, spread("val", "test"), "column side: no row .* says train"),
    (ColumnSplit("side"), 3, spread("train", "val"), "names no folds, and 3 are asked for"),
    (ColumnSplit("side"), 3, spread("1", "2"), "names 2 folds, and 3 are asked for"),
    (ColumnSplit("side"), 1, spread("1", "2", "4"), "found the folds 1, 2, 4; expected 1, 2 and s"),
    (ColumnSplit("side"), 1, spread("1", "train"), "found fold 1 alone; expected 1, 2 and so on"),
]


@pytest.mark.parametrize(("split", "n_folds", "changes", "sentence"), BAD)
def test_what_cannot_be_split_is_refused(
    split: UnorderedSplit, n_folds: int, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(DataError, match=sentence):
        split_parts(sample(200, **changes), split, FoldRule(n_folds))


def test_two_rows_are_too_few() -> None:
    few = sample(3, labels=np.arange(3.0), task="regression", is_usable=np.array([1, 1, 0], bool))
    with pytest.raises(DataError, match=r"a.csv: 2 rows are too few to train and validate on, and"):
        split_parts(few, RandomSplit(), FoldRule())
    with pytest.raises(DataError, match="2 rows are too few for 3 folds, and one part to test on"):
        split_parts(few, RandomSplit(), FoldRule(3))
