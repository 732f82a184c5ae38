"""A runner alone keeps to the order; of several each soon has a stretch of its own."""

from runner.batch.spread import A_RUN, SpreadOut

JOBS = list(range(40 * A_RUN))


def test_who_misses_nothing_keeps_to_the_order() -> None:
    assert list(SpreadOut(JOBS, lambda _: 1.0, lambda: 0, "a")) == JOBS
    assert list(SpreadOut(list[int](), lambda _: 1.0, lambda: 0, "a")) == []


def test_after_a_miss_a_runner_goes_on_elsewhere_and_misses_no_job() -> None:
    missed = 0
    order = SpreadOut(JOBS, lambda _: 1.0, lambda: missed, "a")
    taken = [next(order) for _ in range(3)]
    missed = 1
    taken += [next(order) for _ in range(A_RUN)]
    assert taken[:3] == [0, 1, 2]
    assert taken[3] > A_RUN
    assert taken[3:] == list(range(taken[3], taken[3] + A_RUN))
    assert sorted([*taken, *order]) == JOBS


def test_two_runners_go_to_different_places_and_each_always_to_the_same() -> None:
    def begin(seed: str) -> list[int]:
        misses = iter(range(100))
        order = SpreadOut(JOBS, lambda _: 1.0, lambda: next(misses), seed)
        return [next(order) for _ in range(5)]

    assert begin("a") == begin("a") != begin("b")


def test_the_longest_jobs_come_first_all_the_same() -> None:
    misses = iter(range(1_000))
    lengths = sorted((number % 3 for number in range(300)), reverse=True)
    order = SpreadOut(lengths, float, lambda: next(misses), "a")
    assert list(order) == lengths
