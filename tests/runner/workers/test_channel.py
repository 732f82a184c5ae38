"""What a worker's training prints, reads or forks does not get at the way to the parent."""

import json
import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import os, subprocess, sys, time
from runner.workers.channel import Channel
from runner.workers.protocol import Alive, JobDone

channel = Channel()
{deed}
channel.send(JobDone(), "token")
print(next(channel.listen()).token, file=sys.stderr)
"""
ORDER = b'{"token": "next", "order": {"order": "measure"}}\n'


def play(deed: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM.format(deed=deed)],
        cwd=Path(__file__).parents[3],
        input=ORDER,
        capture_output=True,
        timeout=30,
        check=False,
    )


def assert_undisturbed(done: subprocess.CompletedProcess[bytes]) -> None:
    """Check that the parent got the one message, and the worker the one order."""
    (line,) = done.stdout.splitlines()
    said = json.loads(line)
    assert (said["token"], said["message"]) == ("token", {"event": "done"})
    assert done.stderr.splitlines()[-1] == b"next"
    assert done.returncode == 0


def test_what_is_printed_is_no_message() -> None:
    done = play("print('loss 0.1', flush=True); os.system('echo by a program')")
    assert_undisturbed(done)
    assert done.stderr.startswith(b"loss 0.1\nby a program\n")


def test_whoever_asks_for_input_gets_none_and_takes_no_order() -> None:
    done = play("assert sys.stdin.read() == ''; os.system('cat')")
    assert_undisturbed(done)


def test_a_closed_standard_input_closes_nothing_else() -> None:
    assert_undisturbed(play("sys.stdin.close(); os.close(1)"))


def test_a_forked_process_that_comes_back_ends_without_a_word_to_the_parent() -> None:
    done = play(
        "child = os.fork()\n"
        "if child: assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1"
    )
    assert_undisturbed(done)
    assert b"A process that the trainer forked has returned: it ends here." in done.stderr


def test_a_forked_process_has_neither_pipe() -> None:
    deed = """
def count_pipes():
    paths = (f"/dev/fd/{number}" for number in range(3, 64))
    return sum(os.path.exists(path) for path in paths)
assert count_pipes() == 2
child = os.fork()
if not child: os._exit(count_pipes())
assert os.waitpid(child, 0)[1] == 0
program = "import os; print(sum(os.path.exists(f'/dev/fd/{n}') for n in range(3, 64)))"
assert subprocess.check_output([sys.executable, "-c", program], close_fds=False) == b"0\\n"
"""
    assert_undisturbed(play(deed))


def test_a_long_message_is_sent_whole() -> None:
    done = play("channel.send(JobDone(), 'x' * 10**6)")
    assert len(done.stdout.splitlines()[0]) > 10**6
    assert os.fsdecode(done.stderr).strip() == "next"
