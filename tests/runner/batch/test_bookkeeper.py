"""What a batch makes of what it finds when it claims a fit."""

from datetime import UTC, datetime
from typing import cast

import pytest

from models.data.dataset import Dataset
from runner.batch.bookkeeper import Bookkeeper
from runner.batch.events import Event, FitElsewhere, FitEnded
from runner.batch.filing import Filing
from runner.batch.ran import Ran
from runner.batch.recording import Recorder
from runner.faults.breaker import Breaker
from runner.planning.plan import PlannedFit
from runner.storage.claims import Claims, find_claim
from runner.storage.durable import Disk
from runner.storage.liveness import describe_self
from runner.storage.outputs import READY, RunFolder
from runner.workers.protocol import FitResult
from tests.runner.conftest import dead_runner, fit, pruned_record, record, write_claim
from trial_sets.records.record import EpochPoint, Failure, Record

FIT = fit()


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def bookkeeper(folder: RunFolder, events: list[Event]) -> Bookkeeper:
    """Return the bookkeeper of a batch with one fit that has no record."""
    planned = PlannedFit(FIT, "run", "", None, None, 1.0)
    recorder = Recorder(folder, lambda _: cast("Dataset", None), {})
    filing = Filing(Disk(folder.path), lambda: None)
    return Bookkeeper([planned], recorder, Claims(), filing, Breaker(1), events.append)


def test_a_fit_of_which_there_is_nothing_runs(bookkeeper: Bookkeeper, events: list[Event]) -> None:
    assert bookkeeper.claim([0]) == [0]
    assert events == []


def test_nothing_is_begun_once_what_trains_has_changed(
    bookkeeper: Bookkeeper, events: list[Event]
) -> None:
    bookkeeper.has_changed = lambda: True
    assert (bookkeeper.claim([0]), bookkeeper.left, events) == ([], [0], [])


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


RESULT = FitResult(
    index=0,
    curve=(),
    selected_epoch=None,
    stop_reason="finished",
    metrics={"val_auc": 0.8},
    n_parameters=None,
    seconds=1.0,
    peak_memory_bytes=None,
)
FAILURE = Failure(kind="error", message="no luck")


def take_and_lose(bookkeeper: Bookkeeper, folder: RunFolder) -> None:
    """Begin the fit, and let another live runner outbid the claim to it."""
    assert bookkeeper.claim([0]) == [0]
    bookkeeper._started[0] = datetime.now(UTC)
    write_claim(folder.fit(FIT.name, FIT.seed), describe_self(), generation=2)


def saved_auc(folder: RunFolder) -> float | None:
    found = folder.read_record(FIT.name, FIT.seed)
    return found.metrics["val_auc"] if found is not None else None


def test_a_result_is_filed_whoever_has_the_claim_by_now(
    bookkeeper: Bookkeeper, folder: RunFolder, events: list[Event]
) -> None:
    take_and_lose(bookkeeper, folder)
    bookkeeper.file_result(0, RESULT, Ran("cpu"))
    bookkeeper.filing.flush()
    assert saved_auc(folder) == 0.8
    assert [type(event) for event in events] == [FitEnded]
    assert bookkeeper.elsewhere == []
    assert find_claim(folder.fit(FIT.name, FIT.seed)).generation == 2  # type: ignore[union-attr]


def test_a_failure_is_left_to_who_has_the_claim_by_now(
    bookkeeper: Bookkeeper, folder: RunFolder, events: list[Event]
) -> None:
    take_and_lose(bookkeeper, folder)
    bookkeeper.file_failure(0, FAILURE, Ran("cpu"))
    assert folder.read_record(FIT.name, FIT.seed) is None
    assert events == []
    assert bookkeeper.elsewhere == [0]


@pytest.mark.parametrize("ends_well", [True, False])
def test_what_another_runner_has_filed_meanwhile_is_kept(
    bookkeeper: Bookkeeper, folder: RunFolder, events: list[Event], ends_well: bool
) -> None:
    take_and_lose(bookkeeper, folder)
    folder.write_record(record(FIT, 0.7), None)
    if ends_well:
        bookkeeper.file_result(0, RESULT, Ran("cpu"))
    else:
        bookkeeper.file_failure(0, FAILURE, Ran("cpu"))
    bookkeeper.filing.flush()
    assert saved_auc(folder) == 0.7
    assert [type(event) for event in events] == [FitEnded]
    assert [path.name for path in folder.fit(FIT.name, FIT.seed).parent.glob("seed*")] == ["seed-3"]


PRUNED = RESULT.model_copy(update={"stop_reason": "pruned", "metrics": {"val_auc": 0.6}})


@pytest.mark.parametrize(
    ("filed", "ours", "kept"),
    [
        (pruned_record(FIT, 0.5), RESULT, 0.8),
        (pruned_record(FIT, 0.5), PRUNED, 0.5),
        (record(FIT, 0.7), PRUNED, 0.7),
        (record(FIT, failure=FAILURE), PRUNED, 0.6),
        (pruned_record(FIT, 0.5), None, 0.5),
    ],
    ids=["a result", "another pruned one", "to a result", "to a failure", "a failure"],
)
def test_of_what_two_runners_have_filed_what_says_more_is_kept(
    bookkeeper: Bookkeeper, folder: RunFolder, filed: Record, ours: FitResult | None, kept: float
) -> None:
    take_and_lose(bookkeeper, folder)
    folder.write_record(filed, None)
    if ours is None:
        bookkeeper.file_failure(0, FAILURE, Ran("cpu"))
    else:
        bookkeeper.file_result(0, ours, Ran("cpu"))
    bookkeeper.filing.flush()
    assert saved_auc(folder) == kept


def test_what_a_study_declares_is_never_pruned(bookkeeper: Bookkeeper) -> None:
    point = EpochPoint(epoch=1, train_loss=None, val_loss=None, val_metric=0.0, seconds=1.0)
    assert bookkeeper.judge(0, point)


def test_a_pruned_fit_is_no_failure_that_stops_a_batch() -> None:
    breaker = Breaker(9, "fail_fast")
    for _ in range(3):
        breaker.note(pruned_record(FIT))


def test_an_heir_keeps_what_was_filed_by_who_was_not_dead(
    bookkeeper: Bookkeeper, folder: RunFolder
) -> None:
    place = folder.fit(FIT.name, FIT.seed)
    write_claim(place, dead_runner())
    assert bookkeeper.claim([0]) == [0]
    bookkeeper._started[0] = datetime.now(UTC)
    folder.write_record(record(FIT, 0.7), None)
    bookkeeper.file_result(0, RESULT, Ran("cpu"))
    bookkeeper.filing.flush()
    assert saved_auc(folder) == 0.7
    assert find_claim(place) is None


def test_what_another_runner_has_filed_since_the_plan_is_not_claimed(
    bookkeeper: Bookkeeper, folder: RunFolder, events: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = record(FIT)
    folder.write_record(done, None)
    monkeypatch.setattr(Claims, "take", lambda *_: pytest.fail("it was claimed"))
    assert bookkeeper.claim([0]) == []
    assert events == [FitEnded(FIT, done.sealed(), by_other=True)]
    assert bookkeeper.n_missed == 1


def test_a_record_whose_owner_may_not_have_flushed_it_is_waited_for(
    bookkeeper: Bookkeeper, folder: RunFolder, events: list[Event]
) -> None:
    place = folder.write_record(record(FIT), None)
    write_claim(place, describe_self())
    assert bookkeeper.claim([0]) == []
    assert [type(event) for event in events] == [FitElsewhere]
    assert (bookkeeper.elsewhere, bookkeeper.n_missed) == ([0], 1)


def test_what_others_end_meanwhile_is_told_before_ones_own_fits_have_ended(
    bookkeeper: Bookkeeper, folder: RunFolder, events: list[Event]
) -> None:
    done, path = record(FIT), folder.fit(FIT.name, FIT.seed)
    write_claim(path, describe_self())
    assert (bookkeeper.claim([0]), bookkeeper.claim([])) == ([], [])
    assert bookkeeper.elsewhere == [0]
    folder.write_record(done, None)
    find_claim(path).path.unlink()  # type: ignore[union-attr]
    bookkeeper.claim([])
    assert bookkeeper.elsewhere == [0]  # too soon for another look
    bookkeeper._next_look = 0.0
    bookkeeper.claim([])
    assert (bookkeeper.elsewhere, bookkeeper.n_missed) == ([], 1)
    assert events[1:] == [FitEnded(FIT, done.sealed(), by_other=True)]


def test_a_damaged_record_of_another_runner_is_set_aside_and_its_fit_runs(
    bookkeeper: Bookkeeper, folder: RunFolder
) -> None:
    place = folder.write_record(record(FIT), None)
    (place / "record.json").write_text("{")
    assert bookkeeper.claim([0]) == [0]
    assert place.with_name(f"{place.name}.damaged-1").is_dir()
