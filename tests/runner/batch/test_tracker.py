"""How the time left is estimated."""

import pytest

from runner.batch.events import EpochEnded, FitElsewhere, FitEnded, FitStarted
from runner.batch.tracker import Tracker
from tests.runner.conftest import fit, record
from trial_sets.records.record import EpochPoint, Failure


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def point(epoch: int, val_auc: float = 0.7) -> EpochPoint:
    return EpochPoint(epoch=epoch, train_loss=0.5, val_loss=0.5, val_metric=val_auc, seconds=1.0)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_nothing_is_estimated_before_the_first_epoch(clock: Clock) -> None:
    tracker = Tracker([fit("A1")], [1.0], clock)
    assert tracker.left_s() is None
    tracker(FitStarted(fit("A1"), "cpu"))
    assert tracker.left_s() is None


def test_the_time_left_is_the_work_left_over_the_rate(clock: Clock) -> None:
    fits = [fit("A1", epochs=10), fit("A2", epochs=10, d_model=16)]
    tracker = Tracker(fits, [1.0, 3.0], clock)
    tracker(FitStarted(fits[0], "cpu"))
    clock.now += 4.0
    tracker(EpochEnded(fits[0], point(2)))
    assert tracker.elapsed_s() == 4.0
    assert tracker.left_s() == pytest.approx((8 * 1.0 + 10 * 3.0) * 4.0 / 2)


def test_fits_that_stopped_early_shorten_the_estimate_of_the_others(clock: Clock) -> None:
    fits = [fit("A1", epochs=10), fit("A2", epochs=10, dropout=0.5)]
    tracker = Tracker(fits, [1.0, 1.0], clock)
    tracker(FitStarted(fits[0], "cpu"))
    clock.now += 4.0
    tracker(EpochEnded(fits[0], point(4)))
    tracker(FitEnded(fits[0], record(fits[0])))
    assert tracker.left_s() == pytest.approx(4.0)


def test_a_failed_fit_leaves_no_work(clock: Clock) -> None:
    one, other = fit("A1", epochs=10), fit("A2", epochs=10, dropout=0.5)
    tracker = Tracker([one, other], [1.0, 1.0], clock)
    tracker(FitStarted(one, "cpu"))
    clock.now += 2.0
    tracker(EpochEnded(one, point(1)))
    tracker(FitEnded(other, record(other, failure=Failure(kind="error", message="x"))))
    assert tracker.left_s() == pytest.approx(9 * 2.0)
    assert (tracker.ended, tracker.count("failed"), tracker.count("running")) == (1, 1, 1)


def test_a_running_fit_has_its_own_time_left(clock: Clock) -> None:
    one, other = fit("A1", epochs=10), fit("A2", epochs=10, dropout=0.5)
    tracker = Tracker([one, other], [1.0, 1.0], clock)
    tracker(FitStarted(one, "cpu"))
    clock.now += 6.0
    tracker(EpochEnded(one, point(2)))
    assert tracker.fit_left_s(one) == pytest.approx(8 * 3.0)
    assert tracker.fit_left_s(other) is None


def test_the_best_auc_so_far_is_kept(clock: Clock) -> None:
    one = fit("A1")
    tracker = Tracker([one], [1.0], clock)
    tracker(FitStarted(one, "cpu"))
    for epoch, auc in enumerate([0.6, 0.8, 0.7], start=1):
        tracker(EpochEnded(one, point(epoch, auc)))
    row = tracker.rows[one]
    assert (row.val_metric, row.best, row.epoch) == (0.7, 0.8, 3)


def test_a_fit_that_starts_again_has_trained_nothing(clock: Clock) -> None:
    one, other = fit("A1", epochs=10), fit("A2", epochs=10, dropout=0.5)
    tracker = Tracker([one, other], [0.1, 0.3], clock)
    for each in (one, other):
        tracker(FitStarted(each, "cpu"))
        tracker(EpochEnded(each, point(3)))
    clock.now += 1.0
    tracker(FitElsewhere(one, "another"))
    tracker(FitStarted(one, "cpu"))
    tracker(FitStarted(other, "cpu"))
    assert tracker.left_s() is None
    tracker(EpochEnded(one, point(5)))
    assert tracker.left_s() == pytest.approx((5 * 0.1 + 10 * 0.3) * 1.0 / (5 * 0.1))


def test_no_time_is_left_once_every_fit_has_ended(clock: Clock) -> None:
    fits = [fit(f"A{n}", epochs=7, dropout=n / 100) for n in range(50)]
    tracker = Tracker(fits, [0.1] * 50, clock)
    for each in fits:
        tracker(FitStarted(each, "cpu"))
        clock.now += 1.0
        tracker(FitEnded(each, record(each)))
    assert (tracker.left_s(), tracker.ended, tracker.count("complete")) == (0.0, 50, 50)


def test_of_many_fits_what_runs_and_the_nearest_of_the_others_are_listed_in_order() -> None:
    fits = [fit("A1", seed) for seed in range(1_000)]
    tracker = Tracker(fits, [1.0] * len(fits))
    for each in (fits[7], *fits[100:0:-10]):
        tracker(FitStarted(each, "cpu"))
        tracker(FitEnded(each, record(each)))
    for each in fits[500:503]:
        tracker(FitStarted(each, "cpu"))
    for each in fits[600:700]:
        tracker(FitElsewhere(each, "?"))
    shown = [row.fit.seed for row in tracker.list_rows(2)]
    assert shown == [0, 1, 10, 20, 500, 501, 502, 600, 601]
    assert [tracker.count(state) for state in ("complete", "running", "elsewhere")] == [11, 3, 100]
