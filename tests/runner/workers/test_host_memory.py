"""Whether the system has ended a process for want of memory, by its own count."""

import pytest

from runner.workers.host_memory import FRESH_S, OomKills


@pytest.fixture
def kills(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the system has ended so far; tests add to it."""
    ended = ["long ago"]
    monkeypatch.setattr("runner.workers.host_memory._count_oom_kills", lambda: len(ended))
    return ended


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("runner.workers.host_memory.time.monotonic", lambda: now[0])
    return now


def test_a_kill_of_before_does_not_count_and_one_of_since_does(
    kills: list[str], clock: list[float]
) -> None:
    since = OomKills()
    assert not since.happened()
    kills.append("now")
    assert since.happened()


def test_a_mark_forgets_the_kills_until_then(kills: list[str], clock: list[float]) -> None:
    since = OomKills()
    kills.append("another process")
    clock[0] = 2 * FRESH_S
    since.mark()
    assert not since.happened()


def test_a_mark_soon_after_another_costs_nothing_and_forgets_nothing(
    kills: list[str], clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    since = OomKills()
    clock[0] = FRESH_S / 2
    with monkeypatch.context() as patch:
        patch.setattr(
            "runner.workers.host_memory._count_oom_kills", lambda: pytest.fail("it was counted")
        )
        since.mark()
    kills.append("just now")
    assert since.happened()


def test_the_kernel_is_asked_where_no_group_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runner.workers.host_memory._find_cgroup_files", list)
    monkeypatch.setattr(
        "runner.workers.host_memory.Path.read_text",
        lambda path, encoding: "pgfault 7\noom_kill 3\n",
    )
    since = OomKills()
    monkeypatch.setattr(
        "runner.workers.host_memory.Path.read_text",
        lambda path, encoding: "pgfault 9\noom_kill 4\n",
    )
    assert since.happened()
