"""Whatever became of a record's files, a reader gets what was written, or one sentence."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from runner.storage.outputs import RunFolder
from tests.json_values import any_json
from tests.runner.conftest import fit, record
from tests.special import SPECIAL
from trial_sets.errors import InputError
from trial_sets.records.record import Record
from trial_sets.strict_json import check, parse_json

values = any_json(max_leaves=8)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunFolder, Record]:
    folder = RunFolder(tmp_path_factory.mktemp("outputs") / "tiny" / "sp500-00000000")
    folder.write_record(record(fit()), b"logits of four rows")
    found = folder.read_record("A1", 3)
    assert found is not None
    return folder, found


def read_or_refuse(folder: RunFolder, expected: Record) -> None:
    try:
        found = folder.read_record("A1", 3)
    except InputError:
        return
    assert found == expected


@given(
    name=st.sampled_from(["record.json", "predictions.npz"]),
    place=st.integers(0, 10_000),
    length=st.integers(0, 8),
    patch=st.binary(max_size=8),
)
def test_changed_bytes_are_noticed(
    written: tuple[RunFolder, Record], name: str, place: int, length: int, patch: bytes
) -> None:
    folder, expected = written
    path = folder.fit("A1", 3) / name
    content = path.read_bytes()
    place %= len(content)
    path.write_bytes(content[:place] + patch + content[place + length :])
    try:
        read_or_refuse(folder, expected)
    finally:
        path.write_bytes(content)


@given(share=st.floats(0.0, 1.0, exclude_max=True))
def test_a_torn_record_is_noticed(written: tuple[RunFolder, Record], share: float) -> None:
    folder, _ = written
    path = folder.fit("A1", 3) / "record.json"
    content = path.read_bytes()
    path.write_bytes(content[: int(share * (len(content) - 1))])
    try:
        with pytest.raises(InputError):
            folder.read_record("A1", 3)
    finally:
        path.write_bytes(content)


@given(field=st.sampled_from(sorted(Record.model_fields)), value=values)
def test_another_value_of_a_field_is_noticed(
    written: tuple[RunFolder, Record], field: str, value: object
) -> None:
    folder, expected = written
    path: Path = folder.fit("A1", 3) / "record.json"
    text = path.read_text()
    path.write_text(json.dumps({**json.loads(text), field: value}))
    try:
        found = folder.read_record("A1", 3)
    except InputError:
        return
    finally:
        path.write_text(text)
    assert found is not None
    assert field == "sha256" or found == expected


@given(content=values)
def test_what_is_no_record_is_refused(content: object) -> None:
    with pytest.raises(InputError):
        check(Record, parse_json(json.dumps(content), "record.json"), "record.json")


@given(
    kind=st.sampled_from([None, *SPECIAL]),
    name=st.sampled_from(["", "record.json", "predictions.npz"]),
    content=st.one_of(st.binary(max_size=20), values.map(lambda v: json.dumps(v).encode())),
    ending=st.sampled_from(["ready", "part"]),
    is_first=st.booleans(),
)
@example(kind="pipe", name="", content=b"", ending="part", is_first=True)
@example(kind="dangling link", name="", content=b"", ending="part", is_first=False)
def test_what_a_dead_runner_seems_to_have_left_takes_no_whole_records_place(
    written: tuple[RunFolder, Record],
    kind: str | None,
    name: str,
    content: bytes,
    ending: str,
    is_first: bool,
) -> None:
    folder, expected = written
    place = folder.fit("A1", 3)
    left = place.with_name(f".seed-3.0.{ending}")
    kept = folder.path / "kept"
    shutil.copytree(place, kept)
    try:
        place.rename(left)
        if not is_first:
            shutil.copytree(kept, place)
        if name:
            (left / name).unlink()
        else:
            shutil.rmtree(left)
        if kind is not None:
            SPECIAL[kind](left / name)
        elif name:
            (left / name).write_bytes(content)
        else:
            left.write_bytes(content)
        assert folder.tidy("A1", 3) == (None if is_first else expected)
        folder.write_record(record(fit()), b"logits of four rows")
        assert folder.read_record("A1", 3) == expected
    finally:
        shutil.rmtree(place.parent)
        place.parent.mkdir()
        kept.rename(place)


@pytest.mark.parametrize("kind", SPECIAL)
def test_what_is_set_aside_finds_a_free_name(tmp_path: Path, kind: str) -> None:
    folder = RunFolder(tmp_path / "tiny" / "sp500-00000000")
    folder.write_record(record(fit()), None)
    (folder.fit("A1", 3) / "record.json").write_text("{")
    SPECIAL[kind](folder.path / "A1" / "seed-3.damaged-1")
    assert folder.tidy("A1", 3) is None
    assert (folder.path / "A1" / "seed-3.damaged-2").is_dir()
