"""The words of --launch are split as a shell would split them, and arrive as they are."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from runner.errors import RunError
from runner.launching.prefix import LaunchPrefix, parse_prefixes

ODD = ["plain", "with space", "it's", 'say "so"', "$HOME `date` \\ *", "ünï", "a\nb", ""]


def test_words_are_split_as_a_shell_would() -> None:
    prefixes = parse_prefixes(["env A=1", "sh -c 'exec \"$@\"' sh"])
    assert [prefix.words for prefix in prefixes] == [
        ("env", "A=1"),
        ("sh", "-c", 'exec "$@"', "sh"),
    ]
    assert str(prefixes[0]) == "through 'env A=1'"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a program and its words"),
        ("''", "expected a program and its words"),
        ("ssh 'host", "cannot be split into words: No closing quotation"),
        ("envv A=1", r"there is no program 'envv'; did you mean env\?"),
        ("A=1 env", "'A=1' is no program; variables are set by 'env A=1'"),
        ("/etc/passwd x", "'/etc/passwd' is no program that may be run"),
        ("\udcff", "not UTF-8"),
    ],
)
def test_what_starts_no_program_is_refused(text: str, message: str) -> None:
    with pytest.raises(RunError, match=message):
        parse_prefixes([text])


@pytest.mark.parametrize(
    ("text", "joins"),
    [
        ("env A=1", False),
        ("sh x", False),
        ("ssh host", True),
        ("env A=1 /usr/bin/ssh host", True),
        ("sh /x/cloud-ssh host", True),
        ("env docker run -i sshd-image", False),
    ],
)
def test_it_is_known_whether_a_shell_splits_again(text: str, joins: bool) -> None:
    words = tuple(text.split())
    assert LaunchPrefix(text, words).joins_words == joins


@pytest.mark.parametrize("which", ["ssh_like", "env_like"])
def test_every_word_arrives_as_it_is(which: str, request: pytest.FixtureRequest) -> None:
    prefix: LaunchPrefix = request.getfixturevalue(which)
    code = "import json, sys; print(json.dumps(sys.argv[1:]))"
    command = prefix.precede([sys.executable, "-c", code, *ODD])
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert json.loads(done.stdout) == ODD


def test_a_table_has_room_for_its_ends() -> None:
    assert LaunchPrefix("ssh host", ("ssh", "host")).show() == "ssh host"
    shown = LaunchPrefix("ssh -o ServerAliveInterval=15 -o BatchMode=yes gpu1", ("ssh",)).show()
    assert str(LaunchPrefix(f"ssh -F {Path.home()}/c", ())) == "through 'ssh -F ~/c'"
    assert shown == "ssh -o ServerAliveI…o BatchMode=yes gpu1"
