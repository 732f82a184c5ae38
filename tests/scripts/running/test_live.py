"""What a running batch says of itself."""

import io

import pytest

from runner.batch.events import EpochEnded, FitEnded, FitStarted
from runner.batch.tracker import Tracker
from scripts.running.live import PlainLines
from tests.runner.conftest import fit, record
from trial_sets.records.record import EpochPoint


@pytest.fixture
def clock() -> list[float]:
    return [100.0]


def test_a_line_says_the_time_left_and_the_last_one_the_time_it_took(clock: list[float]) -> None:
    fits = [fit("A1", epochs=4), fit("A2", epochs=4, dropout=0.5)]
    tracker = Tracker(fits, [1.0, 1.0], lambda: clock[0])
    file = io.StringIO()
    lines = PlainLines(tracker, [file])
    point = EpochPoint(epoch=4, train_loss=None, val_loss=None, val_auc=0.7, seconds=1.0)
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
