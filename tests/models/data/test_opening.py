"""A small file that would fill the memory is refused before it does."""

import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from models.data import opening
from models.data.reading import parquet as parquet_files
from models.data.tables import read_table
from models.errors import DataError

Write = Callable[..., Path]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let little be read."""
    monkeypatch.setattr(opening, "MAX_CELLS", 1_000)
    for module in (opening, parquet_files):
        monkeypatch.setattr(module, "MAX_BYTES", 1024**2)


def parquet(**columns: object) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


@pytest.mark.usefixtures("small")
def test_gzip_is_unpacked_as_far_as_is_read(write: Write) -> None:
    content = gzip.compress(b"a,b\n" + b"1,2\n" * 300_000)
    assert len(content) < 10_000
    with pytest.raises(DataError, match="comes to more than the 1 MiB that are read"):
        read_table(write(content, "prices.csv.gz"))


@pytest.mark.usefixtures("small")
def test_a_wide_head_over_short_lines_is_counted(write: Write) -> None:
    wide = ",".join(f"c{n}" for n in range(100))
    with pytest.raises(DataError, match="rows of 100 columns are more than the 1,000 cells"):
        read_table(write(f"{wide}\n" + "1,2\n" * 20, "prices.csv"))


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (parquet(a=[1.0] * 600, b=[2] * 600), "600 rows of 2 columns are more than the 1,000"),
        (parquet(a=[[7] * 2_000], b=[1]), "more than the 1,000 cells"),
        (parquet(a=["x" * 2_000_000], b=[1]), "comes to more than the 1 MiB"),
    ],
)
def test_a_parquet_file_says_beforehand_what_it_comes_to(
    write: Write, content: bytes, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pq.ParquetFile, "read", lambda *_, **__: pytest.fail("was read"))
    with pytest.raises(DataError, match=message):
        read_table(write(content, "prices.parquet"))


@pytest.mark.usefixtures("small")
def test_a_text_that_is_kept_once_is_counted_as_often_as_it_stands(write: Write) -> None:
    content = parquet(a=["x" * 10_000] * 400, b=range(400))
    assert len(content) < 10_000
    with pytest.raises(DataError, match="comes to more than the 1 MiB"):
        read_table(write(content, "prices.parquet"))


def test_texts_come_out_as_they_went_in(write: Write, tmp_path: Path) -> None:
    table = pd.DataFrame({"day": ["a", None, "b", "a"], "raw": [b"x", b"x", None, b"y"]})
    table["kind"] = pd.Categorical(["u", "v", "u", None])
    table["whole"] = pd.Categorical([1, 2, 1, 2])
    table.to_parquet(tmp_path / "prices.parquet")
    found = read_table(tmp_path / "prices.parquet").frame
    assert found["day"].tolist()[::2] == ["a", "b"]
    assert found["kind"].tolist()[:3] == ["u", "v", "u"]
    assert found["whole"].tolist() == [1, 2, 1, 2]
    assert found["raw"].tolist()[0] == b"x"
