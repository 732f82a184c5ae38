"""Tens of thousands of columns, studies or repeated names are read or refused in linear time.

Each took minutes while one list was searched for every name in it; the bounds leave a slow machine
ten times what was measured.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from analysis.frames.frame import rename_reserved
from analysis.readers.options import ReadOptions
from analysis.readers.sources import read_trials
from models.data.tables import read_table
from models.errors import DataError, nearest
from trial_sets.errors import InputError, suggest

N = 40_000
NAMES = [f"c{n}" for n in range(N)]


@contextmanager
def within(seconds: float) -> Iterator[None]:
    began = time.process_time()
    yield
    assert time.process_time() - began < seconds


@pytest.mark.parametrize("names", [["same"] * N, [*NAMES, "c0"]])
def test_names_that_stand_twice_are_found(names: list[str], tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(f"date,{','.join(names)}\n2001-01-01{',1' * len(names)}\n")
    with within(10), pytest.raises(InputError, match=r"has the column '(same|c0)' \d+ times"):
        read_trials([path])
    with within(20), pytest.raises(DataError, match=r"more than one column is named '(same|c0)'"):
        read_table(path)


def test_reserved_names_are_renamed() -> None:
    names = ["trial", *NAMES, "trial_"]
    with within(5):
        renamed = rename_reserved(names)
    assert (renamed["trial"], renamed["trial_"]) == ("trial__", "trial_")


def test_unknown_parameters_are_found(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("lr,acc\n0.1,0.8\n0.2,0.9\n")
    with within(10), pytest.raises(InputError, match="has no column 'c0' for a hyperparameter"):
        read_trials([path], ReadOptions(param_columns=tuple(NAMES)))


def test_studies_of_a_journal_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "journal.log"
    line = {"op_code": 0, "worker_id": "w", "directions": [1]}
    path.write_text("\n".join(json.dumps({**line, "study_name": name}) for name in NAMES))
    with within(15), pytest.raises(InputError, match="holds 40000 studies"):
        read_trials([path])


def test_the_nearest_of_many_or_long_names_is_looked_for_among_some() -> None:
    long = ["ab" * 50_000, "ba" * 50_000]
    with within(10):
        assert nearest("nothing like it", NAMES) == ""
        assert nearest("ab" * 40_000, long) == ""
        ending = suggest("nothing like it", NAMES)
        with suppress(InputError):
            suggest("ab" * 40_000, long)
    assert ending.endswith(f" and {N - 200} more")
