"""A grid has every combination once, by number."""

import pytest

from runner.errors import RunError
from runner.search.sampling.grid import Grid
from runner.search.trials import SearchTrial
from tests.runner.search.conftest import space

SIZES = {"type": "int", "low": 1, "high": 3}
KINDS = {"choices": ["adam", "sgd"]}


def list_points(grid: Grid, numbers: range) -> list[object]:
    return [p and p.values for p in (grid.propose(number, ()) for number in numbers)]


def test_the_last_dimension_changes_first_and_the_grid_ends() -> None:
    grid = Grid(space(kind=KINDS, size=SIZES), first=2)
    assert list_points(grid, range(2, 9)) == [
        {"kind": "adam", "size": 1}, {"kind": "adam", "size": 2}, {"kind": "adam", "size": 3},
        {"kind": "sgd", "size": 1}, {"kind": "sgd", "size": 2}, {"kind": "sgd", "size": 3},
        None,
    ]  # fmt: skip


def test_a_number_has_its_combination_whichever_was_asked_for_before() -> None:
    fresh = Grid(space(kind=KINDS, size=SIZES), first=0)
    assert list_points(fresh, range(5, 3, -1)) == [
        {"kind": "sgd", "size": 3}, {"kind": "sgd", "size": 2},
    ]  # fmt: skip


def test_what_does_not_vary_beside_others_makes_no_further_combination() -> None:
    conditional = space(kind=KINDS, momentum={"choices": [0.0, 0.9], "when": {"kind": ["sgd"]}})
    assert list_points(Grid(conditional, first=0), range(4)) == [
        {"kind": "adam"}, {"kind": "sgd", "momentum": 0.0}, {"kind": "sgd", "momentum": 0.9}, None,
    ]  # fmt: skip


def test_the_trials_of_another_program_take_no_combination() -> None:
    grid = Grid(space(size=SIZES), first=1)
    theirs = SearchTrial(1, {"size": 9}, "complete", foreign="another")
    before = [SearchTrial(0, {"size": 3}, "complete"), theirs]
    found = grid.propose(2, before)
    assert found is not None
    assert found.values == {"size": 1}


@pytest.mark.parametrize(
    ("dimension", "mend"),
    [
        ({"type": "float", "low": 0, "high": 1}, "give it a step, or choices"),
        ({"type": "float", "low": 0.1, "high": 1, "log": True}, "give it choices"),
    ],
)
def test_a_continuous_range_has_no_grid(dimension: dict[str, object], mend: str) -> None:
    with pytest.raises(RunError, match=f"dropout is a continuous range.*{mend}"):
        Grid(space(dropout=dimension), first=0)
