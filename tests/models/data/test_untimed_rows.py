"""Rows without time: what is read of a table, what a trainer sees, and what is refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from models.data.dataset import Dataset, load_dataset, save_dataset
from models.data.labelling.labels import is_known
from models.data.labelling.rules import ColumnLabel, LabelRule, RowLabel, TargetRule
from models.data.preparation import PreparedFolds, prepare_dataset, prepare_folds
from models.data.sources import DataSource
from models.data.splitting.choice import Split
from models.data.splitting.folds import FoldRule
from models.data.splitting.unordered import ColumnSplit, GroupSplit, RandomSplit, StratifiedSplit
from models.errors import DataError

Write = Callable[..., Path]


@pytest.fixture
def table(rng: np.random.Generator) -> pd.DataFrame:
    """Return 300 flowers of three kinds from 30 gardens, none with a date."""
    kind = np.arange(300) % 3
    sides = np.array(["train", "train", "val", "test", "train"])
    return pd.DataFrame(
        {
            "width": kind + rng.standard_normal(300),
            "low": rng.standard_normal(300),
            "garden": [f"G{i}" for i in rng.integers(0, 30, 300)],
            "side": np.resize(sides, 300),
            "kind": np.array(["rose", "lily", "daisy"])[kind],
            "wide": kind > 0,
            "height": 20 + 3.0 * kind + rng.standard_normal(300),
        }
    ).sample(frac=1, random_state=3, ignore_index=True)


def prepare(
    path: Path, split: Split, n_folds: int = 1, *, label: str | RowLabel = "kind", **options: Any
) -> PreparedFolds:
    meaning = ColumnLabel(label) if isinstance(label, str) else label
    options = {"task": "multiclass", "label": meaning} | options
    return prepare_folds(DataSource(path), FoldRule(n_folds), split=split, **options)


def open_table(frame: pd.DataFrame, write: Write) -> Path:
    return write(frame.to_csv(index=False), "flowers.csv")


def test_a_table_without_dates_makes_a_dataset_of_single_rows(
    write: Write, table: pd.DataFrame
) -> None:
    path = open_table(table, write)
    (data,) = prepare(path, StratifiedSplit()).datasets
    assert (data.task, data.classes) == ("multiclass", ("daisy", "lily", "rose"))
    assert (data.is_ordered, data.context, data.groups.shape) == (False, 1, (0,))
    assert data.feature_names == ("width", "low", "wide", "height")  # prices mean nothing here
    assert data.labels.dtype == np.int32
    assert [data.classes[label] for label in data.labels] == table["kind"].tolist()
    assert np.isnat(data.dates).all()
    assert data.window(17).shape == (1, 4)
    seen = data.features[data.train_rows].astype(float)
    np.testing.assert_allclose(seen.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(seen.std(axis=0), 1, atol=1e-6)
    summary = data.summary()
    assert summary["val"].classes == {"daisy": 20, "lily": 20, "rose": 20}
    assert (summary["val"].first, summary["val"].last, summary["val"].positives) == ("", "", None)
    assert data.notices == (
        f"{path}: columns without numbers are ignored: 'garden', 'side'",
        f"{path}: the val part has 20 rows of class 'daisy', its rarest: few for an estimate",
        f"{path}: the test part has 20 rows of class 'daisy', its rarest: few for an estimate",
    )
    assert data.reading.startswith("a feature table: 300 rows without time; features 'width', ")


def test_another_seed_is_told_apart_by_the_digest_of_its_rows(
    write: Write, table: pd.DataFrame
) -> None:
    path = open_table(table, write)
    digests = [
        prepare(path, RandomSplit(seed=seed)).datasets[0].summary()["val"].rows_digest
        for seed in (0, 0, 1)
    ]
    assert digests[0] == digests[1] != digests[2]
    assert len(digests[0]) == 16


def test_labels_that_are_numbers_keep_their_units(write: Write, table: pd.DataFrame) -> None:
    path = open_table(table, write)
    (data,) = prepare(path, RandomSplit(), label="height", task="regression").datasets
    np.testing.assert_array_equal(data.labels, table["height"])
    assert "height" not in data.feature_names
    summary = data.summary()["train"]
    labels = table["height"][data.train_rows]
    assert summary.mean == pytest.approx(labels.mean())
    assert summary.deviation == pytest.approx(labels.std(ddof=0))
    assert (summary.positives, summary.classes) == (None, {})


def test_groups_are_numbered_and_whole_and_no_feature(write: Write, table: pd.DataFrame) -> None:
    numbered = table.assign(garden=table["garden"].str[1:].astype(int))
    path = open_table(numbered, write)
    prepared = prepare(path, GroupSplit("Garden"), 3)
    for data in prepared.datasets:
        assert "garden" not in data.feature_names
        assert data.groups.dtype == np.int64
        pairs = set(zip(data.groups, numbered["garden"], strict=True))
        assert len(pairs) == 30
        with pytest.raises(ValueError, match="read-only"):
            data.groups[0] = 1
        train, val = (set(data.groups[rows]) for rows in (data.train_rows, data.val_rows))
        assert not train & val


def test_a_given_column_is_followed_and_no_feature(write: Write, table: pd.DataFrame) -> None:
    path = open_table(table, write)
    (data,) = prepare(path, ColumnSplit("side")).datasets
    assert table["side"][data.val_rows].unique().tolist() == ["val"]
    numbered = table.assign(side=np.arange(300) % 4 + 1)
    prepared = prepare(open_table(numbered, write), ColumnSplit("side"))
    assert [data.fold for data in prepared.datasets] == [1, 2, 3, 4]
    assert all("side" not in data.feature_names for data in prepared.datasets)
    assert all(not len(data.test_rows) for data in prepared.datasets)


def test_dates_are_neither_used_nor_a_feature(write: Write, table: pd.DataFrame) -> None:
    dated = table.assign(when=pd.date_range("2020-01-01", periods=300)[::-1], day=np.arange(300))
    path = open_table(dated, write)
    (data,) = prepare(path, RandomSplit()).datasets
    assert "when" not in data.feature_names
    assert "day" in data.feature_names
    assert (
        f"{path}: the split is not by time, so the dates in column 'when' are not used"
    ) in data.notices
    assert np.isnat(data.dates).all()


def test_a_row_without_label_or_feature_is_no_sample(write: Write, table: pd.DataFrame) -> None:
    table.loc[5, "kind"] = None
    table.loc[9, "width"] = np.nan
    (data,) = prepare(open_table(table, write), StratifiedSplit()).datasets
    rows = np.concatenate([data.train_rows, data.val_rows, data.test_rows])
    assert len(rows) == 298
    assert not {5, 9} & set(rows.tolist())
    assert any("1 of 300 rows lack a value; they are no samples" in n for n in data.notices)
    assert any("column kind: 1 of 300 rows have no label" in n for n in data.notices)


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize("n_folds", [1, 3])
def test_exactly_the_labels_of_the_test_rows_are_hidden(
    write: Write, table: pd.DataFrame, task: str, n_folds: int
) -> None:
    label = {"binary": "wide", "multiclass": "kind", "regression": "height"}[task]
    path = open_table(table, write)
    datasets = prepare(path, RandomSplit(), n_folds, label=label, task=task).datasets
    test = datasets[-1].test_rows
    assert len(test) == 60
    for data in datasets:
        shown = data.without_test_labels()
        assert np.flatnonzero(~is_known(shown.labels)).tolist() == test.tolist()
        assert is_known(shown.labels[data.train_rows]).all()
        assert is_known(shown.labels[data.val_rows]).all()
        assert is_known(data.labels).all() == (data is datasets[-1])


def test_a_dataset_of_any_task_is_read_back_whole(
    write: Write, table: pd.DataFrame, tmp_path: Path
) -> None:
    (data,) = prepare(open_table(table, write), GroupSplit("garden")).datasets
    save_dataset(data, tmp_path / "data.npz")
    back = load_dataset(tmp_path / "data.npz")
    assert (back.task, back.classes, back.is_ordered) == ("multiclass", data.classes, False)
    for name in ("labels", "groups", "dates"):
        assert getattr(back, name).tobytes() == getattr(data, name).tobytes()
    assert back.summary() == data.summary()


def test_a_file_from_before_there_were_tasks_is_read(
    write: Write, table: pd.DataFrame, tmp_path: Path
) -> None:
    path = open_table(table, write)
    data = prepare(path, RandomSplit(), label="wide", task="binary").datasets[0]
    save_dataset(data, tmp_path / "data.npz")
    with np.load(tmp_path / "data.npz") as parts:
        arrays = {name: parts[name] for name in parts if name not in {"groups", "json"}}
        values = json.loads(str(parts["json"]))
    for name in ("task", "classes", "is_ordered", "target_horizon"):
        del values[name]
    np.savez(tmp_path / "old.npz", json=np.array(json.dumps(values)), **arrays)
    back = load_dataset(tmp_path / "old.npz")
    assert (back.task, back.classes, back.is_ordered, len(back.groups)) == ("binary", (), True, 0)


def test_copies_across_the_split_are_noticed(write: Write, table: pd.DataFrame) -> None:
    path = open_table(pd.concat([table, table]), write)
    (data,) = prepare(path, RandomSplit()).datasets
    (notice,) = [n for n in data.notices if "where they are copies" in n]
    assert " of the 240 rows that validate or test have the features and label" in notice


BAD: dict[str, tuple[Split, dict[str, Any], dict[str, Any], str]] = {
    "context": (RandomSplit(), {}, {"context": 80}, "context: found 80; rows that are split with"),
    "no column": (GroupSplit("gardn"), {}, {}, r"no column 'gardn' \(nearest: 'garden'\)"),
    "label as group": (GroupSplit("kind"), {}, {}, "column kind: this is the label; expected ano"),
    "label as side": (ColumnSplit("KIND"), {}, {}, "column kind: this is the label"),
    "no label": (RandomSplit(), {}, {"label": LabelRule()}, r"no label column .* by rule"),
    "side": (ColumnSplit("garden"), {}, {}, r"row 1, column garden: found 'G\d+'; expected train"),
    "group": (GroupSplit("hole"), {"hole": [None] * 300}, {}, "row 1, column hole: found nothing"),
    "target": (
        RandomSplit(), {}, {"label": TargetRule("return"), "task": "binary"},
        "label target return: a number, and task binary expects classes; declare task regression",
    ),
    "target unordered": (
        RandomSplit(), {}, {"label": TargetRule("return"), "task": "regression"},
        "no label column",
    ),
    "target and label": (
        RandomSplit(), {"y": np.arange(300)}, {"label": TargetRule("return"), "task": "regression"},
        "column 'y' is called like a label, and the label is return of the prices; rename",
    ),
    "two classes": (
        RandomSplit(), {}, {"label": ColumnLabel("wide")},
        "column wide: 2 classes, 'False', 'True': declare task binary",
    ),
    "too many classes": (
        RandomSplit(), {}, {"label": ColumnLabel("height")},
        "column height: found .* among 300 different numbers: this looks like a regression target",
    ),
    "texts as numbers": (
        RandomSplit(), {}, {"task": "regression"},
        r"row 1, column kind: found '\w+'; .*; for texts declare task binary or multiclass",
    ),
    "texts as two": (
        RandomSplit(), {}, {"task": "binary"},
        "expected a label, 0 or 1; for its 3 classes declare task multiclass",
    ),
    "constant": (
        RandomSplit(), {"height": 1.0}, {"label": ColumnLabel("height"), "task": "regression"},
        "the train part has 180 rows whose label is 1 throughout; expected labels that differ",
    ),
    "strata of numbers": (
        StratifiedSplit(), {}, {"label": ColumnLabel("height"), "task": "regression"},
        "a stratified split needs classes, and task regression has numbers",
    ),
    "no class to train": (
        ColumnSplit("side"), {"kind": ["a", "b", "c", "d", "e"] * 60,
                              "side": ["train", "val", "test", "train", "train"] * 60}, {},
        r"the train part lacks a class: class 'b' has no training rows \(1 more classes have",
    ),
    "prices": (
        RandomSplit(), {"open": 1.0, "high": 1.0, "close": 1.0}, {},
        "prices go by time, and the split does not; expected one by dates or fractions, or --feat",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_prepared_is_refused(case: str, write: Write, table: pd.DataFrame) -> None:
    split, columns, options, sentence = BAD[case]
    with pytest.raises(DataError, match=sentence):
        prepare(open_table(table.assign(**columns), write), split, **options)


def test_the_embedded_prices_are_not_split_at_random() -> None:
    with pytest.raises(DataError, match="sp500: prices go by time, and the split does not"):
        prepare_dataset(DataSource(), split=RandomSplit())


def test_a_table_without_dates_needs_a_split_that_says_so(
    write: Write, table: pd.DataFrame
) -> None:
    path = open_table(table, write)
    with pytest.raises(
        DataError, match=r"no column reads as dates; .* rows without time need a sp"
    ):
        prepare_dataset(DataSource(path), label=ColumnLabel("kind"), task="multiclass")


def test_a_value_far_out_has_a_place_without_a_date(
    write: Write, table: pd.DataFrame, rng: np.random.Generator
) -> None:
    tiny = 1e-20 * rng.standard_normal(300)
    tiny[np.flatnonzero(table["side"] == "test")[0]] = 1e29
    path = open_table(table.assign(width=tiny), write)
    with pytest.raises(DataError, match=r"csv, row \d+, column width: found 1e\+29, "):
        prepare(path, ColumnSplit("side"))


def test_prices_may_be_features_as_they_stand(write: Write, table: pd.DataFrame) -> None:
    path = open_table(table.assign(open=1.5, high=2.0, close=1.0), write)
    data: Dataset = prepare_dataset(
        DataSource(path, as_feature_table=True),
        label=ColumnLabel("kind"),
        split=RandomSplit(),
        task="multiclass",
    )
    assert {"open", "high", "low", "close"} <= set(data.feature_names)
