"""Whatever another tool's file holds, `analyze` writes a report or says one sentence."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.readers.sources import read_trials
from analysis.report.options import ReportOptions
from analysis.report.trials import report_trials
from trial_sets.errors import InputError

NOTHING = ReportOptions(None, None, (), None, None, None, None)
DISTRIBUTION = json.dumps({"name": "FloatDistribution", "attributes": {"low": 0, "high": 1}})
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 3),
    st.floats(),
    st.text(max_size=3),
    st.sampled_from(
        [10**400, -(10**30), 1e308, 1e-320, "\ud800", "\x1b", "COMPLETE", "MAXIMIZE", DISTRIBUTION]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=2), inner, max_size=2)
    ),
    max_leaves=4,
)
PARTS = ["value", "params", "user_attrs", "trial", "seed", "state", "val_auc", "lr", "duration",
         "datetime_start", "datetime_complete", "tier", "budget", "role", "pred_range", "dropout",
         "epochs_run", "positives", "metrics", "config", "file", "metric"]  # fmt: skip
STUDY = {"op_code": 0, "worker_id": "w", "study_name": "s", "directions": [2]}
TRIAL = {"op_code": 4, "worker_id": "w", "study_id": 0, "datetime_start": "2026-01-01T00:00:00"}
PARAM = {"op_code": 5, "worker_id": "w", "trial_id": 0, "param_name": "lr",
         "param_value_internal": 0.1, "distribution": DISTRIBUTION}  # fmt: skip
STATE = {"op_code": 6, "worker_id": "w", "trial_id": 0, "state": 1, "values": [0.7],
         "datetime_complete": "2026-01-01T00:01:00"}  # fmt: skip
ATTRIBUTE = {"op_code": 8, "worker_id": "w", "trial_id": 0, "user_attr": {"a": 1}}
LINES = (STUDY, TRIAL, PARAM, ATTRIBUTE, STATE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any")


def try_file(path: Path, content: str) -> None:
    path.write_text(content)
    with contextlib.suppress(InputError):
        report = report_trials(read_trials([path]), path.name, NOTHING, None)
        report.render().encode()
        json.dumps({**report.data}, allow_nan=False)


@given(
    st.lists(st.dictionaries(st.sampled_from(PARTS), values, max_size=5), min_size=1, max_size=5)
)
def test_any_records(folder: Path, records: list[object]) -> None:
    try_file(folder / "results.json", json.dumps(records))


@given(content=values)
def test_any_document(folder: Path, content: object) -> None:
    try_file(folder / "results.json", json.dumps({"trials": content}))
    try_file(folder / "results.json", json.dumps(content))


@given(
    changes=st.lists(
        st.tuples(
            st.integers(0, 4), st.sampled_from(sorted({k for line in LINES for k in line})), values
        ),
        max_size=4,
    ),
    order=st.permutations(range(5)),
)
def test_any_entries_of_a_journal(
    folder: Path, changes: list[tuple[int, str, object]], order: list[int]
) -> None:
    lines = [dict(line) for line in LINES]
    for place, key, value in changes:
        lines[place][key] = value
    try_file(folder / "journal.log", "\n".join(json.dumps(line) for line in lines))
    shuffled = [lines[0], *(lines[place] for place in order)]
    try_file(folder / "journal.log", "\n".join(json.dumps(line) for line in shuffled))


@given(
    rows=st.lists(st.lists(scalars, min_size=3, max_size=3), min_size=1, max_size=5),
    head=st.lists(st.sampled_from(PARTS), min_size=3, max_size=3, unique=True),
)
def test_any_cells_of_a_csv(folder: Path, rows: list[list[object]], head: list[str]) -> None:
    lines = [",".join(head), *(",".join(json.dumps(cell) for cell in row) for row in rows)]
    try_file(folder / "results.csv", "\n".join(lines))
