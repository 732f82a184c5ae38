"""CMA-ES moves to the best point, and is what its trials make of it."""

import pytest

from runner.errors import RunError
from runner.search.sampling.evolution import Evolution
from runner.search.trials import SearchTrial
from tests.runner.search.conftest import space

WIDTH = {"type": "float", "low": -5, "high": 5}


def search(evolution: Evolution, n: int, *, dimensions: str = "xy") -> list[SearchTrial]:
    """Search the smallest sum of squares of distances from 1."""
    trials: list[SearchTrial] = []
    for number in range(n):
        values = evolution.propose(number, trials).values
        loss = sum((float(values[name]) - 1) ** 2 for name in dimensions)
        trials.append(SearchTrial(number, values, "complete", loss, fit="t"))
    return trials


@pytest.mark.parametrize("dimensions", ["x", "xy", "xyz"])
def test_it_finds_the_bottom_of_a_bowl(dimensions: str) -> None:
    evolution = Evolution(space(**dict.fromkeys(dimensions, WIDTH)), seed=3, first=0, sign=-1)
    trials = search(evolution, 150, dimensions=dimensions)
    assert min(t.score or 0.0 for t in trials) < 1e-2
    late = [float(t.values["x"]) for t in trials[-12:]]
    assert all(0.5 < x < 1.5 for x in late)


def test_a_fresh_one_goes_on_as_the_old_one_would() -> None:
    bowl = space(x=WIDTH, y=WIDTH, kind={"choices": ["a", "b"]})
    old = search(Evolution(bowl, seed=3, first=0, sign=-1), 40)
    for number in (0, 5, 6, 17, 39):
        fresh = Evolution(bowl, seed=3, first=0, sign=-1)
        assert fresh.propose(number, old[:number]).values == old[number].values


def test_trials_without_a_score_are_the_worst_of_their_generation() -> None:
    evolution, other = (Evolution(space(x=WIDTH, y=WIDTH), 3, 0, -1) for _ in range(2))
    trials = search(evolution, 6)
    failed = [SearchTrial(t.number, t.values, "failed") if t.number % 2 else t for t in trials]
    assert other.propose(6, failed).values != evolution.propose(6, trials).values


def test_a_generation_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand trials would be told six million times otherwise."""
    told: list[int] = []
    tell = Evolution._tell

    def count(self: Evolution, state: object, generation: list[SearchTrial]) -> None:
        told.append(generation[0].number)
        tell(self, state, generation)  # type: ignore[arg-type]

    monkeypatch.setattr(Evolution, "_tell", count)
    search(Evolution(space(x=WIDTH, y=WIDTH), seed=3, first=0, sign=-1), 31)
    assert told == [0, 6, 12, 18, 24]


def test_a_generation_that_still_runs_is_not_waited_for() -> None:
    evolution = Evolution(space(x=WIDTH, y=WIDTH), seed=3, first=0, sign=-1)
    running = [SearchTrial(number, {}, "running") for number in range(6)]
    assert evolution.propose(6, running).values


def test_what_is_no_number_everywhere_is_drawn_at_random() -> None:
    mixed = space(
        kind={"choices": ["a", "b"]},
        x=WIDTH,
        rate={"type": "float", "low": 0.1, "high": 1, "when": {"kind": ["b"]}},
    )
    points = [Evolution(mixed, 1, 0, -1).propose(n, ()).values for n in range(40)]
    kinds = [point["kind"] for point in points]
    assert 10 < kinds.count("a") < 30
    assert all(("rate" in point) == (point["kind"] == "b") for point in points)
    assert len({point["rate"] for point in points if "rate" in point}) > 5


def test_a_space_without_numbers_is_refused() -> None:
    with pytest.raises(RunError, match="no range of numbers that varies everywhere"):
        Evolution(space(kind={"choices": ["a", "b"]}), 1, 0, 1)
