"""Two runners that cannot see each other, both alive, share the work all the same."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.drill.batch import Batch

pytestmark = [pytest.mark.namespaces, pytest.mark.slow]

_OF_PROCESSES = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")
_APART = {
    "in two namespaces of time": [
        ("unshare", "--time", "--boottime", str(offset), "--fork", "--kill-child")
        for offset in (0, 86_400)
    ],
    "in two namespaces of processes and of time": [
        (*_OF_PROCESSES, "--time", "--boottime", str(offset)) for offset in (0, 86_400)
    ],
    "where the first lacks a /proc of its own": [
        ("unshare", "--pid", "--fork", "--kill-child"),
        _OF_PROCESSES,
    ],
}


def _as_user(number: int) -> tuple[str, ...]:
    """Return what starts a command as a user who sees no other user's processes.

    It may read and write all files, so that it finds this checkout's Python.
    """
    script = 'mount -t proc -o hidepid=2 proc /proc && exec setpriv "$@"'
    user = ("--reuid", str(number), "--regid", str(number), "--clear-groups")
    rights = ("--inh-caps", "+dac_override", "--ambient-caps", "+dac_override")
    return ("unshare", "--mount", "sh", "-c", script, "sh", *user, *rights)


def _skip_without(within: Sequence[str]) -> None:
    """Skip a test whose namespaces cannot be made here."""
    if shutil.which("unshare") is None or shutil.which("setpriv") is None:
        pytest.skip("needs unshare and setpriv, of util-linux")
    done = subprocess.run([*within, "true"], capture_output=True, check=False, text=True)
    if done.returncode != 0:
        pytest.skip(f"namespaces are not allowed here: {done.stderr.strip()}")


@contextmanager
def _open_batch() -> Iterator[Batch]:
    """Yield a batch in a folder that every user may write to."""
    before = os.umask(0)
    folder = Path(tempfile.mkdtemp(prefix="namespaces-"))
    try:
        folder.chmod(0o777)
        batch = Batch(folder / "batch", folder / "outputs", built_in=False, n_trials=3)
        yield batch
    finally:
        for pid in batch.processes():
            os.kill(pid, signal.SIGKILL)
        os.umask(before)
        shutil.rmtree(folder)


def _share(apart: Sequence[Sequence[str]]) -> None:
    """Let two runners fill one folder; each fit must run once and have its record."""
    for within in apart:
        _skip_without(within)
    with _open_batch() as batch:
        commands = [batch.start(within) for within in apart]
        codes = [command.wait(100) for command in commands]
        assert codes == [0, 0], batch.words()
        assert set(Counter(batch.read_diary()).values()) == {1}
        assert batch.survey().counts == {"done": 6}
        assert len(batch.table()) == 6


@pytest.fixture(autouse=True)
def _long_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let fits take so long that both runners come upon each other's."""
    monkeypatch.setenv("DRILL_EPOCH_S", "0.4")


@pytest.mark.parametrize("where", _APART)
def test_runners_apart_run_every_fit_once_between_them(where: str) -> None:
    _share(_APART[where])


def test_users_who_see_none_of_each_others_processes_run_every_fit_once() -> None:
    _share([_as_user(61_001), _as_user(61_002)])
