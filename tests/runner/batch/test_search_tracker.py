"""How far a search is, and how the time left of it is estimated."""

from collections import Counter

import pytest

from runner.batch.events import EpochEnded, FitEnded, FitStarted
from runner.batch.search_tracker import SearchTracker, TrialsElsewhere
from runner.planning.fit import Fit
from tests.runner.batch.test_tracker import Clock, point
from tests.runner.conftest import fit, record
from trial_sets.records.record import Failure
from trial_sets.space import SearchSpace

SPACE = SearchSpace.model_validate(
    {
        "dimensions": {
            "optimizer": {"choices": ("adam", "sgd")},
            "dropout": {"type": "float", "low": 0, "high": 1},
            "momentum": {"type": "float", "low": 0, "high": 1, "when": {"optimizer": ("sgd",)}},
        }
    }
)


def trial(number: int, dropout: float = 0.5, epochs: int = 10) -> Fit:
    return fit(f"trial-{number:05d}", epochs=epochs, dropout=dropout)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def make(clock: Clock, most: int | None = 10, **said: object) -> SearchTracker:
    return SearchTracker([], [], clock, most=most, space=SPACE, **said)  # type: ignore[arg-type]


def run(tracker: SearchTracker, of: Fit, epochs: int, seconds: float, *, status: str = "complete",
        score: float = 0.7) -> None:  # fmt: skip
    """Let a trial begin, take its time, and end."""
    assert isinstance(tracker.clock, Clock)
    tracker(FitStarted(of, "cpu"))
    tracker.clock.now += seconds
    if epochs:
        tracker(EpochEnded(of, point(epochs, score)))
    filed = record(of, score, Failure(kind="error", message="x") if status == "failed" else None)
    tracker(FitEnded(of, filed.model_copy(update={"status": status})))


def test_trials_are_known_as_they_begin(clock: Clock) -> None:
    tracker = make(clock)
    assert (tracker.ended, tracker.total, tracker.left_s()) == (0, 10, None)
    tracker(FitStarted(trial(0), "cpu"))
    assert [row.state for row in tracker.rows.values()] == ["running"]


def test_a_trial_to_come_is_as_much_work_as_the_mean_of_those_that_have_ended(clock: Clock) -> None:
    tracker = make(clock, most=4)
    run(tracker, trial(0), 10, 20.0)
    run(tracker, trial(1, 0.6), 2, 4.0, status="pruned")
    assert tracker.left_s() == pytest.approx(2 * 6 * 24.0 / 12)


def test_until_one_has_ended_it_is_that_of_those_that_run(clock: Clock) -> None:
    tracker = make(clock, most=3)
    tracker(FitStarted(trial(0), "cpu"))
    clock.now += 4.0
    tracker(EpochEnded(trial(0), point(2)))
    assert tracker.left_s() == pytest.approx((8 + 2 * 10) * 2.0)


def test_failures_cost_little_and_teach_that(clock: Clock) -> None:
    tracker = make(clock, most=4)
    run(tracker, trial(0), 10, 20.0)
    run(tracker, trial(1, 0.6), 0, 1.0, status="failed")
    assert tracker.left_s() == pytest.approx(2 * 5 * 21.0 / 10)


def test_hours_end_a_search_however_many_trials_are_left(clock: Clock) -> None:
    tracker = make(clock, most=None, seconds=60.0)
    assert tracker.left_s() == 60.0
    run(tracker, trial(0), 10, 20.0)
    assert (tracker.total, tracker.left_s()) == (None, 40.0)
    sooner = make(clock, most=2, seconds=60.0)
    run(sooner, trial(0), 10, 20.0)
    assert sooner.left_s() == 20.0


def test_trials_of_before_count(clock: Clock) -> None:
    before = Counter({"complete": 5, "pruned": 2, "failed": 1})
    tracker = make(clock, before=before)
    run(tracker, trial(8), 10, 20.0, status="pruned")
    assert (tracker.ended, tracker.describe_ended()) == (9, ("3 pruned", "1 failed"))
    assert tracker.left_s() == pytest.approx(20.0)


def test_the_best_is_known_with_the_values_that_are_active_in_it(clock: Clock) -> None:
    tracker = make(clock)
    run(tracker, trial(0, 0.5), 10, 1.0, score=0.7)
    run(tracker, trial(1, 0.6), 10, 1.0, score=0.6)
    run(tracker, trial(2, 0.7), 10, 1.0, status="pruned", score=0.9)
    best = tracker.best_trial
    assert best is not None
    assert (best.name, best.score) == ("trial-00000", 0.7)
    assert best.values == {"optimizer": "adam", "dropout": 0.5}


def test_other_runners_take_their_share_of_what_is_to_come(clock: Clock) -> None:
    tracker = make(clock, most=10)
    run(tracker, trial(0), 10, 20.0)
    run(tracker, trial(2), 10, 20.0)
    alone = tracker.left_s()
    assert alone == pytest.approx(160)
    tracker.see(TrialsElsewhere(Counter(complete=1), begun=2, running=1))
    assert tracker.ended == 3
    assert tracker.left_s() == pytest.approx(60)  # half of the six that nobody has begun
    tracker.see(TrialsElsewhere(Counter(complete=8), begun=8, running=0))
    assert (tracker.ended, tracker.left_s()) == (10, 0)
