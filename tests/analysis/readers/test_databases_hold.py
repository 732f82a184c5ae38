"""Whatever a search database holds, a reader gets a table or one sentence."""

import contextlib
import json
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.readers.options import ReadOptions
from analysis.readers.optuna.sqlite import read_sqlite
from trial_sets.errors import InputError

TABLES = {
    "studies": ("study_id", "study_name"),
    "study_directions": ("study_id", "direction", "objective"),
    "trials": ("trial_id", "number", "study_id", "state", "datetime_start", "datetime_complete"),
    "trial_params": ("trial_id", "param_name", "param_value", "distribution_json"),
    "trial_values": ("trial_id", "objective", "value", "value_type"),
    "trial_user_attributes": ("trial_id", "key", "value_json"),
}
DISTRIBUTION = json.dumps(
    {"name": "FloatDistribution", "attributes": {"low": 0, "high": 1, "log": False, "step": None}}
)
cells = st.one_of(
    st.none(), st.integers(-2, 3), st.floats(), st.text(max_size=4), st.binary(max_size=4),
    st.sampled_from(
        ["COMPLETE", "FAIL", "RUNNING", "MAXIMIZE", "FINITE", "lr", "2026-01-01 00:00:00",
         DISTRIBUTION, "{}", "[1]"]
    ),
)  # fmt: skip
contents = st.fixed_dictionaries(
    {},
    optional={
        table: st.lists(st.tuples(*[cells] * len(columns)), max_size=4)
        for table, columns in TABLES.items()
    },
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("databases") / "study.db"


@given(contents)
def test_any_rows_of_a_search_database(
    path: Path, content: dict[str, list[tuple[object, ...]]]
) -> None:
    path.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(path)) as database:
        for table, rows in content.items():
            columns = TABLES[table]
            database.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
            marks = ", ".join("?" * len(columns))
            database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        database.commit()
    with contextlib.suppress(InputError):
        read_sqlite(path, ReadOptions())


@given(st.binary(max_size=200))
def test_any_bytes_as_a_search_database(path: Path, content: bytes) -> None:
    path.write_bytes(b"SQLite format 3\0" + content)
    with pytest.raises(InputError):
        read_sqlite(path, ReadOptions())
