"""A record's text is believed by its checksum, however it is laid out."""

import hashlib
import json

import pytest

from tests.runner.conftest import fit, record
from trial_sets.errors import InputError
from trial_sets.records.record import Record, parse_record

SEALED = record(fit(), 0.75).sealed()
TEXT = SEALED.model_dump_json(indent=1)


def change(**fields: object) -> str:
    return json.dumps({**json.loads(TEXT), **fields})


def test_what_was_written_is_read_without_writing_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Record, "_digest")
    assert parse_record(TEXT, "record.json") == SEALED


@pytest.mark.parametrize(
    "text",
    [json.dumps(json.loads(TEXT)), TEXT.replace("0.75", "7.5e-1"), change(seconds=0)],
    ids=["without spaces", "another spelling of a number", "a whole number"],
)
def test_another_layout_of_the_same_is_the_same(text: str) -> None:
    assert text != TEXT
    assert parse_record(text, "record.json") == SEALED


def test_another_content_is_noticed() -> None:
    with pytest.raises(InputError, match=r"^here: not what was written: its sha256 is another"):
        parse_record(change(seed=4), "here")


def test_a_checksum_makes_no_record_of_what_is_none() -> None:
    digest = hashlib.sha256(b'{"status": "complete"}').hexdigest()
    with pytest.raises(InputError, match=r"^here: kind is missing"):
        parse_record(json.dumps({"status": "complete", "sha256": digest}), "here")
