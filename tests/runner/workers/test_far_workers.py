"""A worker that is started through a prefix is a worker like any other, and its loss is told."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from runner.errors import BatchStopped, WorkerDied
from runner.faults.limits import Limits
from runner.launching.far_command import FarStart
from runner.launching.prefix import LaunchPrefix, parse_prefixes
from runner.workers.launch import Launch
from runner.workers.pool import WorkerPool
from runner.workers.protocol import Ready, See, Seen
from runner.workers.supervisor import Worker
from tests.processes import is_alive
from tests.runner.conftest import job

FAKE = Path(__file__).parent.parent / "fake_worker.py"
QUIET = Limits(hang_s=60.0)
Behind = Callable[[str], Launch]
pytestmark = pytest.mark.usefixtures("brief_pauses")


@pytest.fixture
def brief_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runner.workers.pool.RESTART_PAUSES_S", (0.01,))


def behind(text: str, code: tuple[str, ...] = (str(FAKE),)) -> Launch:
    """Return the start of a fake worker through a prefix."""
    (prefix,) = parse_prefixes([text])
    near = Launch("built_in", (sys.executable, *code), {})
    return near.put_behind(prefix, stock={})


@pytest.fixture
def worker() -> Iterator[Worker]:
    with closing(Worker(behind("env A=1"))) as one:
        yield one


def death_of(worker: Worker, order: str, limits: Limits = QUIET) -> WorkerDied:
    with pytest.raises(WorkerDied) as caught:
        list(worker.run(job(order), limits))
    return caught.value


def far_pid(worker: Worker) -> int:
    """Return the process that speaks, which is not the one that was started."""
    worker.wait_until_ready()
    assert worker._speaker is not None
    assert worker._speaker != worker.pid
    return worker._speaker


def test_it_does_one_job_after_another(worker: Worker) -> None:
    for _ in range(2):
        assert len(list(worker.run(job("train"), QUIET))) == 2


@pytest.mark.parametrize("greeting", ['echo "== An image =="; echo', "printf '\\033]0;node\\007'"])
def test_what_a_prefix_says_before_it_is_passed_over(tmp_path: Path, greeting: str) -> None:
    program = tmp_path / "greet"
    program.write_text(f'#!/bin/sh\n{greeting}\nexec "$@"\n')
    program.chmod(0o755)
    with closing(Worker(behind(str(program)))) as one:
        assert len(list(one.run(job("train"), QUIET))) == 2


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ("exit", "through 'env A=1': the worker process ended with status 3"),
        ("kill", "through 'env A=1': the worker process was ended by SIGKILL"),
        ("no JSON", "through 'env A=1': the worker process sent what is no message: b'garbage'"),
    ],
)
def test_its_death_is_told_with_the_prefix(worker: Worker, order: str, why: str) -> None:
    death = death_of(worker, order)
    assert (death.kind, str(death)) == ("crashed", why)


def test_the_loss_of_what_leads_there_is_a_crash(worker: Worker) -> None:
    pid = far_pid(worker)
    threading.Timer(0.2, os.kill, (worker.pid, signal.SIGKILL)).start()
    death = death_of(worker, "talk")
    assert (death.kind, str(death)) == ("crashed", "through 'env A=1': env was ended by SIGKILL")
    assert not is_alive(pid)


@pytest.mark.parametrize(
    ("order", "limits", "kind"),
    [
        ("talk", Limits(timeout_s=0.3), "timed_out"),
        ("sleep", Limits(hang_s=0.3), "hung"),
    ],
)
def test_limits_reach_it(worker: Worker, order: str, limits: Limits, kind: str) -> None:
    pid = far_pid(worker)
    assert death_of(worker, order, limits).kind == kind
    assert not is_alive(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is not in sight")
def test_a_connection_that_ssh_keeps_for_others_outlives_a_worker(tmp_path: Path) -> None:
    program, told = tmp_path / "keep", tmp_path / "pid"
    code = "import os; os.setsid(); os.execv('/bin/sleep', ['ssh: /x [mux]', '1000'])"
    program.write_text(
        f'#!/bin/sh\n{sys.executable} -c "{code}" < /dev/null > /dev/null 2>&1 &\n'
        f'echo $! > {told}\n"$@"\n'
    )
    program.chmod(0o755)
    with closing(Worker(behind(str(program)))) as one:
        one.wait_until_ready()
    kept = int(told.read_text())
    try:
        assert is_alive(kept)
    finally:
        os.kill(kept, signal.SIGKILL)
        os.waitpid(kept, 0)


def test_what_leads_there_is_asked_to_end_before_it_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "launcher"
    program.write_text(
        f'#!/bin/sh\ntrap "echo asked > {tmp_path}/told; exit 1" TERM\n'
        "while read -r line; do :; done\nwhile :; do sleep 0.05; done\n"
    )
    program.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("runner.launching.leave.HANGING_UP_S", 0.2)
        one = Worker(behind(str(program)))
        time.sleep(0.2)
        one.close()
    assert (tmp_path / "told").read_text() == "asked\n"


def test_a_guard_hears_of_this_process_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runner.workers.supervisor.PING_S", 0.0)
    (prefix,) = parse_prefixes(["env A=1"])
    start = FarStart((sys.executable, str(FAKE)), {}, {}, silence_s=1.0)
    with closing(Worker(Launch("built_in", start.behind(prefix), {}, prefix))) as one:
        one.wait_until_ready()
        time.sleep(1.5)
        assert len(list(one.run(job("train"), QUIET))) == 2


def test_it_tells_what_is_seen_there(worker: Worker) -> None:
    assert worker.see(See(files={}, paths=("/",))) == Seen(missing="")
    assert worker.see(See(files={}, paths=("/no",))).missing == "/no is not visible there"
    assert len(list(worker.run(job("train"), QUIET))) == 2


def test_workers_take_the_prefixes_in_turn() -> None:
    with WorkerPool(3, behind("env A=1"), behind("env A=2")) as pool:
        found = [through.text for _, through, _ in pool.list_far()]
        assert found == ["env A=1", "env A=2", "env A=1"]
        pool.open(["cpu", "cpu", "cpu"])
        with pool.slot() as slot:
            assert slot.place == "cpu (env A=1)"
            assert isinstance(slot.far, Ready)
            slot.replace_worker()
            assert slot.worker.launch.through == parse_prefixes(["env A=1"])[0]


def test_a_slot_that_cannot_be_reached_any_more_is_given_up(tmp_path: Path) -> None:
    leads = tmp_path / "leads"
    leads.write_text('#!/bin/sh\nexec "$@"\n')
    leads.chmod(0o755)
    losses: list[str] = []
    with WorkerPool(2, behind(str(leads)), behind("env A=2")) as pool:
        pool.list_far()
        pool.open(["cpu", "cpu"])
        pool.on_loss = losses.append
        leads.write_text("#!/bin/sh\necho no route to host >&2\nexit 255\n")
        pool.list_far()[0][0].kill()
        for _ in range(2):
            with pool.slot() as slot:
                assert slot.place == "cpu (env A=2)"
                assert len(list(slot.worker.run(job("train"), QUIET))) == 2
        (loss,) = losses
        assert loss == (
            f"a slot is given up, no worker can start: through '{leads}': leads ended with status "
            "255: no route to host"
        )
        with pool.slot() as slot:
            slot.retired = True
        with pytest.raises(BatchStopped, match="no worker can start any more: through"):
            pool._lend()


def test_workers_that_differ_among_each_other_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.py"
    source = FAKE.read_text().replace('{"torch": "none"}', '{"torch": "1.0+cpu"}')
    other.write_text(source)
    with WorkerPool(2, behind("env A=1"), behind("env A=2", (str(other),))) as pool:
        message = "through 'env A=2': torch none with the first worker, 1.0 there"
        with pytest.raises(WorkerDied, match=message):
            pool.list_far()


def test_another_project_there_is_refused(ssh_prefix: LaunchPrefix) -> None:
    near = Launch("built_in", (sys.executable, str(FAKE)), {})
    with (
        closing(Worker(near.put_behind(ssh_prefix, stock={"numpy": "0.1"}))) as one,
        pytest.raises(
            WorkerDied, match=r"fake-ssh\" host': numpy 0\.1 where the batch was started"
        ),
    ):
        one.wait_until_ready()


@pytest.fixture
def ssh_prefix(tmp_path: Path) -> LaunchPrefix:
    program = tmp_path / "it's a fake-ssh"
    program.write_text('#!/bin/sh\nshift\ncd /\nexec env -i sh -c "$*"\n')
    program.chmod(0o755)
    (prefix,) = parse_prefixes([f'"{program}" host'])
    return prefix


def test_paths_with_spaces_and_quotes_survive_a_shell(
    ssh_prefix: LaunchPrefix, tmp_path: Path
) -> None:
    place = tmp_path / 'so "it" isn\'t $HOME'
    place.mkdir()
    program = place / "my python"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    program.chmod(0o755)
    fake = place / "fake.py"
    fake.write_text(FAKE.read_text())
    near = Launch("built_in", (str(program), str(fake)), {})
    with closing(Worker(near.put_behind(ssh_prefix, stock={}))) as one:
        assert len(list(one.run(job("train"), QUIET))) == 2
