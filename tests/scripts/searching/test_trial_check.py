"""What five random trials say of a search, each answer on trials made by hand."""

import numpy as np
import pytest
from numpy.typing import NDArray

from scripts.searching.trial_check import Asked, CheckedTrial, is_at_end, judge_trials
from tests.runner.conftest import fit, record
from trial_sets.records.record import Failure
from trial_sets.space import Dimension, SearchSpace
from trial_sets.task import AUC

SPACE = SearchSpace(
    dimensions={
        "dropout": Dimension(type="float", low=0, high=1),
        "batch_size": Dimension(choices=(16, 32)),
    }
)
ASKED = Asked(SPACE, "binary", AUC, 0.005)
DROPOUTS = (0.3, 0.5, 0.6, 0.7, 0.4)
SCORES = (0.61, 0.58, 0.66, 0.70, 0.63)
WIDE = np.linspace(-2, 2, 9)


def make(
    dropouts: tuple[float, ...] = DROPOUTS,
    scores: tuple[float, ...] = SCORES,
    predicted: NDArray[np.float64] | None = WIDE,
    failure: Failure | None = None,
) -> list[CheckedTrial]:
    made = []
    for number, (dropout, score) in enumerate(zip(dropouts, scores, strict=True)):
        one = fit(f"trial-{number:05d}", dropout=dropout)
        failed = failure if number == 0 else None
        values = {"dropout": dropout, "batch_size": (16, 32)[number % 2]}
        left = record(one, score, failed)
        made.append(CheckedTrial(one.name, values, left, None if failed else predicted))
    return made


def answer(trials: list[CheckedTrial], word: str) -> tuple[str, str]:
    (line,) = [line for line in judge_trials(trials, ASKED) if word in line.question]
    return line.state, line.answer


def test_trials_that_are_as_they_should_be_have_nothing_wrong() -> None:
    assert {line.state for line in judge_trials(make(), ASKED)} == {"right"}


def test_trials_that_are_all_one_are_wrong() -> None:
    trials = [CheckedTrial(t.name, {"dropout": 0.5}, t.record, t.scores) for t in make()]
    assert answer(trials, "trials differ") == (
        "wrong",
        "5 trials are 1 configuration: the space is small",
    )


def test_a_range_that_never_moves_is_wrong() -> None:
    trials = make((0.5, 0.5), (0.6, 0.7))
    assert answer(trials, "trials differ") == ("wrong", "dropout had one value in every trial")


def test_failures_are_counted_by_their_reason() -> None:
    trials = make(failure=Failure(kind="diverged", message="the loss is not finite"))
    assert answer(trials, "end?") == (
        "wrong",
        "1 of 5 failed: 1 x diverged: the loss is not finite",
    )


def test_one_score_in_every_trial_is_wrong() -> None:
    state, said = answer(make(scores=(0.7,) * 5), "scores differ")
    assert (state, said[:28]) == ("wrong", "AUC 0.7000 in every trial: w")


def test_scores_within_half_a_percent_are_said() -> None:
    state, said = answer(make(scores=(0.7, 0.701, 0.702, 0.7015, 0.7005)), "scores differ")
    assert (state, "AUC 0.7000 to 0.7020, 0.3% apart" in said) == ("note", True)


@pytest.mark.parametrize("predicted", [np.full(9, 0.3), np.full((9, 3), 0.3)])
def test_one_prediction_for_every_row_is_a_collapse(predicted: NDArray[np.float64]) -> None:
    state, said = answer(make(predicted=predicted), "row to row")
    assert (state, "predict the same for every row (collapse)" in said) == ("wrong", True)


def test_narrow_probabilities_and_an_auc_of_chance_are_said() -> None:
    trials = make(scores=(0.5, 0.505, 0.6, 0.7, 0.8), predicted=WIDE / 10)
    assert answer(trials, "row to row") == (
        "note",
        "the probabilities of 5 trials span less than 0.2 (narrowest 0.10); 2 of 5 have an AUC of "
        "chance, 0.5",
    )


def test_predictions_that_were_not_kept_tell_nothing() -> None:
    assert answer(make(predicted=None), "row to row")[0] == "note"


def test_a_best_trial_at_an_end_is_said() -> None:
    trials = make(dropouts=(0.3, 0.5, 0.6, 0.99, 0.4))
    assert answer(trials, "inside") == ("note", "trial-00003 lies at an end: dropout=0.99")


def test_an_end_lies_where_the_scale_has_it() -> None:
    rate = Dimension(type="float", low=1e-4, high=1e-1, log=True)
    assert [is_at_end(rate, v) for v in (1e-4, 1.1e-4, 2e-4, 5e-2, 9.9e-2)] == [
        *(True, True, False, False, True)
    ]
    assert not is_at_end(Dimension(choices=(1, 2)), 2)
