"""Files that one shares name no person and no machine."""

import shlex
import subprocess
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trial_sets import redaction
from trial_sets.redaction import find_home, hide_home, hide_person, quote_word


@pytest.fixture(autouse=True)
def _alice(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Be alice, at home in /home/alice, on the machine mabel."""
    monkeypatch.setenv("HOME", "/home/alice")
    monkeypatch.setattr("getpass.getuser", lambda: "alice")
    monkeypatch.setattr("socket.gethostname", lambda: "mabel")
    for cached in (redaction._find_home, redaction._list_names):
        cached.cache_clear()
    yield
    monkeypatch.undo()
    for cached in (redaction._find_home, redaction._list_names):
        cached.cache_clear()


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        ("/home/alice/data/prices.csv", "~/data/prices.csv"),
        ("/home/alice", "~"),
        ("/home/alicent/prices.csv", "/home/alicent/prices.csv"),
        ("prices.csv", "prices.csv"),
        ("/home/alice/sets.py:FIRST", "~/sets.py:FIRST"),
    ],
)
def test_the_home_folder_is_hidden_and_found_again(path: str, hidden: str) -> None:
    assert hide_home(path) == hidden
    assert find_home(hidden) == path


def test_another_users_home_is_not_ours() -> None:
    assert find_home("~bob/prices.csv") == "~bob/prices.csv"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ('File "/home/alice/own.py", line 3', 'File "~/own.py", line 3'),
        ("/scratch/alice/x on mabel: no space", "/scratch/USER/x on HOST: no space"),
        ("malice and alice-in-chains", "malice and alice-in-chains"),
        ("/home/alice-2/x", "/home/alice-2/x"),
    ],
)
def test_a_traceback_names_nobody(text: str, hidden: str) -> None:
    assert hide_person(text) == hidden


def test_a_name_that_is_everybodys_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "root")
    redaction._list_names.cache_clear()
    assert hide_person("the root of the tree") == "the root of the tree"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\n\r"), max_size=12))
def test_a_shell_reads_a_quoted_word_back(word: str) -> None:
    assert shlex.split(quote_word(word)) == [word]


@pytest.mark.parametrize("path", ["/home/alice/my prices.csv", "/home/alice", "/home/alice/$x"])
def test_a_shell_finds_the_home_folder_in_a_quoted_path(path: str) -> None:
    quoted = quote_word(path)
    assert "alice" not in quoted
    said = subprocess.run(
        ["sh", "-c", f"printf %s {quoted}"], check=True, capture_output=True, text=True
    )
    assert said.stdout == path
