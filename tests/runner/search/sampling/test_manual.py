"""The manual protocol: a known course of the loss has a known next rate."""

import pytest

from runner.search.sampling.manual import (
    Course,
    RateFit,
    RateStep,
    choose_rate,
    explain_end,
    judge_course,
)

START = RateStep(0.01, "the base's rate")
FALLING = (1.0, 0.8, 0.6, 0.45, 0.3, 0.2)
FLAT = (1.0, 0.6, 0.5001, 0.5, 0.4999, 0.4998)
WILD = (1.0, 0.5, 0.9, 0.4, 0.8, 0.5, 0.9)
NOISY = (1.0, 0.6, 0.5, 0.5004, 0.5, 0.5003)


@pytest.mark.parametrize(
    ("losses", "course", "figures"),
    [
        (FALLING, "converges", "over the last 3 epochs the loss fell by 66.7 %"),
        (FLAT, "plateaus", "over the last 3 epochs the loss fell by 0.06 %"),
        (
            WILD,
            "oscillates",
            "over the last 4 epochs the loss rose in 2, by 0.8 in sum, and fell by 0.8",
        ),
        (NOISY, "plateaus", "over the last 3 epochs the loss fell by"),
        ((1.0, 0.9, 0.8), "unclear", "3 epochs are too few to tell"),
        ((1.0, 1.1, 1.2, 1.3), "oscillates", "fell by 0"),
        ((0.0,) * 6, "plateaus", "fell by 0 %"),
    ],
)
def test_a_course_is_told_by_its_figures(
    losses: tuple[float, ...], course: Course, figures: str
) -> None:
    found = judge_course(losses)
    assert found[0] == course
    assert figures in found[1]


def test_the_first_rate_is_the_start() -> None:
    assert choose_rate([], START, (1e-5, 1.0)) == START


@pytest.mark.parametrize(
    ("losses", "diverged", "rate", "why"),
    [
        (WILD, False, 0.005, "oscillates"),
        (FLAT, False, 0.01 / 3, "plateaus"),
        ((), True, 0.005, "it diverged"),
    ],
)
def test_an_oscillating_rate_is_halved_and_one_that_plateaus_divided_by_three(
    losses: tuple[float, ...], diverged: bool, rate: float, why: str
) -> None:
    step = choose_rate([RateFit(0.01, losses, diverged)], START, (1e-5, 1.0))
    assert step is not None
    assert step.rate == pytest.approx(rate)
    assert why in step.reason


def test_it_ends_where_training_converges_after_five_fits_and_at_the_end_of_the_range() -> None:
    flat = RateFit(0.01, FLAT)
    assert choose_rate([RateFit(0.01, FALLING)], START, (1e-5, 1.0)) is None
    assert choose_rate([flat] * 4, START, (1e-5, 1.0)) is not None
    assert choose_rate([flat] * 5, START, (1e-5, 1.0)) is None
    assert choose_rate([flat], START, (0.005, 1.0)) is None
    assert choose_rate([RateFit(0.01, FALLING[:3])], START, (1e-5, 1.0)) is None


def test_why_it_ends_is_said() -> None:
    flat = RateFit(0.01, FLAT)
    assert explain_end([RateFit(0.01, FALLING)]).startswith("at 0.01 the training converges (over")
    assert explain_end([RateFit(0.01, FALLING[:3])]) == (
        "at 0.01 the training cannot be judged (3 epochs are too few to tell)"
    )
    assert explain_end([flat] * 5) == "5 fits are the most"
    assert explain_end([flat]) == (
        "at 0.01 the training plateaus, and the space has no lower rate to try"
    )
