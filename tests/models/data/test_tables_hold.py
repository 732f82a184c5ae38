"""Whatever a data file holds, it is read or refused with one sentence."""

import contextlib
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.data.labelling.rules import LabelRule
from models.data.preparation import default_split, prepare_dataset
from models.data.sources import DataSource
from models.errors import DataError

MANY = settings(max_examples=max(200, settings.default.max_examples))  # type: ignore[attr-defined]
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


@MANY
@given(content=st.binary(), suffix=st.sampled_from([".csv", ".tsv", ".txt", ".csv.gz", ".parquet"]))
def test_any_bytes(folder: Path, content: bytes, suffix: str) -> None:
    try_file(folder / f"any{suffix}", content)


@MANY
@given(text=st.text(alphabet=",;\t\n\" '.-+eE0123456789nainfx:/TZ\u00e9", max_size=200))
def test_any_text_of_a_tables_letters(folder: Path, text: str) -> None:
    try_file(folder / "any.csv", text.encode())


@MANY
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


@MANY
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


@MANY
@given(
    kind=st.sampled_from(["prices", "features"]),
    place=st.integers(0, 10_000),
    patch=st.binary(min_size=1, max_size=8),
)
def test_a_changed_parquet(folder: Path, kind: str, place: int, patch: bytes) -> None:
    table = PARQUET[kind]
    place %= len(table)
    try_file(folder / "any.parquet", table[:place] + patch + table[place + len(patch) :])
