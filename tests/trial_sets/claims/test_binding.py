"""A claim is bound to configurations; one that cannot be judged is refused."""

from typing import Any

import pytest

from tests.trial_sets.conftest import make_study
from trial_sets.claims.binding import BoundClaim, bind_claims, kin_of
from trial_sets.errors import InputError

DROPOUTS = {f"A{i}": {"dropout": i / 10} for i in range(2, 6)}  # K runs 0.1
ROPE = 0.005


def bind(claim: dict[str, Any], trials: dict[str, dict[str, Any]] = DROPOUTS) -> BoundClaim:
    (bound,) = bind_claims(make_study(trials, claim))
    return bound


def digest(claim: dict[str, Any], rope: float = ROPE) -> str:
    return bind(claim).digest(rope)


@pytest.mark.parametrize(
    ("claim", "claiming", "references"),
    [
        ({"better": ["A3"], "than": ["A2", "K"]}, ["A3"], ["A2", "K"]),
        ({"any_of": ["A3", "A2"], "than": ["K"]}, ["A3", "A2"], ["K"]),
        ({"equal": ["A3", "A2"], "within": 0.01}, ["A3", "A2"], []),
        ({"rises_with": "dropout"}, ["K", "A2", "A3", "A4", "A5"], []),
        ({"falls_with": "dropout", "up_to": 0.3}, ["K", "A2", "A3"], []),
        ({"falls_with": "dropout", "among": ["A5", "A3", "A4"]}, ["A3", "A4", "A5"], []),
    ],
)
def test_a_claim_knows_its_trials(
    claim: dict[str, Any], claiming: list[str], references: list[str]
) -> None:
    bound = bind(claim)
    assert [trial.name for trial in bound.claiming] == claiming
    assert [trial.name for trial in bound.references] == references


def test_a_trend_takes_one_of_several_lines() -> None:
    trials: dict[str, dict[str, Any]] = {**DROPOUTS, "W1": {"dropout": 0.4, "d_model": 32}}
    assert len(bind({"rises_with": "dropout"}, trials).claiming) == 5
    trials |= {f"W{i}": {"dropout": i / 10, "d_model": 32} for i in (2, 3)}
    with pytest.raises(
        InputError, match=r"several lines \(A2, .* and K; W1, W2 and W3\); name the t"
    ):
        bind({"rises_with": "dropout"}, trials)
    among = {"rises_with": "dropout", "among": ["W1", "W3", "W2"]}
    assert [trial.name for trial in bind(among, trials).claiming] == ["W2", "W3", "W1"]


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ({"better": ["A33"], "than": ["A2"]}, r"expectation 1: there is no trial 'A33'; did you"),
        ({"better": ["A3"], "than": ["A2", "a3"]}, "A3 stands on both sides"),
        ({"better": ["A3", "A3"], "than": ["A2"]}, "A3 stands twice on one side"),
        ({"equal": ["A3", "A2", "A3"], "within": 1}, "A3 stands twice on one side"),
        ({"rises_with": "droput"}, "no hyperparameter 'droput'; did you mean dropout"),
        ({"rises_with": "optimizer"}, "optimizer of A2 is no number"),
        ({"rises_with": "dropout", "up_to": 0.2}, "dropout has 2 values where all else is equal"),
        ({"rises_with": "n_layers"}, "n_layers has 1 value where"),
        ({"if": "A2 beats A3", "better": ["A3"], "than": ["A2"]}, "says the opposite"),
    ],
)
def test_a_broken_claim_is_refused(claim: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        bind(claim)


def test_trials_of_a_trend_that_differ_in_more_are_refused() -> None:
    trials: dict[str, dict[str, Any]] = {**DROPOUTS, "W1": {"dropout": 0.6, "d_model": 32}}
    with pytest.raises(InputError, match="differ in more than dropout"):
        bind({"rises_with": "dropout", "among": ["A2", "A3", "A4", "W1"]}, trials)


def test_a_claim_that_stands_twice_is_refused() -> None:
    one, same = ({"better": ["A3"], "than": than} for than in (["A2", "A4"], ["A4", "A2"]))
    with pytest.raises(InputError, match=r'expectation 2: the claim "A3 beats each of A4 and A2" '):
        make_study(DROPOUTS, one, same)


def test_the_digest_holds_what_is_claimed_and_no_words() -> None:
    claim = {"better": ["A3"], "than": ["A2", "A4"]}
    assert digest(claim) == digest({**claim, "if": "the sweet spot", "shows": "x", "then": "y"})
    assert digest(claim) == digest({**claim, "than": ["A4", "A2"]})
    assert digest(claim) == digest({**claim, "by": 0})
    others = [
        digest({**claim, "by": 0.02}),
        digest({**claim, "by": ROPE / 2}),  # the test is against it
        digest({**claim, "by": ROPE}),
        digest({**claim, "sides": "mean"}),
        digest({"better": ["A2"], "than": ["A3", "A4"]}),
        digest({"any_of": ["A2", "A4"], "than": ["A3"]}),
        digest({**claim, "metric": "seconds", "by": 1}),
        digest({**claim, "metric": "seconds", "by": 0.1, "ratio": True}),
        digest(claim, rope=0.004),
    ]
    assert len({digest(claim), *others}) == 1 + len(others)


def test_the_same_configurations_under_other_names_are_the_same_claim() -> None:
    named = {"B1": {"dropout": 0.3}, "B2": {"dropout": 0.2}}
    one = bind({"better": ["B1"], "than": ["B2"]}, named)
    assert one.digest(ROPE) == digest({"better": ["A3"], "than": ["A2"]})


def test_margins_sides_and_a_runs_length_leave_the_question_alone() -> None:
    claim = {"better": ["A3"], "than": ["A2", "A4"]}
    question = bind(claim).question()
    assert question == bind({**claim, "by": 0.1, "sides": "mean"}).question()
    longer = {name: {**trial, "epochs": 13} for name, trial in DROPOUTS.items()}
    assert question == bind(claim, longer).question()
    assert question != bind({"better": ["A2"], "than": ["A3", "A4"]}).question()
    assert question != bind({**claim, "metric": "seconds", "by": 1}).question()


def test_kin_differ_in_a_runs_length_alone() -> None:
    one, *_ = bind({"equal": ["A2", "A3"], "within": 1}).claiming
    longer = one.configuration.model_copy(update={"epochs": 13, "context": 120})
    assert kin_of(longer) == kin_of(one.configuration)
    other = one.configuration.model_copy(update={"dropout": 0.25})
    assert kin_of(other) != kin_of(one.configuration)
