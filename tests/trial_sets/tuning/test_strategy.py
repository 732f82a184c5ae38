"""Which sampler fits, by the guides' numbers of hyperparameters, trials and hours."""

import pytest

from trial_sets.records.search_info import SamplerName
from trial_sets.space import Dimension, SearchSpace
from trial_sets.tuning.strategy import choose_strategy, describe_budget, weigh_sampler

RATE = Dimension(type="float", low=1e-4, high=1e-1, log=True)
SHARE = Dimension(type="float", low=0.0, high=0.5)
THREE = Dimension(choices=(1, 2, 3))


def make_space(n_continuous: int, n_choices: int = 0) -> SearchSpace:
    ranges = {f"x{n}": SHARE for n in range(n_continuous)}
    return SearchSpace(dimensions=ranges | {f"c{n}": THREE for n in range(n_choices)})


@pytest.mark.parametrize(
    ("space", "n_trials", "hours", "sampler"),
    [
        (make_space(0, 1), None, None, "grid"),
        (make_space(0, 2), 9, None, "grid"),
        (make_space(1, 1), 30, None, "random"),  # no grid without a step
        (SearchSpace(dimensions={"lr": RATE}), None, None, "manual"),
        (SearchSpace(dimensions={"lr": Dimension(choices=(1e-3, 1e-2))}), None, None, "grid"),
        (make_space(3), None, None, "random"),
        (make_space(2, 2), 50, None, "random"),
        (make_space(4), 100, None, "tpe"),
        (make_space(3), None, 150.0, "tpe"),
        (make_space(3), None, 20.0, "random"),
        (make_space(5), None, None, "tpe"),
        (make_space(5), 19, None, "random"),  # below 20 no model
        (make_space(5), 20, None, "tpe"),
        (make_space(5), None, 5.0, "random"),
        (make_space(5), 200, 5.0, "tpe"),  # fits so short that hours are trials
        (make_space(5), None, 2000.0, "tpe"),
    ],
)
def test_the_sampler_fits(
    space: SearchSpace, n_trials: int | None, hours: float | None, sampler: SamplerName
) -> None:
    chosen = choose_strategy(space, n_trials, hours)
    assert chosen.sampler == sampler
    assert chosen.reason
    assert bool(chosen.budget) == (hours is not None)


def test_a_grid_of_two_with_many_values_is_drawn_from() -> None:
    many = Dimension(type="int", low=1, high=20)
    chosen = choose_strategy(SearchSpace(dimensions={"a": many, "b": many}))
    assert chosen.sampler == "random"
    assert "400 points" in chosen.reason


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0.5, "by hand"),
        (5, "learning rate alone"),
        (10, "50 to 100 random trials"),
        (100, "200 to 300 trials of TPE"),
        (1000, "500 and more"),
    ],
)
def test_hours_are_good_for_what_the_guides_say(hours: float, words: str) -> None:
    assert words in describe_budget(hours)


def test_a_grid_grows_as_levels_to_the_power_of_hyperparameters() -> None:
    (points,) = weigh_sampler("grid", make_space(0, 5))
    assert "243 points; above 100 draw at random" in points
    step, points = weigh_sampler("grid", make_space(5))
    assert step == "a grid needs a step or choices for x0, x1, x2, x3 and x4"
    assert "3,125 points" in points
    assert weigh_sampler("grid", make_space(0, 2)) == ()


def test_few_trials_teach_a_model_little() -> None:
    for sampler in ("tpe", "gp", "cmaes"):
        assert "10 trials are few" in weigh_sampler(sampler, make_space(5), 10)[0]  # type: ignore[arg-type]
    assert weigh_sampler("random", make_space(5), 10) == ()
    assert weigh_sampler("tpe", make_space(5), 20) == ()


def test_a_gaussian_process_is_warned_of_as_the_lecture_does() -> None:
    space = SearchSpace(
        dimensions={
            "act": Dimension(choices=("relu", "gelu")),
            "lr": RATE,
            **{f"x{n}": SHARE for n in range(10)},
            "more": Dimension(type="float", low=0.0, high=1.0, when={"act": ("gelu",)}),
        }
    )
    said = " / ".join(weigh_sampler("gp", space, 50))
    for words in ("act have none", "may be luck", "kernel", "no conditional", "13 hyperparameters"):
        assert words in said
    plain = weigh_sampler("gp", make_space(3), 50)
    assert len(plain) == 2  # luck and the kernel always


def test_evolution_and_the_manual_protocol_say_what_they_leave_aside() -> None:
    mixed = SearchSpace(dimensions={"lr": RATE, "flag": Dimension(type="bool")})
    assert "drawn at random beside it" in weigh_sampler("cmaes", mixed)[0]
    assert "learning rate alone" in weigh_sampler("manual", mixed)[0]
    assert weigh_sampler("manual", SearchSpace(dimensions={"lr": RATE})) == ()
