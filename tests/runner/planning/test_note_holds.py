"""Whatever became of a note of data, none that was edited is believed."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import RunError
from runner.planning.run_data import DataNote, RunData
from runner.storage.outputs import RunFolder
from tests.conftest import TINY_STUDY
from tests.json_values import any_json
from tests.special import SPECIAL
from trial_sets.loading.study_folder import load_study
from trial_sets.records.request import DataRequest
from trial_sets.records.run_info import DataSummary

values = any_json(10**400, "\ud800", "\x1b", "../../x", 1e308)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> RunData:
    """Return data that a run has left a note of."""
    folder, rng = tmp_path_factory.mktemp("notes"), np.random.default_rng(0)
    lines = ["date,x,label"] + [
        f"{day},{x},{int(x > 0)}"
        for day, x in zip(
            np.arange(np.datetime64("2001-01-01"), np.datetime64("2001-12-31")),
            rng.normal(size=364),
            strict=True,
        )
    ]
    (folder / "table.csv").write_text("\n".join(lines))
    (folder / "tiny").mkdir()
    (folder / "tiny" / "study.json").write_text(json.dumps(TINY_STUDY))
    (folder / "tiny" / "A.json").write_text('{"title": "A", "trials": {"A1": {}}}')
    request = DataRequest(path=folder / "table.csv")
    made = RunData(load_study(folder / "tiny"), request, folder / "outputs" / "tiny")
    note(made).parent.mkdir(parents=True)
    made.write_note(RunFolder(note(made).parent))
    return made


def note(data: RunData) -> Path:
    return data.runs / "table-00000000" / "data.json"


@contextmanager
def kept(path: Path) -> Iterator[str]:
    """Put the note back afterwards."""
    text = path.read_text()
    try:
        yield text
    finally:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.write_text(text)


def look(data: RunData) -> RunData:
    """Return a new look at the data, whose summary is what the data come to."""
    again = replace(data)
    assert again.summary == data.summary
    return again


def is_believed(data: RunData) -> bool:
    return "prepared" not in vars(look(data))


def test_the_note_itself_is_believed(data: RunData) -> None:
    assert is_believed(data)


@given(place=st.integers(0, 10_000), length=st.integers(0, 8), patch=st.binary(max_size=8))
def test_any_bytes(data: RunData, place: int, length: int, patch: bytes) -> None:
    with kept(note(data)) as text:
        content = text.encode()
        place %= len(content)
        note(data).write_bytes(content[:place] + patch + content[place + length :])
        look(data)


@given(content=values)
def test_any_content(data: RunData, content: object) -> None:
    with kept(note(data)):
        note(data).write_text(json.dumps(content))
        assert not is_believed(data)


@given(field=st.sampled_from(["sha256", *sorted(DataSummary.model_fields)]), value=values)
def test_any_value_of_a_field(data: RunData, field: str, value: object) -> None:
    with kept(note(data)) as text:
        said = json.loads(text)
        (said if field in said else said["data"])[field] = value
        note(data).write_text(json.dumps(said))
        assert is_believed(data) == (json.loads(text) == said)


@pytest.mark.parametrize("kind", SPECIAL)
def test_what_is_no_file(data: RunData, kind: str) -> None:
    with kept(note(data)):
        note(data).unlink()
        SPECIAL[kind](note(data))
        assert not is_believed(data)
        note(data).with_name("a-pipe").unlink(missing_ok=True)


def forge(data: RunData, **said: object) -> None:
    """Write a note that says something else, with a seal of its own."""
    known = DataNote.model_validate_json(note(data).read_text())
    forged = known.model_copy(update={"data": known.data.model_copy(update=said)})
    note(data).write_text(forged.sealed().model_dump_json())


@pytest.mark.parametrize("name", ["../table", "/tmp/table", "a/b"])
def test_no_note_leads_to_another_folder(data: RunData, name: str) -> None:
    with kept(note(data)):
        forge(data, name=name)
        assert not is_believed(data)


def test_a_forgery_with_a_seal_of_its_own_is_named_before_anything_runs(data: RunData) -> None:
    with kept(note(data)):
        forge(data, fingerprint="0" * 64)
        with pytest.raises(RunError, match=r"data\.json: says of .*table\.csv what is not so"):
            replace(data).refuse_change()
    replace(data).refuse_change()
