"""One owner a fit, and a dead owner's fit finds a new one."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

import pytest

from runner.errors import Stopped
from runner.storage import claims as claims_module
from runner.storage.claims import Claims, find_claim
from runner.storage.liveness import describe_self
from runner.storage.owner import Runner
from tests.runner.conftest import dead_runner, write_claim


@pytest.fixture
def fit(tmp_path: Path) -> Path:
    return tmp_path / "A1" / "seed-3"


@pytest.fixture
def claims() -> Iterator[Claims]:
    with Claims() as mine:
        yield mine


@pytest.fixture
def elsewhere() -> Runner:
    """Return a runner that the kernel says nothing of."""
    return describe_self().model_copy(update={"machine": "another"})


@pytest.fixture
def short_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runner.storage.claims.LEASE_S", 0.2)
    monkeypatch.setattr("runner.storage.claims.YOUNG_S", 0.1)


def test_a_claim_keeps_others_away_until_it_is_released(fit: Path, claims: Claims) -> None:
    with Claims() as other:
        assert claims.take(fit) is None
        assert claims.take(fit) is None
        found = other.take(fit)
        assert found is not None
        assert found.claim is not None
        assert found.claim.runner == claims.runner
        assert (claims.holds(fit), other.holds(fit)) == (True, False)
        claims.release(fit)
        assert other.take(fit) is None
    assert not claims.holds(fit)


def test_a_released_claim_leaves_no_file(fit: Path, claims: Claims) -> None:
    write_claim(fit, dead_runner())
    assert claims.take(fit) is None
    claims.release(fit)
    assert list(fit.parent.iterdir()) == []


def test_a_dead_owner_is_outbid(fit: Path, claims: Claims) -> None:
    write_claim(fit, dead_runner())
    assert claims.take(fit) is None
    assert claims.holds(fit)


def test_a_process_id_that_was_used_again_is_not_the_owner(fit: Path) -> None:
    write_claim(fit, describe_self().model_copy(update={"born": "1"}))
    found = find_claim(fit)
    assert found is not None
    assert found.sight == "ended"


@pytest.mark.usefixtures("short_lease")
def test_a_runner_elsewhere_is_believed_as_long_as_it_renews(
    fit: Path, claims: Claims, elsewhere: Runner
) -> None:
    path = write_claim(fit, elsewhere)
    for beat in range(8):
        os.utime(path, (beat, beat))
        assert claims.take(fit) is not None
        assert not claims.is_free(fit)
        time.sleep(0.05)
    time.sleep(0.25)
    assert claims.is_free(fit)
    assert claims.take(fit) is None


@pytest.mark.usefixtures("short_lease")
@pytest.mark.parametrize("hours", [-24, -1, 1, 24])
def test_a_clock_that_is_hours_away_neither_loses_a_fit_nor_keeps_it(
    fit: Path, claims: Claims, elsewhere: Runner, hours: int
) -> None:
    write_claim(fit, elsewhere, age_s=3600 * hours)
    assert claims.take(fit) is not None, "seen for the first time, it has to be watched"
    time.sleep(0.25)
    assert claims.take(fit) is None


def test_claims_are_renewed_again_once_a_disk_that_was_away_is_back(
    fit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: object, *_: object, **__: object) -> NoReturn:
        raise OSError("stale file handle")

    monkeypatch.setattr("runner.storage.claims.BEAT_S", 0.02)
    with Claims() as claims:
        assert claims.take(fit) is None
        path = find_claim(fit).path  # type: ignore[union-attr]
        with monkeypatch.context() as away:
            away.setattr("os.utime", refuse)
            time.sleep(0.1)
        os.utime(path, (1, 1))
        time.sleep(0.2)
        assert path.stat().st_mtime > 1


@pytest.mark.usefixtures("short_lease")
def test_a_claim_that_is_hidden_is_watched_like_one_that_is_not(
    fit: Path, claims: Claims, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_claim(fit, describe_self()).write_text("")
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert claims.take(fit) is not None
    time.sleep(0.12)
    assert claims.take(fit) is not None
    time.sleep(0.1)
    assert claims.take(fit) is None


def test_who_was_taken_for_dead_notices(fit: Path, claims: Claims) -> None:
    assert claims.take(fit) is None
    write_claim(fit, describe_self(), generation=2)
    assert not claims.holds(fit)


def test_what_an_heir_has_left_again_can_be_claimed_anew(fit: Path, claims: Claims) -> None:
    assert claims.take(fit) is None
    write_claim(fit, dead_runner(), generation=2)
    assert claims.take(fit) is None
    assert claims.holds(fit)
    assert find_claim(fit).generation == 3  # type: ignore[union-attr]


@pytest.mark.usefixtures("short_lease")
@pytest.mark.parametrize("kind", ["empty", "dangling", "folder", "pipe"])
def test_a_claim_that_says_nothing_counts_while_it_is_young(
    fit: Path, claims: Claims, kind: str
) -> None:
    path = write_claim(fit, describe_self())
    path.unlink()
    make = {"empty": path.touch, "folder": path.mkdir, "pipe": lambda: os.mkfifo(path)}
    make.get(kind, lambda: path.symlink_to("nowhere"))()
    assert claims.take(fit) is not None
    time.sleep(0.12)
    assert claims.take(fit) is None


def test_who_was_taken_for_dead_leaves_the_heirs_claim_alone(fit: Path) -> None:
    with Claims() as claims:
        assert claims.take(fit) is None
        path = write_claim(fit, describe_self())  # after an heir has filed and released it
        claims.release(fit)
        assert path.exists()
        assert claims.take(fit) is not None
    assert find_claim(fit).sight == "runs"  # type: ignore[union-attr]


def test_what_is_left_in_the_end_is_interrupted(fit: Path) -> None:
    with Claims() as claims:
        claims.take(fit)
    found = find_claim(fit)
    assert found is not None
    assert found.claim is not None
    assert found.claim.ended is not None
    assert found.sight == "ended"
    with pytest.raises(Stopped):
        claims.take(fit)


def test_one_of_many_heirs_wins(fit: Path) -> None:
    runner = dead_runner()
    for generation in range(1, 21):
        write_claim(fit, runner, generation=generation)
        heirs = [Claims() for _ in range(8)]
        with ThreadPoolExecutor(8) as threads:
            taken = list(threads.map(lambda heir: heir.take(fit) is None, heirs))
        assert sum(taken) == 1
        assert [heir.holds(fit) for heir in heirs] == taken


def test_a_listing_that_lags_behind_keeps_no_claim(
    fit: Path, claims: Claims, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not asked again and again until it is right, which takes a minute on NFS."""
    for generation in (1, 2):
        write_claim(fit, dead_runner(), generation=generation)
    listed = list(claims_module._list_generations(fit))
    for _, path in listed:
        path.unlink()
    monkeypatch.setattr(claims_module, "_list_generations", lambda _: iter(listed))
    assert find_claim(fit) is None
    assert claims.take(fit) is None
    assert claims.holds(fit)


@pytest.mark.parametrize("generation", [1, 2])
def test_a_listing_that_lags_behind_hides_no_claim(
    fit: Path, claims: Claims, generation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on NFS, which may show a folder as it was up to a minute ago."""
    if generation == 2:
        write_claim(fit, dead_runner())
    listed = list(claims_module._list_generations(fit))
    path = write_claim(fit, describe_self(), generation=generation)
    monkeypatch.setattr(claims_module, "_list_generations", lambda _: iter(listed))
    found = claims.take(fit)
    assert found is not None
    assert (found.path, found.generation, found.sight) == (path, generation, "runs")
    path.unlink()
    write_claim(fit, dead_runner(), generation=generation)
    assert claims.take(fit) is None
    assert claims.is_inherited(fit)
