"""How many points a space has, by hand and by listing them all."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trial_sets.space import Dimension, SearchSpace
from trial_sets.tuning.size import LEVELS, measure_coverage, measure_size

CHOICES = Dimension(choices=("a", "b", "c"))
SHARE = Dimension(type="float", low=0.0, high=0.4)


def make_space(**dimensions: Dimension) -> SearchSpace:
    return SearchSpace(dimensions=dimensions)


def test_five_values_of_five_hyperparameters_are_3125_points() -> None:
    five = Dimension(choices=(1, 2, 3, 4, 5))
    size = measure_size(make_space(a=five, b=five, c=five, d=five, e=five))
    assert (size.combinations, size.grid_points, size.is_infinite) == (3125, 3125, False)
    assert [n for _, n in size.factors] == [5] * 5


def test_a_continuous_range_makes_a_space_infinite_and_has_levels_in_a_grid() -> None:
    step = Dimension(type="int", low=64, high=256, step=64)
    size = measure_size(make_space(a=step, b=SHARE, c=CHOICES))
    assert (size.combinations, size.continuous) == (12, ("b",))
    assert size.grid_points == 12 * LEVELS
    assert size.is_infinite


def test_a_dimension_counts_only_where_it_varies() -> None:
    momentum = Dimension(choices=(0.0, 0.5, 0.9), when={"optimizer": ("sgd",)})
    optimizer = Dimension(choices=("adam", "sgd", "rmsprop"))
    size = measure_size(make_space(optimizer=optimizer, momentum=momentum))
    assert size.combinations == 2 + 3
    assert size.is_exact


def test_conditions_may_hang_on_conditions() -> None:
    nested = make_space(
        a=Dimension(choices=(1, 2, 3)),
        b=Dimension(type="bool", when={"a": (2, 3)}),
        c=Dimension(choices=("x", "y", "z"), when={"a": (3,), "b": (True,)}),
    )
    # a=1; a=2 with b twice; a=3 with b off, and with b on three times
    assert measure_size(nested).combinations == 1 + 2 + 1 + 3


def test_what_hangs_on_one_value_of_a_continuous_range_never_varies() -> None:
    space = make_space(a=SHARE, b=Dimension(choices=(1, 2), when={"a": (0.2,)}))
    assert measure_size(space).combinations == 1


def test_too_many_conditions_give_an_upper_bound_at_once() -> None:
    many = Dimension(type="int", low=0, high=99)
    switches = {f"s{n}": many for n in range(6)}
    asked = {name: tuple(range(50)) for name in switches}
    size = measure_size(make_space(**switches, last=Dimension(type="bool", when=asked)))
    assert not size.is_exact
    assert size.combinations == 100**6 * 2


@given(st.data())
def test_counting_agrees_with_listing_every_point(data: st.DataObject) -> None:
    counts = data.draw(st.lists(st.integers(1, 3), min_size=2, max_size=5))
    dimensions: dict[str, Dimension] = {}
    for number, n_values in enumerate(counts):
        when = {}
        for other in (
            data.draw(st.lists(st.sampled_from(sorted(dimensions)), unique=True, max_size=2))
            if dimensions
            else []
        ):
            values = range(dimensions[other].count() or 0)
            when[other] = tuple(
                data.draw(st.lists(st.sampled_from(values), unique=True, min_size=1))
            )
        dimensions[f"d{number}"] = Dimension(choices=tuple(range(n_values)), when=when)
    space = SearchSpace(dimensions=dimensions)
    points = set()
    for values in product(*(range(n) for n in counts)):
        point: dict[str, int] = {}
        for name, value in zip(dimensions, values, strict=True):
            if dimensions[name].is_active(point):
                point[name] = value
        points.add(tuple(point.items()))
    assert measure_size(space).combinations == len(points)


def test_trials_explore_shares_and_hold_a_good_point_by_chance() -> None:
    size = measure_size(make_space(a=CHOICES, b=CHOICES, c=SHARE))
    ten = measure_coverage(size, 10)
    assert ten.of_combinations == 1.0
    assert ten.of_grid == pytest.approx(10 / 45)
    assert ten.chance_of_top == pytest.approx(1 - 0.95**10)
    assert measure_coverage(size, 60).chance_of_top > 0.95  # Bergstra and Bengio's sixty
    assert measure_coverage(size, 3).of_combinations == pytest.approx(1 / 3)
