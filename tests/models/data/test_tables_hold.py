"""Whatever a data file holds, it is read or refused with one sentence."""

import contextlib
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.data.labelling.labels import is_known
from models.data.labelling.rules import ColumnLabel, LabelRule
from models.data.preparation import default_split, prepare_dataset, prepare_folds
from models.data.sources import DataSource
from models.data.splitting.choice import Split
from models.data.splitting.folds import FoldRule
from models.data.splitting.periods import SplitFractions
from models.data.splitting.unordered import ColumnSplit, GroupSplit, RandomSplit, StratifiedSplit
from models.errors import DataError
from models.task import Task

N = 60
DAYS = pd.date_range("2001-01-01", periods=N).strftime("%Y-%m-%d")
CLOSE = 100 + np.sin(np.arange(N)) * 3
PRICES = pd.DataFrame(
    {
        "Date": DAYS,
        "Open": CLOSE,
        "High": CLOSE + 1.0,
        "Low": CLOSE - 1.0,
        "Close": CLOSE,
        "Volume": 1000 + np.arange(N),
    }
)
FEATURES = pd.DataFrame(
    {"time": DAYS, "heat": CLOSE, "cold": -CLOSE, "label": np.arange(N) % 3 == 0}
).astype({"label": int})
cells = st.one_of(
    st.text(max_size=6),
    st.integers(),
    st.floats(),
    st.none(),
    st.sampled_from(["", "nan", "inf", "-1", "1e999", "2001-01-01", "0x10", "1,5", '"', "\0"]),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any")


def try_file(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    source = DataSource(path)
    with contextlib.suppress(DataError):
        split = default_split(source)
        data = prepare_dataset(source, tier="a50", label=LabelRule(), split=split, context=4)
        assert np.isfinite(data.features[data.train_rows]).all()
        assert np.isfinite(data.features[data.val_rows]).all()
        assert set(np.unique(data.labels[data.train_rows])) == {0, 1}


def as_csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False).encode()


def as_parquet(table: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.to_parquet(buffer)
    return buffer.getvalue()


CSV = {"prices": as_csv(PRICES), "features": as_csv(FEATURES)}
PARQUET = {"prices": as_parquet(PRICES), "features": as_parquet(FEATURES)}


@given(content=st.binary(), suffix=st.sampled_from([".csv", ".tsv", ".txt", ".csv.gz", ".parquet"]))
def test_any_bytes(folder: Path, content: bytes, suffix: str) -> None:
    try_file(folder / f"any{suffix}", content)


@given(text=st.text(alphabet=",;\t\n\" '.-+eE0123456789nainfx:/TZ\u00e9", max_size=200))
def test_any_text_of_a_tables_letters(folder: Path, text: str) -> None:
    try_file(folder / "any.csv", text.encode())


@given(
    kind=st.sampled_from(["prices", "features"]),
    place=st.integers(0, 5_000),
    length=st.integers(0, 40),
    patch=st.text(max_size=8),
)
def test_a_changed_csv(folder: Path, kind: str, place: int, length: int, patch: str) -> None:
    table = CSV[kind]
    place %= len(table)
    try_file(folder / "any.csv", table[:place] + patch.encode() + table[place + length :])


@given(
    features=st.booleans(),
    row=st.integers(0, N - 1),
    column=st.integers(0, 5),
    cell=cells,
)
def test_any_cell(folder: Path, features: bool, row: int, column: int, cell: object) -> None:
    table = (FEATURES if features else PRICES).astype(object)
    table.iloc[row, column % table.shape[1]] = cell
    try_file(folder / "any.csv", table.to_csv(index=False).encode("utf-8", "surrogatepass"))


KINDS = FEATURES.assign(
    kind=np.array(["a", "b", "c"])[np.arange(N) % 3],
    group=np.arange(N) * 7 % N // 5,
    side=np.arange(N) * 7 % N // 20 + 1,
)
TASKS: list[tuple[Task, str]] = [
    ("binary", "label"),
    ("multiclass", "kind"),
    ("regression", "cold"),
]
WAYS: list[Split] = [
    *(RandomSplit(), StratifiedSplit(), GroupSplit("group"), ColumnSplit("side")),
    SplitFractions(0.3, 0.3),
]


@given(
    task=st.sampled_from(TASKS),
    split=st.sampled_from(WAYS),
    n_folds=st.integers(1, 3),
    row=st.integers(0, N - 1),
    column=st.integers(0, 6),
    cell=cells,
)
def test_any_cell_in_any_task_and_split(
    folder: Path,
    *,
    task: tuple[Task, str],
    split: Split,
    n_folds: int,
    row: int,
    column: int,
    cell: object,
) -> None:
    table = KINDS.astype(object)
    table.iloc[row, column] = cell
    path = folder / "any.csv"
    path.write_bytes(table.to_csv(index=False).encode("utf-8", "surrogatepass"))
    label = ColumnLabel(task[1])
    with contextlib.suppress(DataError):
        prepared = prepare_folds(
            DataSource(path), FoldRule(n_folds), label=label, split=split, task=task[0],
            context=4 if isinstance(split, SplitFractions) else None,
        )  # fmt: skip
        for data in prepared.datasets:
            for rows in (data.train_rows, data.val_rows):
                assert is_known(data.labels[rows]).all()
                assert np.isfinite(data.features[rows]).all()
            shown = data.without_test_labels()
            assert not is_known(shown.labels[data.test_rows]).any()


@given(
    kind=st.sampled_from(["prices", "features"]),
    place=st.integers(0, 10_000),
    patch=st.binary(min_size=1, max_size=8),
)
def test_a_changed_parquet(folder: Path, kind: str, place: int, patch: bytes) -> None:
    table = PARQUET[kind]
    place %= len(table)
    try_file(folder / "any.parquet", table[:place] + patch + table[place + len(patch) :])
