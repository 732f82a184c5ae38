"""Lines are added whole or not at all, by one writer at a time."""

import errno
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.trial_sets.records.test_claim_ledger import claim_line
from trial_sets.errors import InputError
from trial_sets.records import claim_file
from trial_sets.records.claim_file import open_claims
from trial_sets.records.claim_ledger import read_claims


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "outputs" / "claims.jsonl"
    add(path, "first")
    return path


def add(path: Path, sentence: str) -> None:
    with open_claims(path) as book:
        book.add(claim_line(sentence=sentence))


def sentences(path: Path) -> list[str]:
    ledger = read_claims(path)
    assert ledger.find_break() is None
    return [getattr(line, "sentence", "") for line in ledger.lines]


def test_a_line_that_was_begun_does_not_count_and_is_cut_off(path: Path) -> None:
    whole = path.read_bytes()
    for size in (1, 20, len(whole) - 2):
        path.write_bytes(whole + whole[:size])
        assert sentences(path) == ["first"]
    add(path, "second")
    assert sentences(path) == ["first", "second"]


def test_a_last_line_whose_end_an_editor_took_still_counts(path: Path) -> None:
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    assert sentences(path) == ["first"]
    add(path, "second")
    assert sentences(path) == ["first", "second"]


def test_nothing_is_added_where_there_is_nothing_to_add(path: Path) -> None:
    before = path.read_bytes()
    with open_claims(path) as book:
        book.add()
    assert path.read_bytes() == before


def test_many_writers_leave_one_chain(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: add(path, str(number)), range(40)))
    assert sorted(sentences(path)[1:], key=int) == [str(number) for number in range(40)]


def test_processes_wait_for_each_other(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.trial_sets.records.test_claim_file import add\n"
        "[add(Path(sys.argv[1]), sys.argv[2]) for _ in range(10)]"
    )
    root = Path(__file__).resolve().parents[3]
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(path), name], cwd=root) for name in "ab"
    ]
    assert [process.wait() for process in running] == [0, 0]
    assert len(sentences(path)) == 21


def test_a_lock_that_is_never_given_up_is_not_waited_for_forever(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claim_file, "LOCK_S", 0.05)
    with (
        open_claims(path),
        pytest.raises(OSError, match="another process holds it"),
        open_claims(path),
    ):
        pass


def test_a_file_system_without_locks_is_written_to_without(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr("fcntl.flock", refuse)
    add(path, "second")
    assert sentences(path) == ["first", "second"]


def test_what_a_full_disk_cuts_short_is_taken_back(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda descriptor, content: write(descriptor, content[:9]))
        with pytest.raises(OSError, match="No space left"):
            add(path, "second")
    assert sentences(path) == ["first"]
    assert path.read_bytes().endswith(b"\n")


def test_a_link_or_a_pipe_is_not_written_to(path: Path) -> None:
    link = path.with_name("link.jsonl")
    link.symlink_to(path)
    with pytest.raises(OSError, match="symbolic link"):
        add(link, "second")
    pipe = path.with_name("pipe.jsonl")
    os.mkfifo(pipe)
    with pytest.raises(OSError, match=r"."):
        add(pipe, "second")


def test_what_cannot_be_read_is_left_as_it_is(path: Path) -> None:
    path.write_bytes(b"notes of mine\n")
    with pytest.raises(InputError, match="not valid JSON at line 1"):
        add(path, "second")
    assert path.read_bytes() == b"notes of mine\n"
