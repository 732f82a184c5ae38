"""What a space and its best trial say."""

import pytest

from trial_sets.space import Dimension, SearchSpace
from trial_sets.tuning.advice import (
    find_ends,
    find_side,
    interpret_values,
    list_first_checks,
    list_meanings,
    list_tips,
)

RATE = Dimension(type="float", low=1e-4, high=1e-2, log=True)
WIDTH = Dimension(type="int", low=64, high=256, step=64)
DROPOUT = Dimension(choices=(0.0, 0.1, 0.2, 0.4))
BATCH = Dimension(choices=(32, 64, 128))
SPACE = SearchSpace(
    dimensions={"lr": RATE, "hidden_size": WIDTH, "dropout": DROPOUT, "batch_size": BATCH}
)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"lr": 1e-3, "hidden_size": 128, "dropout": 0.2, "batch_size": 32}, []),
        (
            {"lr": 9e-3, "hidden_size": 256, "dropout": 0.4, "batch_size": 32},
            ["lr=9e-3 is high: fast", "hidden_size=256 is high: try larger", "dropout=0.4 is high"],
        ),
        (
            {"lr": 2e-4, "hidden_size": 64, "dropout": 0.0, "batch_size": 128},
            ["lr=2e-4 is low: it trains", "hidden_size=64 is low: a simpler"],
        ),
    ],
)
def test_the_best_trial_is_interpreted(values: dict[str, float], said: list[str]) -> None:
    found = interpret_values(SPACE, dict(values))
    assert len(found) == len(said)
    assert all(one.startswith(words) for one, words in zip(found, said, strict=True))


def test_the_place_on_a_logarithmic_scale_counts() -> None:
    assert find_side(RATE, 4e-3, "rate") == "high"  # 80 % of the way; 40 % on a linear scale
    assert find_side(RATE, 1e-3, "rate") is None
    linear = Dimension(type="float", low=1e-4, high=1e-2)
    assert find_side(linear, 4e-3, "rate") is None
    assert find_side(WIDTH, 192, "capacity") is None
    assert find_side(Dimension(choices=("low", "high")), "high", "rate") is None


def test_dimensions_without_numbers_have_no_ends() -> None:
    assert find_ends(DROPOUT) == (0.0, 0.4)
    assert find_ends(Dimension(choices=("a", "b"))) is None
    assert find_ends(Dimension(type="bool")) is None
    words = SearchSpace(
        dimensions={
            "lr": Dimension(choices=("low", "high")),
            "batch": Dimension(choices=("s", "m")),
            "width": Dimension(type="int", low=8, high=8),
        }
    )
    assert list_meanings(words) == ()
    assert len(list_tips(words, {"optimizer": "adam"})) == 1


def test_meanings_are_those_of_the_dimensions_that_there_are() -> None:
    found = dict(list_meanings(SPACE))
    assert found["hidden_size at its highest, 256"].startswith("try larger")
    assert found["lr high, near 0.01"] == "fast convergence is possible"
    assert not any("batch" in place for place in found)


def test_little_data_and_little_time_speak_against_tuning_before_what_always_may() -> None:
    always = list_first_checks()
    assert "underfits" in always[0]
    assert list_first_checks(1_000, 1.0) == always
    rows, hours, *rest = list_first_checks(999, 0.5)
    assert rows.startswith("999 rows train: below 1,000")
    assert hours.startswith("0.5 hours")
    assert tuple(rest) == always


def test_tips_are_those_that_apply() -> None:
    said = list_tips(SPACE, {"optimizer": "adam"})
    assert said[0] == "usual learning rates of Adam are 1e-4 to 1e-3, begin at 1e-3"
    assert "spans a factor 4" in said[1]
    assert "a factor 2, so" in said[1]  # the square root
    assert said[2].startswith("a large model wants regularisation")
    fixed = list_tips(SearchSpace(dimensions={"units": WIDTH}), {"optimizer": "sgd"})
    assert fixed == (
        "usual learning rates of SGD with momentum are 0.01 to 0.1, begin at 0.01; the learning "
        "rate is the first thing to tune, and is fixed here",
    )


def test_a_space_that_misses_the_usual_rates_is_told_so() -> None:
    far = SearchSpace(dimensions={"lr": Dimension(type="float", low=1e-6, high=1e-5, log=True)})
    (said,) = list_tips(far, {"optimizer": "adam"})
    assert said.endswith("the space, 1e-6 to 1e-5, has none of them")


def test_transformers_are_told_of_warm_up_and_decay() -> None:
    space = SearchSpace(
        dimensions={"lr": RATE, "weight_decay": Dimension(type="float", low=1e-3, high=0.1)}
    )
    fixed = {"optimizer": "adamw", "warmup_fraction": 0.0}
    said = list_tips(space, fixed, is_transformer=True, n_parameters=10**6)
    rate, decay, warm_up = said
    assert "5e-5 to 5e-4" in rate
    assert "0.01 to 0.1" in decay
    assert "5 to 10 %" in warm_up
    warm = SearchSpace(dimensions={"lr": RATE, "warmup_fraction": DROPOUT})
    assert "longer warm-up" in list_tips(warm, {}, is_transformer=True)[0]
