"""JSON of a person's hand may have comments and trailing commas; nothing else is forgiven."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trial_sets.errors import InputError
from trial_sets.loading.formats.json_file import blank_relaxations, read_relaxed_json

few = settings()  # of the profile, see tests/conftest.py


def read(folder: Path, text: str) -> Any:
    path = folder / "own.json"
    path.write_text(text)
    return read_relaxed_json(path)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"A1": {"dropout": 0.3} // comment\n}', {"A1": {"dropout": 0.3}}),
        ('{"A1": {"dropout": 0.3,},}', {"A1": {"dropout": 0.3}}),
        ('// first\n{"a": /* in\nside */ 1, # last\n}', {"a": 1}),
        ('{"a": [1, 2, /* no more */ ], }', {"a": [1, 2]}),
        ('{"a": "// no comment", "b": "# nor /* this */,]"}',
         {"a": "// no comment", "b": "# nor /* this */,]"}),
        ('{"a": "\\"//,}", "b": "\\\\", }', {"a": '"//,}', "b": "\\"}),
        ('{"a": 1} /* open', {"a": 1}),
    ],
)  # fmt: skip
def test_comments_and_trailing_commas_are_passed_over(
    tmp_path: Path, text: str, value: object
) -> None:
    assert read(tmp_path, text) == value


@pytest.mark.parametrize(
    "text",
    ["{,}", "[,]", '{"a":,}', '{"a": 1,,}', "[1,,2]", '{"a" 1}', "{'a': 1}", '"a', '{"a": 1}}',
     "/", '{"a": 1 / 2}'],
)  # fmt: skip
def test_a_comma_that_ends_nothing_and_every_other_slip_is_refused(
    tmp_path: Path, text: str
) -> None:
    with pytest.raises(InputError, match=r"own\.json: not valid JSON at line 1, column \d+: "):
        read(tmp_path, text)


def test_places_of_errors_are_those_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"at line 3, column 9: "):
        read(tmp_path, '{ /* one\ntwo */ "a": 1, // x\n "b":   x}')


@pytest.mark.parametrize(
    "text",
    ["/*" * 500_000, '"\\' * 500_000, '\\"' * 500_000, ", " * 500_000, "{" + " " * 1_000_000],
)
def test_no_text_takes_longer_than_its_length(text: str) -> None:
    began = time.process_time()
    blank_relaxations(text)
    assert time.process_time() - began < 5


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=20,
)


@few
@given(value=values, indent=st.none() | st.integers(0, 2))
def test_what_is_json_already_holds_unchanged(value: object, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    assert blank_relaxations(text) == text
