"""Two rounds with known answers: an effect survives, a hunch does not, luck falls back."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.rounds.review import review_rounds
from tests.analysis.rounds.conftest import MakeRounds
from tests.analysis.rounds.written import AGAIN, LUCKY, NEW_SEEDS, make_origin
from trial_sets.errors import InputError


def test_a_true_effect_survives_and_a_hunch_without_one_is_refuted(
    make_rounds: MakeRounds,
) -> None:
    review = review_rounds(make_rounds(origin=make_origin()), enter=False)
    found = [p for p in review.predictions if p.round_number == 2]
    assert [(p.row.case.set_name, p.standing, p.rules, p.outcome) for p in found] == [
        ("A", "established", "extend", "survived"),
        ("B", "hunch", "fill", "refuted"),
    ]
    assert [one.is_comparable for one in review.grounds] == [True]
    assert review.notes == (
        "Round 2 began on 2026-01-28 12:00 UTC, before round 1 had ended on 2026-01-28 12:01 UTC: "
        "it did not know all of what that came to.",
    )


def test_no_number_of_the_first_round_enters_a_verdict_of_the_second(
    make_rounds: MakeRounds,
) -> None:
    origin, other = make_origin(), {"A1": -1.0, "A2": 3.0, "A3": 0.0, "K": 0.5}
    reviews = [
        review_rounds(make_rounds(gains, origin=origin, outputs=name), enter=False)
        for name, gains in {"one": None, "other": other}.items()
    ]
    second = [
        [(p.row.judgement, p.row.look, p.row.dating.status) for p in review.predictions[1:]]
        for review in reviews
    ]
    first = [review.predictions[0].row.judgement for review in reviews]
    assert second[0] == second[1]
    assert first[0] != first[1]
    looks = [look for _, look, _ in second[0] if look is not None]
    assert {look.run for look in looks} == {"data-00000000"}
    assert all(look.seeds == NEW_SEEDS for look in looks)


def test_a_champion_that_luck_chose_falls_back(make_rounds: MakeRounds) -> None:
    review = review_rounds(make_rounds(LUCKY, AGAIN, origin=make_origin()), enter=False)
    first, second = review.champions
    assert (first.entrant.name, first.entrant.mean) == ("A1", pytest.approx(0.79))
    assert (first.n_configurations, first.error) == (3, pytest.approx(0.01 / np.sqrt(3)))
    assert (second.entrant.name, second.is_same) == ("BASE", True)
    (again,) = review.reruns
    assert (again.name, again.n_first, again.n_second) == ("BASE", 3, 3)
    assert (again.first, again.second) == (pytest.approx(0.79), pytest.approx(0.72))
    assert again.shift is not None
    assert again.shift.df == 12
    assert again.shift.estimate == pytest.approx(-0.07)
    reach = 2.178813 * 0.01 * np.sqrt(2 / 3)  # t at 97.5 % on 12 degrees of freedom
    assert again.shift.high == pytest.approx(-0.07 + reach, abs=1e-7)
    (gain,) = review.gains
    assert (gain.basis, gain.doubt) == (None, "the same configuration")


def test_the_gain_of_a_round_is_told_on_its_own_fits(make_rounds: MakeRounds) -> None:
    review = review_rounds(make_rounds(origin=make_origin()), enter=False)
    (gain,) = review.gains
    assert (gain.name, gain.other, gain.basis) == ("A1", "BASE", "own fits")
    assert (gain.n_rivals, gain.n_seeds) == (2, 3)
    first, second = review.champions
    assert (first.entrant.name, second.entrant.name, second.is_same) == ("A1", "A1", False)
    assert first.entrant.key != second.entrant.key
    base = next(one for one in review.last.entrants if one.name == "BASE")
    assert gain.estimate == pytest.approx(second.entrant.mean - base.mean, abs=1e-9)
    assert gain.low is not None
    assert gain.low > 0.05


def test_a_champion_is_worth_less_than_its_figure_and_has_others_beside_it(
    make_rounds: MakeRounds,
) -> None:
    equal = {"A1": 1.0, "A2": 1.0, "A3": 1.0, "K": 1.0}
    first, _ = review_rounds(make_rounds(equal), enter=False).champions
    assert first.adjusted is not None
    assert first.adjusted < first.entrant.mean
    assert (first.n_members, first.n_compared) == (4, 4)


def test_a_round_without_an_origin_has_its_claims_for_predictions(make_rounds: MakeRounds) -> None:
    review = review_rounds(make_rounds(), enter=False)
    assert {p.standing for p in review.predictions} == {"by hand"}
    assert "says of no results that it was proposed from them" in review.notes[-1]
    assert len(review.reruns) == 1  # told by its configuration


def test_rounds_out_of_their_order_are_refused(make_rounds: MakeRounds) -> None:
    one, other = make_rounds(origin=make_origin())
    with pytest.raises(InputError, match="Second: data-00000000 was proposed from Tiny: data-0000"):
        review_rounds([replace(other, number=1), replace(one, number=2)])
    with pytest.raises(InputError, match="was named twice"):
        review_rounds([one, replace(one, number=2)])
    with pytest.raises(InputError, match="two at least; 1 was named"):
        review_rounds([one])


def test_what_it_was_proposed_from_is_asked_for(make_rounds: MakeRounds) -> None:
    origin = make_origin(sources=[{"file": "trials.csv", "sha256": "0" * 64}])
    review = review_rounds(make_rounds(origin=origin), enter=False)
    assert review.notes[-1].endswith("that are not among those named before it: trials.csv.")
