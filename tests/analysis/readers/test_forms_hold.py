"""Whatever becomes of another tool's file, a reader gives a frame or one sentence, and soon."""

import contextlib
import json
import math
import random
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.readers.cells import read_mapping
from analysis.readers.options import ReadOptions
from analysis.readers.sources import read_trials
from tests.analysis.readers.test_agreement_hold import SOME
from tests.analysis.readers.writers import leave
from tests.analysis.readers.written_forms import READERS, WRITERS
from tests.json_values import any_json
from trial_sets.errors import InputError

ODD = [
    "", "nan", "inf", "-inf", "null", "None", "true", "1e400", "-0", "9" * 400, "[]", "{}", "[[]]",
    '{"a": 1}', "{'a': [1, {}]}", '"', "'", "\\", ",", ";", "\n", "\r", "\t", ":", "{", "}", "[",
    "]", "\ud7ff", "é", "=1+1", "epoch", "trial", "seed", "state", "value", "fold", "model",
    "params", "COMPLETE", "FAIL", "__import__('os')", "{'a': __import__('os').getcwd()}", " ", "0",
]  # fmt: skip
STRANGE: list[Any] = [
    None, True, 0, -1, 0.5, 10**400, 1e308, -1e-320, "", "x", "0.5", "nan", "{'a': 1}", [], {}, [1],
    [[1]], [{}], {"a": 1}, {"a": {"b": [1]}}, {"value": 1, "desc": None},
    [{"name": "a", "value": 1}], {"values": {"a": 1}, "space": []}, ["x"] * 20, "\ud800",
]  # fmt: skip
PART = re.compile(r'"[^"\n]*"|[\w.+-]+|[^\w\s]')


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("torn")


def tear(text: str, rng: random.Random) -> str:
    """Cut, repeat, move or replace some of a text's words, lines and characters."""
    for _ in range(rng.randint(1, 4)):
        lines = text.split("\n")
        match rng.randrange(6):
            case 0:
                text = text[: rng.randrange(len(text) + 1)]
            case 1 | 2:
                words = list(PART.finditer(text))
                if words:
                    word = rng.choice(words)
                    text = text[: word.start()] + rng.choice(ODD) + text[word.end() :]
            case 3:
                lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
                text = "\n".join(lines)
            case 4:
                del lines[rng.randrange(len(lines))]
                text = "\n".join(lines)
            case 5:
                place = rng.randrange(len(text) + 1)
                text = text[:place] + rng.choice(ODD) + text[place:]
    return text


def twist(document: Any, rng: random.Random) -> Any:
    """Replace, remove or rename something somewhere inside a JSON document."""
    if not isinstance(document, dict | list) or not document or rng.random() < 0.1:
        return rng.choice(STRANGE)
    copy = document.copy()
    place = rng.choice(list(copy)) if isinstance(copy, dict) else rng.randrange(len(copy))
    match rng.randrange(8):
        case 0:
            del copy[place]
        case 1 if isinstance(copy, dict):
            copy[rng.choice(ODD)] = copy.pop(place)
        case 1:
            copy.append(copy[place])
        case _:
            copy[place] = twist(copy[place], rng)
    return copy


def damage(text: str, rng: random.Random) -> str:
    """Tear a text, or twist the JSON in it and in each of its lines."""
    if text[:1] not in "[{" or rng.random() < 0.3:
        return tear(text, rng)
    lines = text.splitlines() if text.endswith("\n") else [text]
    for _ in range(rng.randint(1, 3)):
        place = rng.randrange(len(lines))
        lines[place] = json.dumps(twist(json.loads(lines[place]), rng))
    return "\n".join(lines)


@pytest.mark.parametrize("reader", READERS)
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_a_torn_file_is_read_or_refused(
    reader: str, folder: Path, data: st.DataObject, seed: int
) -> None:
    rng = random.Random(seed)
    form = data.draw(st.sampled_from(READERS[reader]))
    written = WRITERS[form](SOME)
    name = rng.choice(sorted(written.files))
    (path,) = leave(folder / form, {name: written.files[name]})
    if reader == "sqlite":
        content = bytearray(path.read_bytes())
        for _ in range(rng.randint(1, 8)):
            content[rng.randrange(16, len(content))] = rng.randrange(256)
        path.write_bytes(content)
    else:
        path.write_text(damage(path.read_text(), rng), errors="replace")
    said = rng.choice([written.options, ReadOptions(), ReadOptions(metric_column="val_acc")])
    with contextlib.suppress(InputError):
        frame = read_trials([path], said)
        assert all(math.isfinite(value) for value in frame.finished["metric"])
        assert len(frame.rows) <= 3 * len(SOME) + 8
        assert frame.rows["trial"].notna().all() or "trial" not in frame.params


words = any_json(keys=st.text(max_size=3), max_leaves=8)


@given(mapping=st.dictionaries(st.text(max_size=4), words, min_size=1, max_size=4))
def test_what_python_prints_of_a_mapping_is_read_as_it_was(mapping: dict[str, object]) -> None:
    found = read_mapping(str(mapping))
    assert found is not None
    assert list(found) == list(mapping)
    for name, value in mapping.items():
        is_plain = isinstance(value, str | bool) or value is None
        if is_plain or (isinstance(value, float) and math.isfinite(value)):
            assert found[name] == value


@given(text=st.text(alphabet="{}[]()'\":,0129aex._-*+ \n\\#", max_size=60))
def test_any_text_of_a_cell_is_a_mapping_or_none(text: str) -> None:
    for cell in (text, f"{{{text}}}", f"OrderedDict({text})"):
        found = read_mapping(cell)
        assert found is None or isinstance(found, dict)


def test_nothing_in_a_cell_is_executed(tmp_path: Path) -> None:
    mark = tmp_path / "executed"
    for call in (f"open({str(mark)!r}, 'w')", f"__import__('pathlib').Path({str(mark)!r}).touch()"):
        assert read_mapping(f"{{'a': {call}}}") is not None
        assert read_mapping(f"OrderedDict([({call}, 1)])") is not None
    assert not mark.exists()
