import pytest

from analysis.frames.filters import Clause, filter_frame, parse_filter
from analysis.frames.frame import TrialFrame
from tests.analysis.conftest import MakeTrials
from trial_sets.errors import InputError


@pytest.fixture
def frame(make_trials: MakeTrials) -> TrialFrame:
    return make_trials(
        metric=[0.5, 0.6, 0.7, 0.8],
        params={"dropout": [0.1, 0.3, 0.5, None], "opt": ["adam", "sgd", "adam", None]},
        tier=["a50", "a50", "a100", None],
        stopped_early=[True, False, None, True],
    )


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        ("tier == a50", [0.5, 0.6]),
        ("tier == A50", [0.5, 0.6]),
        ("tier != a50", [0.7, 0.8]),
        ("dropout >= 0.3", [0.6, 0.7]),
        ("dropout>=3e-1", [0.6, 0.7]),
        ("dropout < 0.3", [0.5]),
        ("dropout != 0.3", [0.5, 0.7, 0.8]),
        ("tier == a50 and dropout > 0.1", [0.6]),
        ("'opt' == \"adam\"", [0.5, 0.7]),
        ("stopped_early == true", [0.5, 0.8]),
        ("stopped_early != true", [0.6, 0.7]),
        ("opt != adam", [0.6, 0.8]),
        ("metric <= 0.6 and metric >= 0.6", [0.6]),
    ],
)
def test_a_filter_keeps_the_rows_that_satisfy_it(
    frame: TrialFrame, text: str, metrics: list[float]
) -> None:
    assert list(filter_frame(frame, text).rows["metric"]) == metrics


def test_quoted_names_hold_blanks_and_operators() -> None:
    assert parse_filter("\"Training Time (s)\" < 300 and 'a and b' == 'x == y'") == (
        Clause("Training Time (s)", "<", "300"),
        Clause("a and b", "==", "x == y"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "dropout",
        "dropout = 3",
        "dropout >",
        "dropout > 0.1 and",
        "dropout > 0.1 or tier == a50",
        "dropout > 0.1 tier == a50",
        "== 3",
        "__import__('os').system('id')",
        "tier == 'a50",
    ],
)
def test_what_is_no_filter_is_refused_with_the_grammar(text: str) -> None:
    with pytest.raises(InputError, match="COLUMN OPERATOR VALUE"):
        parse_filter(text)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("lr == 1", "'lr', which is no column"),
        ("tier > a50", "tier, which is text, by >"),
        ("dropout == high", "dropout, a number, with 'high'"),
        ("tier == a7", "leaves none of the 4 trials"),
    ],
)
def test_filters_that_do_not_fit_the_trials_are_refused(
    frame: TrialFrame, text: str, match: str
) -> None:
    with pytest.raises(InputError, match=match):
        filter_frame(frame, text)
