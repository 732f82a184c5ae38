"""Only the kernel says that a process has ended: one that cannot be seen may run."""

import os
from pathlib import Path
from typing import NoReturn

import pytest

from runner.storage.liveness import describe_self, look_for
from tests.runner.conftest import dead_runner


def test_this_process_runs() -> None:
    assert look_for(describe_self()) == "runs"


def test_a_process_that_is_no_more_has_ended() -> None:
    assert look_for(dead_runner()) == "ended"


def test_a_process_of_which_only_the_exit_code_is_left_has_ended() -> None:
    pid = os.posix_spawn("/bin/true", ["true"], {})
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    try:
        assert look_for(describe_self().model_copy(update={"pid": pid})) == "ended"
    finally:
        os.waitpid(pid, 0)


def test_a_process_id_that_was_used_again_is_another_process() -> None:
    assert look_for(describe_self().model_copy(update={"born": "1"})) == "ended"


@pytest.mark.parametrize("pid", [0, -1, 2**80])
def test_what_is_no_process_id_is_not_asked_for(pid: int) -> None:
    assert look_for(describe_self().model_copy(update={"pid": pid})) == "unseen"


def test_a_process_whose_birth_is_hidden_is_unseen_and_not_dead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = describe_self()
    (tmp_path / "self").symlink_to(str(os.getpid()))
    monkeypatch.setattr("runner.storage.liveness._PROC", tmp_path)
    assert look_for(me) == "unseen"


def test_another_users_process_is_unseen_where_its_birth_is_hidden_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(pid: int, signal: int) -> NoReturn:
        raise PermissionError

    me = describe_self()
    monkeypatch.setattr("os.kill", refuse)
    assert look_for(me) == "runs"
    monkeypatch.setattr("runner.storage.liveness._PROC", tmp_path)
    assert look_for(me) == "unseen"


def test_the_proc_of_another_namespace_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = describe_self()
    (tmp_path / "self").symlink_to("123456")
    (tmp_path / str(me.pid)).mkdir()
    (tmp_path / str(me.pid) / "stat").write_text(f"1 (x) S {' '.join(['7'] * 20)}")
    monkeypatch.setattr("runner.storage.liveness._PROC", tmp_path)
    assert look_for(me) == "unseen"


def test_boot_and_both_namespaces_name_a_machine() -> None:
    boot, processes, clocks = describe_self().machine.split()
    assert boot == Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    assert (processes[:4], clocks[:4]) == ("pid:", "time")


@pytest.mark.parametrize("machine", ["", "another"])
def test_a_process_id_of_another_machine_means_nothing(machine: str) -> None:
    dead = dead_runner().model_copy(update={"machine": machine})
    assert look_for(dead) == "unseen"
