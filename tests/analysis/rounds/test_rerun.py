"""First and second figures: new seeds alone, and only of what is the same."""

from dataclasses import replace

import pytest

from analysis.rounds.review import RoundsReview, review_rounds
from tests.analysis.rounds.conftest import MakeRounds
from tests.analysis.rounds.written import AGAIN, LUCKY, SEEDS, make_origin

SAME_SEEDS = {(name, seed - 3): score for (name, seed), score in AGAIN.items()}


def review(rounds: tuple) -> RoundsReview:  # type: ignore[type-arg]
    return review_rounds(rounds, enter=False)


def test_a_fit_that_was_there_before_is_no_second_figure(make_rounds: MakeRounds) -> None:
    (again,) = review(make_rounds(LUCKY, SAME_SEEDS)).reruns
    assert (again.second, again.n_second, again.shift) == (None, 0, None)
    assert again.doubt == "no new seed: they are the same fits"


def test_across_other_rows_nothing_is_subtracted(make_rounds: MakeRounds) -> None:
    one, other = make_rounds(LUCKY, AGAIN, origin=make_origin())
    assert other.run is not None
    data = other.run.info.data.model_copy(update={"fingerprint": "0" * 64})
    info = other.run.info.model_copy(update={"data": data})
    found = review((one, replace(other, run=replace(other.run, info=info))))
    (again,) = found.reruns
    assert (again.second, again.shift) == (pytest.approx(0.72), None)
    assert again.doubt == "the data are others (sp500 against sp500)"


def test_other_tools_champion_is_told_by_the_control_that_was_made_of_it(
    make_rounds: MakeRounds,
) -> None:
    champion = {**make_origin()["champion"], "score": 0.79, "values": {"epochs": 20}}
    one, other = make_rounds(LUCKY, AGAIN, origin=make_origin(champion=champion))
    (again,) = review((replace(one, run=None), other)).reruns
    assert (again.name, again.first, again.shift) == ("BASE", pytest.approx(0.79), None)
    assert again.changes == ("epochs 20, then 9",)
    moved = {**champion, "score": 0.7}  # of another champion: it is not known what ran again
    one, other = make_rounds(LUCKY, AGAIN, origin=make_origin(champion=moved), outputs="moved")
    assert review((replace(one, run=None), other)).reruns == ()


def test_a_champion_that_did_not_run_again_is_compared_across_rounds(
    make_rounds: MakeRounds,
) -> None:
    first = {("K", seed): 0.70 + 0.01 * seed for seed in SEEDS}
    found = review(make_rounds(first, AGAIN))
    (gain,) = found.gains
    assert (gain.basis, gain.name, gain.other) == ("across rounds", "BASE", "K")
    assert gain.estimate == pytest.approx(0.01)
    assert found.reruns == ()
    assert found.champions[1].is_same is False


def test_shared_seeds_are_not_taken_for_others(make_rounds: MakeRounds) -> None:
    first = {("K", seed): 0.70 + 0.01 * seed for seed in SEEDS}
    (gain,) = review(make_rounds(first, SAME_SEEDS)).gains
    assert (gain.basis, gain.doubt) == (
        None,
        "they share seeds, and the champion before did not run in this round",
    )
