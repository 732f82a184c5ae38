"""A Sobol' sequence fills the space evenly, a point a number."""

import numpy as np

from runner.search.sampling.qmc import SobolSequence
from tests.runner.search.conftest import space

WIDTH = {"type": "float", "low": 0, "high": 1}


def test_sixteen_points_lie_in_sixteen_parts_of_each_dimension() -> None:
    sequence = SobolSequence(space(x=WIDTH, y=WIDTH, kind={"choices": list("abcd")}), 7, first=1)
    points = [sequence.propose(number, ()).values for number in range(1, 17)]
    for name in ("x", "y"):
        parts = np.floor(16 * np.array([float(point[name]) for point in points]))
        assert sorted(parts) == list(range(16))
    kinds = [point["kind"] for point in points]
    assert [kinds.count(kind) for kind in "abcd"] == [4] * 4


def test_a_number_has_its_point_whichever_was_asked_for_before() -> None:
    first, second = (SobolSequence(space(x=WIDTH), 7, first=0) for _ in range(2))
    forward = [first.propose(number, ()) for number in range(9)]
    assert [second.propose(number, ()) for number in range(8, -1, -1)] == forward[::-1]
    assert SobolSequence(space(x=WIDTH), 8, first=0).propose(0, ()) != forward[0]
