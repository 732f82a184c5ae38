"""The ledger of claims: read with care whatever it holds, and broken when anything was changed."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trial_sets.errors import InputError
from trial_sets.records.claim_file import open_claims
from trial_sets.records.claim_ledger import ClaimLedger, digest_line, parse_claims, read_claims
from trial_sets.records.claim_lines import ClaimLine, Line, LookLine, ScoredLine, TrialKey
from trial_sets.records.looks import HoldoutPeriod, RowSketch

NOW = "2026-01-28T12:00:00+00:00"
ROWS = HoldoutPeriod(data="f" * 64, name="sp500", first="2015-01-02", last="2016-12-30")
SKETCH = RowSketch(values=40, smallest="0123456789ab" * 4)
TRIALS = (TrialKey(key="a" * 12, kin="b" * 12),)


def claim_line(**fields: Any) -> ClaimLine:
    said = {
        "time": NOW, "study": "tiny", "sentence": "A2 beats A1", "digest": "1" * 64,
        "declared": "1" * 64, "question": "2" * 64, "rope": 0.005, "looks": None, "rows": ROWS,
        "claiming": TRIALS, "references": (),
    }  # fmt: skip
    return ClaimLine(**{**said, **fields})


LINES: tuple[Line, ...] = (
    claim_line(),
    ScoredLine(time=NOW, study="tiny", run="sp500-1", rows=ROWS, trials=TRIALS, claims=("1" * 64,)),
    LookLine(
        time=NOW, study="tiny", run="sp500-1", digest="1" * 64, question="2" * 64, rows=ROWS,
        seeds=(3, 5), evidence="3" * 64,
    ),
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "outputs" / "claims.jsonl"
    with open_claims(path) as book:
        book.add(*LINES)
    return path


def test_no_file_is_an_empty_ledger(tmp_path: Path) -> None:
    ledger = read_claims(tmp_path / "claims.jsonl")
    assert (ledger.lines, ledger.head, ledger.find_break()) == ((), None, None)


def test_what_was_written_is_read(path: Path) -> None:
    ledger = read_claims(path)
    assert [type(line) for line in ledger.lines] == [ClaimLine, ScoredLine, LookLine]
    assert ledger.find_break() is None
    assert [line.previous for line in ledger.lines] == [None, *ledger.digests[:2]]
    assert ledger.head is not None
    assert [ledger.find_head(head) for head in (*ledger.digests, "0" * 64)] == [0, 1, 2, None]


@pytest.mark.parametrize("removed", [0, 1])
def test_a_line_that_was_removed_is_missed(path: Path, removed: int) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    del lines[removed]
    path.write_bytes(b"".join(lines))
    sentences = (
        "what stood before line 1 is missing",
        "line 1 was changed, or one after it removed",
    )
    assert read_claims(path).find_break() == sentences[removed]


def test_lines_in_another_order_are_noticed(path: Path) -> None:
    first, second, third = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + third + second)
    assert read_claims(path).find_break() is not None


def test_white_space_is_a_change_too(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"rope":0.005', b'"rope": 0.005'))
    assert read_claims(path).find_break() == "line 1 was changed, or one after it removed"


def test_a_period_gets_the_sketch_of_a_line_on_just_it() -> None:
    ledger = ClaimLedger((claim_line(rows=ROWS.model_copy(update={"rows": SKETCH})),), ("1" * 64,))
    assert ledger.complete(ROWS).rows == SKETCH
    assert ledger.complete(ROWS.model_copy(update={"last": "2017-01-02"})).rows is None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\n", "claims.jsonl: not valid JSON at line 1, column 1"),
        (b"[]\n", r"line 1: \[\] is not an object"),
        (b'{"kind": "oath"}\n', 'line 1: kind="oath", expected claim, scored, look, stop'),
        (b'{"kind": ["claim"]}\n', r"line 1: kind=\[.*\], expected claim"),
        (b'{"kind": "claim", "version": 9}\n', "line 1: version=9, which a later release wrote"),
        (b'{"kind": "stop", "version": 1}\n', "version=1, expected 2"),
        (b'{"kind": "look", "version": 2}\n', "version=2, expected 1"),
        (b'{"kind": "look"}\n', "line 1: time is missing .and"),
        (b"\xff\n", r"line 1: not UTF-8 text \(byte 0\)"),
        (b"[" * 100_000 + b"\n", "nested too deeply"),
        (b'{"kind": "claim", "time": "\\u001b[2J"}\n', "time="),
    ],
)
def test_what_is_no_line_is_named(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=sentence):
        read_claims(path)


def test_a_line_is_not_read_beyond_its_limit(path: Path) -> None:
    path.write_bytes(b'"' + b"x" * (9 * 1024**2) + b'"\n')
    with pytest.raises(InputError, match="line 1: longer than 8,388,608 bytes"):
        read_claims(path)


def test_a_folder_or_a_pipe_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_claims(tmp_path)


CHANGES = st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=3)), min_size=1, max_size=4)


def change(content: bytes, changes: list[tuple[int, bytes]]) -> bytes:
    for place, new in changes:
        start = place % len(content)
        content = content[:start] + new + content[start + 1 :]
    return content


def seal() -> bytes:
    head, texts = None, []
    for line in LINES:
        texts.append(line.model_copy(update={"previous": head}).model_dump_json().encode())
        head = digest_line(texts[-1])
    return b"\n".join(texts) + b"\n"


WHOLE = seal()


@given(CHANGES)
def test_readers_of_changed_ledgers_hold(changes: list[tuple[int, bytes]]) -> None:
    """Whatever was changed: it is refused, shows in the chain, or is in the last line, its head."""
    content = change(WHOLE, changes)
    ledger = ClaimLedger()
    with contextlib.suppress(InputError):
        ledger = parse_claims(content, "claims.jsonl")
    if ledger.find_break() is None:
        kept = parse_claims(WHOLE, "claims.jsonl").digests[: len(ledger.lines)]
        assert ledger.digests[:-1] == kept[:-1]


@given(st.binary(max_size=200))
def test_readers_of_any_bytes_hold(content: bytes) -> None:
    with contextlib.suppress(InputError):
        parse_claims(content + b"\n", "claims.jsonl")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5),
       st.sampled_from(["version", "time", "previous", "study", "rope", "looks", "rows", "known",
                        "claiming", "digest", "kind", "strange"]))  # fmt: skip
def test_readers_of_any_field_hold(value: Any, field: str) -> None:
    said = json.loads(WHOLE.splitlines()[0]) | {field: value}
    with contextlib.suppress(InputError):
        parse_claims(json.dumps(said).encode() + b"\n", "claims.jsonl")
