"""What a running batch says of itself."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from runner.batch.events import (
    EpochEnded,
    FitElsewhere,
    FitEnded,
    FitRepeated,
    FitStarted,
    SlotLost,
)
from runner.batch.search_tracker import SearchTracker
from runner.batch.tracker import Tracker
from runner.errors import BatchStopped
from scripts.running.live import LiveTable, PlainLines, watch
from tests.runner.conftest import fit, pruned_record, record
from trial_sets.records.record import EpochPoint
from trial_sets.space import SearchSpace


@pytest.fixture
def clock() -> list[float]:
    return [100.0]


def test_a_line_says_the_time_left_and_the_last_one_the_time_it_took(clock: list[float]) -> None:
    fits = [fit("A1", epochs=4), fit("A2", epochs=4, dropout=0.5)]
    tracker = Tracker(fits, [1.0, 1.0], lambda: clock[0])
    file = io.StringIO()
    lines = PlainLines(tracker, [file])
    point = EpochPoint(epoch=4, train_loss=None, val_loss=None, val_metric=0.7, seconds=1.0)
    for each in fits:
        for event in (
            FitStarted(each, "cpu"),
            EpochEnded(each, point),
            FitEnded(each, record(each)),
        ):
            if isinstance(event, EpochEnded):
                clock[0] += 30.0
            tracker(event)
            lines(event)
    said = [line.partition("] ")[2] for line in file.getvalue().splitlines()]
    assert said == [
        "A1 seed 3: started on cpu",
        "A1 seed 3: complete, val AUC 0.7000, 0.0 s; 30 s so far, about 30 s left",
        "A2 seed 3: started on cpu; 30 s so far, about 30 s left",
        "A2 seed 3: complete, val AUC 0.7000, 0.0 s; all in 60 s",
    ]


def test_a_slot_that_is_given_up_is_said(tmp_path: Path) -> None:
    screen, tracker = Console(file=io.StringIO(), width=200), Tracker([fit()], [1.0])
    with watch(tracker, screen, tmp_path / "log") as observe:
        observe(SlotLost("a slot is given up, no worker can start: through 'ssh b': no\nroute"))
    said = "[0/1] a slot is given up, no worker can start: through 'ssh b': no route"
    assert said in (tmp_path / "log").read_text()


@pytest.mark.parametrize(("score", "said"), [(None, "pruned,"), (0.6, "pruned, val AUC 0.6000,")])
def test_a_pruned_fit_is_said_to_be_pruned(score: float | None, said: str) -> None:
    file = io.StringIO()
    tracker = Tracker([fit(epochs=4)], [1.0])
    for event in (
        FitStarted(fit(epochs=4), "cpu"),
        FitEnded(fit(epochs=4), pruned_record(fit(), score)),
    ):
        tracker(event)
        PlainLines(tracker, [file])(event)
    assert tracker.count("pruned") == tracker.ended == 1
    assert f"A1 seed 3: {said} 0.0 s" in file.getvalue()


def test_a_log_that_leads_elsewhere_stops_the_batch_before_it_begins(tmp_path: Path) -> None:
    precious, log = tmp_path / "precious", tmp_path / "progress.log"
    precious.write_text("precious")
    log.symlink_to(precious)
    message = "progress.log: cannot be written: a symbolic link, which is not followed"
    with (
        pytest.raises(BatchStopped, match=message),
        watch(Tracker([], []), Console(file=io.StringIO()), log),
    ):
        pass
    assert precious.read_text() == "precious"


def test_a_search_says_its_trials_and_the_best_so_far(clock: list[float]) -> None:
    space = SearchSpace.model_validate(
        {"dimensions": {"dropout": {"type": "float", "low": 0, "high": 1}}}
    )
    tracker = SearchTracker([], [], lambda: clock[0], most=3, space=space)
    file = io.StringIO()
    lines = PlainLines(tracker, [file])
    point = EpochPoint(epoch=4, train_loss=None, val_loss=None, val_metric=0.7, seconds=1.0)
    scores = {"complete": 0.7, "pruned": 0.6}
    for number, (status, val) in enumerate(scores.items()):
        one = fit(f"trial-{number:05d}", epochs=4, dropout=0.5 + number / 10)
        filed = record(one, val).model_copy(update={"status": status})
        for event in (FitStarted(one, "cpu"), EpochEnded(one, point), FitEnded(one, filed)):
            clock[0] += 10.0
            tracker(event)
            lines(event)
    said = [line.partition("] ")[2] for line in file.getvalue().splitlines()]
    assert said[1::2] == [
        "trial-00000 seed 3: complete, val AUC 0.7000, 0.0 s; the best so far; 20 s so far, about "
        "40 s left",
        "trial-00001 seed 3: pruned, val AUC 0.6000, 0.0 s; 50 s so far, about 25 s left",
    ]
    assert "[2/3]" in file.getvalue()
    first = fit("trial-00000", epochs=4, dropout=0.5)
    repeated = FitRepeated(first, "trial-00002", record(first, 0.7))
    tracker(repeated)
    lines(repeated)
    last = file.getvalue().splitlines()[-1].split(" ", 2)[2]  # behind date and time
    assert last == "[3/3] trial-00002: repeats trial-00000, val AUC 0.7000; all in 50 s"
    screen = Console(file=io.StringIO(), width=120)
    screen.print(LiveTable(tracker))
    assert isinstance(screen.file, io.StringIO)
    shown = screen.file.getvalue()
    assert "3 of 3 trials · 1 pruned · all in 50 s" in shown
    assert "best AUC 0.7000: trial-00000, dropout=0.5" in shown


def test_the_log_holds_what_this_runner_did_and_the_screen_what_others_did_too(
    tmp_path: Path,
) -> None:
    mine, theirs = fit("A1"), fit("A2", dropout=0.5)
    screen, log = Console(file=io.StringIO()), tmp_path / "progress.log"
    with watch(Tracker([mine, theirs], [1.0, 1.0]), screen, log) as observe:
        observe(FitStarted(mine, "cpu"))
        observe(FitElsewhere(theirs, "process 7"))
        observe(FitEnded(mine, record(mine)))
        observe(FitEnded(theirs, record(theirs), by_other=True))
    shown = screen.file.getvalue()  # type: ignore[attr-defined]
    assert "A2 seed 3: another runner is at it (process 7)" in shown
    assert "A2 seed 3: complete" in shown
    assert "A1 seed 3: complete" in log.read_text()
    assert "A2" not in log.read_text()
