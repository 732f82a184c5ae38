"""JSON from a person's hand is read with limits, and answered with one sentence."""

import json
from pathlib import Path
from typing import Any

import pytest

from trial_sets.errors import InputError
from trial_sets.files import SetFile, StudyFile
from trial_sets.strict_json import MAX_BYTES, bare, check, parse_json, read_json, read_text, shorten

SMALL = {"title": "x", "seeds": [1]}


def test_a_file_of_the_largest_size_is_read_and_a_larger_one_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_text('"' + "x" * (MAX_BYTES - 2) + '"')
    assert len(read_json(path)) == MAX_BYTES - 2
    path.write_text('"' + "x" * (MAX_BYTES - 1) + '"')
    with pytest.raises(InputError, match=r"own\.json: the file is larger than 8 MiB"):
        read_json(path)


def test_a_device_without_a_size_is_not_read() -> None:
    with pytest.raises(InputError, match=r"/dev/zero: cannot be read: not a regular file"):
        read_text(Path("/dev/zero"), 1024**2)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_bytes(b"\xef\xbb\xbf[1]")
    assert read_json(path) == [1]


@pytest.mark.parametrize("name", ["nul\0.json", "surrogate\ud800.json"])
def test_a_name_that_no_file_can_have_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=r"no file can have this name"):
        read_json(Path(name))


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({**SMALL, "rope": float("inf")}, r"rope=Infinity, expected a finite number"),
        ({**SMALL, "rope": 10**400}, r"rope=.*, expected a finite number$"),
        ({**SMALL, "title": "a\nb"}, r"title=\"a\\nb\", expected text that matches '\^"),
        ({**SMALL, "title": ""}, r"title=\"\", expected at least 1 character$"),
        ({**SMALL, "title": "\ud800"}, r"where: holds a string that is not text$"),
        ({**SMALL, "seeds": []}, r"seeds=\[\], expected at least 1 item$"),
        ({**SMALL, "seeds": [2**32]}, r"seeds: 0=4294967296, expected less than 4294967296$"),
        ({**SMALL, "base": nested(150)}, r"where: base=\[\[\[.*expected an object$"),
        ({**SMALL, "base": nested(600)}, r"where: is nested too deeply$"),
        ({**SMALL, "base": nested(50_000)}, r"where: is nested too deeply$"),
        ({**SMALL, "q z": 1}, r"unknown key \"q z\"; valid: \$schema, base"),
        ({**SMALL, "base": {"d_modle": 1}}, r"base: unknown key \"d_modle\"; did you mean d_model"),
        ({**SMALL, "controls": {"a\nb": {"x": 1}}}, r"the name \"a\\nb\" is not letters"),
        ({**SMALL, "base": {1, 2}}, r"where: holds something that JSON cannot express$"),
    ],
)
def test_what_is_no_study_is_said_in_one_line(content: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        check(StudyFile, content, "where")
    assert "\n" not in str(caught.value)


def test_what_only_follows_from_another_error_is_not_counted() -> None:
    content = {"title": "x", "trials": {"A1": {"d_model": 0}}}
    with pytest.raises(InputError, match=r"d_model=0, expected greater than or equal to 1$"):
        check(SetFile, content, "where")


def test_editors_may_be_told_the_schema() -> None:
    content = {"$schema": "schema/study.schema.json", **SMALL}
    assert check(StudyFile, content, "where").editor_schema == "schema/study.schema.json"
    assert json.loads(json.dumps(content)) == parse_json(json.dumps(content), "where")


@pytest.mark.parametrize(
    ("part", "text"), [("A1", "A1"), ("x-y_2", "x-y_2"), ("a b", '"a b"'), ("", '""'), (3, "3")]
)
def test_only_plain_names_stand_without_quotes(part: str | int, text: str) -> None:
    assert bare(part) == text


def test_long_values_are_shortened() -> None:
    assert shorten("x" * 100) == '"' + "x" * 56 + "..."
    assert shorten(object).startswith('"<class')
