import gzip
import pickle
from pathlib import Path

import pytest

from analysis.readers import content
from analysis.readers.content import (
    check_file,
    is_sqlite,
    parse_json_lines,
    parse_results,
    read_results_text,
)
from trial_sets.errors import InputError


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (pickle.dumps({"a": 1}), "is a Python pickle, which is never loaded"),
        (gzip.compress(b"x", mtime=0), "is gzip-compressed"),
        (b"PK\x03\x04...", "is a zip archive"),
        (b"PAR1...", "is a Parquet file"),
        ("a,b".encode("utf-16"), "is UTF-16 text"),
        ("a,b\nm\u00fc,1".encode("latin-1"), r"is not UTF-8 text \(byte 5\)"),
        (b"a,b\n\x00,1", "is binary"),
        (b" \n ", "holds only white space"),
    ],
)
def test_what_is_no_text_is_named(tmp_path: Path, data: bytes, match: str) -> None:
    with pytest.raises(InputError, match=match):
        read_results_text(write(tmp_path / "results.json", data))


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    assert read_results_text(write(tmp_path / "a.csv", b"\xef\xbb\xbfa,b")) == "a,b"


def test_only_regular_non_empty_files_are_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a directory"):
        check_file(tmp_path)
    with pytest.raises(InputError, match="does not exist"):
        check_file(tmp_path / "none.json")
    with pytest.raises(InputError, match="is empty"):
        check_file(write(tmp_path / "empty.json", b""))


def test_huge_texts_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "MAX_BYTES", 3)
    with pytest.raises(InputError, match="has 4 bytes, more than the 3 that are read"):
        check_file(write(tmp_path / "large.json", b"1234"))


def test_a_database_is_told_by_its_head(tmp_path: Path) -> None:
    assert is_sqlite(write(tmp_path / "x.txt", b"SQLite format 3\x00rest"))
    assert not is_sqlite(write(tmp_path / "y.db", b"SQLite format 2"))


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ('[{"a": 1},\n {"b', r"x.json: not valid JSON at line 2, column 3"),
        ('{"a": 1, "a": 2}', "the key 'a' stands twice in one object"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
    ],
)
def test_broken_json_is_refused_with_its_place(text: str, match: str) -> None:
    with pytest.raises(InputError, match=match):
        parse_results(text, "x.json")


def test_whole_numbers_beyond_a_float_become_infinite() -> None:
    assert parse_results("[12, 1" + "0" * 5000 + "]", "x") == [12, float("inf")]


def test_a_cut_last_line_is_left_out_with_a_note() -> None:
    notes: list[str] = []
    lines = parse_json_lines('{"a": 1}\n\n{"a": 2}\n{"a', Path("x.log"), notes)
    assert list(lines) == [(1, {"a": 1}), (3, {"a": 2})]
    assert notes == ["line 4, the last, is cut off and was left out"]


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ('{"a": 1}\n{"a\n{"a": 3}', "line 2, column"),
        ('{"a": 1}\n[1]', "line 2: expected an object, got a list"),
        ('{"a', "line 1, column"),
    ],
)
def test_broken_lines_are_refused_with_their_number(text: str, match: str) -> None:
    with pytest.raises(InputError, match=match):
        list(parse_json_lines(text, Path("x.log"), []))
