"""When a batch is not worth going on with."""

import pytest

from runner.errors import BatchStopped
from runner.faults.breaker import Breaker, generalise
from tests.runner.conftest import fit, record
from trial_sets.records.record import Failure, FailureKind, Record


def failed(kind: FailureKind = "error", message: str = "no luck") -> Record:
    return record(fit(), failure=Failure(kind=kind, message=message))


def test_the_same_error_in_the_first_three_fits_stops_the_batch() -> None:
    breaker = Breaker(n_fits=4)
    breaker.note(failed())
    breaker.note(failed())
    with pytest.raises(BatchStopped, match=r"first 3 fits all failed .* \(error: no luck\)"):
        breaker.note(failed())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("no file '/tmp/run 1/a.csv'", "no file '/home/x/b.csv'"),
        ("No such file: data/fold-1/x.npz", "No such file: data/fold-2/y.npz"),
        ("exit status 1: lr=1e-05 is too small", "exit status 1: lr=0.3 is too small"),
        ("<Net object at 0x7f01ab> is bad", "<Net object at 0x7fffcd> is bad"),
        ("run 9f8e7d6c5b failed", "run 0a1b2c3d4e failed"),
        ("seed 3: Tried to allocate 1.5 GiB", "seed -12: Tried to allocate 20 GiB"),
    ],
)  # fmt: skip
def test_one_failure_is_recognised_in_spite_of_paths_and_numbers(one: str, other: str) -> None:
    assert generalise(one) == generalise(other)
    breaker = Breaker(n_fits=4)
    breaker.note(failed(message=one))
    breaker.note(failed(message=other))
    with pytest.raises(BatchStopped):
        breaker.note(failed(message=one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("exit status 1", "exit status 2"),
        ("KeyError: 'lr'", "KeyError: 'depth'"),
        ("No module named 'jax'", "No module named 'flax'"),
        ("ended by SIGSEGV", "ended by SIGKILL"),
    ],
)
def test_different_failures_stay_different(one: str, other: str) -> None:
    assert generalise(one) != generalise(other)


@pytest.mark.parametrize(
    "records",
    [
        [failed(), failed(), record(fit()), failed(), failed(), failed()],
        [failed(message="one"), failed(message="two"), failed(message="one")],
        [failed("diverged")] * 5,
        [failed("timed_out")] * 5,
    ],
    ids=["one finished", "different errors", "diverged", "timed out"],
)
def test_other_beginnings_do_not(records: list[Record]) -> None:
    breaker = Breaker(n_fits=10)
    for each in records:
        breaker.note(each)


def test_three_failures_of_three_leave_nothing_to_stop() -> None:
    breaker = Breaker(n_fits=3)
    for _ in range(3):
        breaker.note(failed())


def test_keep_going_never_stops() -> None:
    breaker = Breaker(10, "keep_going")
    for _ in range(10):
        breaker.note(failed())


def test_fail_fast_stops_at_the_first_failure() -> None:
    breaker = Breaker(10, "fail_fast")
    breaker.note(record(fit()))
    with pytest.raises(BatchStopped, match="A1 seed 3 failed"):
        breaker.note(failed("diverged"))
