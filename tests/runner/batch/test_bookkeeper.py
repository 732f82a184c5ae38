"""What a batch makes of what it finds when it claims a fit."""

from typing import cast

import pytest

from models.data.dataset import Dataset
from runner.batch.bookkeeper import Bookkeeper
from runner.batch.events import Event, FitEnded
from runner.batch.filing import Filing
from runner.batch.recording import Recorder
from runner.faults.breaker import Breaker
from runner.planning.plan import PlannedFit
from runner.storage.claims import Claims
from runner.storage.durable import Disk
from runner.storage.outputs import READY, RunFolder
from tests.runner.conftest import dead_runner, fit, record, write_claim

FIT = fit()


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def bookkeeper(folder: RunFolder, events: list[Event]) -> Bookkeeper:
    """Return the bookkeeper of a batch with one fit that has no record."""
    planned = PlannedFit(FIT, "run", "", None, None, 1.0)
    recorder = Recorder(folder, cast("Dataset", None), {})
    filing = Filing(Disk(folder.path), lambda: None)
    return Bookkeeper([planned], recorder, Claims(), filing, Breaker(1), events.append)


def test_a_fit_of_which_there_is_nothing_runs(bookkeeper: Bookkeeper, events: list[Event]) -> None:
    assert bookkeeper.claim([0]) == [0]
    assert events == []


def test_a_record_that_a_dead_runner_had_ready_is_put_in_its_place(
    bookkeeper: Bookkeeper, folder: RunFolder, events: list[Event]
) -> None:
    done = record(FIT)
    place = folder.write_record(done, None)
    place.rename(place.with_name(f".{place.name}.0123abcd{READY}"))
    write_claim(place, dead_runner())
    assert bookkeeper.claim([0]) == []
    assert [type(event) for event in events] == [FitEnded]
    assert folder.read_record(FIT.name, FIT.seed) == done.sealed()
    assert [path.name for path in place.parent.iterdir()] == [place.name]
