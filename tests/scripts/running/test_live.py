"""What a running batch says of itself."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from runner.batch.events import EpochEnded, FitEnded, FitStarted
from runner.batch.tracker import Tracker
from runner.errors import BatchStopped
from scripts.running.live import PlainLines, watch
from tests.runner.conftest import fit, pruned_record, record
from trial_sets.records.record import EpochPoint


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


@pytest.mark.parametrize(("score", "said"), [(None, "–"), (0.6, "0.6000")])
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
    assert f"A1 seed 3: pruned, val AUC {said}, 0.0 s" in file.getvalue()


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
