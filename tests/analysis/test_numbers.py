import math

import pytest

from analysis.numbers import (
    choose_decimals,
    count_noun,
    format_difference,
    format_duration,
    format_metric,
    format_p,
    format_share,
    format_value,
    sort_naturally,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5e-05, "5e-5"),
        (1e-4, "1e-4"),
        (1.2e-4, "1.2e-4"),
        (1e-3, "1e-3"),
        (0.01, "0.01"),
        (0.35, "0.35"),
        (0.1 + 0.2, "0.3"),
        (0.0, "0.0"),
        (1.0, "1.0"),
        (-5e-5, "-5e-5"),
        (2e9, "2e9"),
        (math.nan, "nan"),
        ("adam", "adam"),
    ],
)
def test_values_are_written_as_people_write_them(value: float | str, text: str) -> None:
    assert format_value(value) == text


@pytest.mark.parametrize(("value", "text"), [(128.0, "128"), (0.0, "0"), (100000.0, "100000")])
def test_whole_values_have_no_decimals(value: float, text: str) -> None:
    assert format_value(value, is_whole=True) == text


def test_digits_can_be_limited() -> None:
    assert format_value(0.19525029088497076, digits=3) == "0.195"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.71504, "0.7150"),
        (0.0, "0.0000"),
        (13223392.0, "1.322e7"),
        (0.00031390, "0.0003139"),
        (1.5e-7, "1.5e-7"),
        (math.nan, "-"),
    ],
)
def test_metrics_have_four_digits(value: float, text: str) -> None:
    assert format_metric(value) == text


@pytest.mark.parametrize(
    ("value", "is_signed", "text"),
    [
        (0.003063, False, "0.0031"),
        (0.00036, False, "0.00036"),
        (-0.0102, True, "-0.0102"),
        (0.0102, True, "+0.0102"),
        (math.inf, True, "-"),
    ],
)
def test_differences_have_four_decimals(value: float, is_signed: bool, text: str) -> None:
    assert format_difference(value, is_signed=is_signed) == text


def test_shares_have_one_decimal() -> None:
    assert format_share(34 / 60) == "56.7%"
    assert format_share(math.nan) == "-"


def test_a_p_value_is_never_zero() -> None:
    assert format_p(0.0) == "p < 0.001"
    assert format_p(0.0333) == "p = 0.033"


def test_nouns_follow_their_count() -> None:
    assert count_noun(1, "trial") == "1 trial"
    assert count_noun(1250, "trial") == "1,250 trials"


def test_budgets_sort_by_their_number() -> None:
    assert sort_naturally(["200M", "20M", "2M"]) == ["2M", "20M", "200M"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0.0 s"), (0.123, "0.1 s"), (0.96, "1 s"), (99.4, "99 s"), (99.5, "2 min"),
        (5999, "1 h 40 min"), (5900, "98 min"), (11_100, "3 h 05 min"), (3.6e6, "1,000 h 00 min"),
        (math.inf, "-"),
    ],
)  # fmt: skip
def test_durations_are_written_as_people_say_them(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@pytest.mark.parametrize(
    ("rope", "value", "level", "difference"),
    [
        (0.005, 0.71504, "0.7150", "+0.0072"),
        (0.5, 53.2134, "53.21", "+0.53"),
        (5e-5, 0.0042131, "0.004213", "+0.000042"),
        (1000.0, 123456.7, "123457", "+1235"),
        (None, 3.2, "3.2000", "+0.0320"),
        (0.0, 3.2, "3.2000", "+0.0320"),
    ],
)
def test_a_metric_has_as_many_decimals_as_its_rope_asks_for(
    rope: float | None, value: float, level: str, difference: str
) -> None:
    decimals = choose_decimals(rope)
    assert format_metric(value, decimals=decimals) == level
    assert format_difference(value / 100, is_signed=True, decimals=decimals) == difference


def test_without_a_rope_the_spread_says_how_many_decimals_there_are() -> None:
    assert choose_decimals(None, [50.0, 54.0]) == 2  # a two-hundredth of 2 is 0.01
    assert choose_decimals(None, [50.0, math.nan]) == 4
