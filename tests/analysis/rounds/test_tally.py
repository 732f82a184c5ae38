"""Of so many predictions so many survived, and what has not run is no failure."""

from analysis.rounds.review import review_rounds
from analysis.rounds.tally import Tally, tally_rules, tally_standings
from tests.analysis.rounds.conftest import MakeRounds
from tests.analysis.rounds.written import make_origin


def test_predictions_are_counted_by_what_they_came_from_and_by_rule(
    make_rounds: MakeRounds,
) -> None:
    found = review_rounds(make_rounds(origin=make_origin()), enter=False).predictions
    assert tally_standings(found) == (
        Tally("hunch", 1, 0, 1, 0),
        Tally("established", 1, 1, 0, 0),
        Tally("by hand", 1, 1, 0, 0),
    )
    assert tally_rules(found) == (Tally("extend", 1, 1, 0, 0), Tally("fill", 1, 0, 1, 0))


def test_what_has_not_run_is_in_no_share() -> None:
    tally = Tally("hunch", 5, 1, 1, 3)
    assert (tally.n_run, tally.n_open) == (2, 0)
    assert tally.share_bounds is not None
    assert Tally("hunch", 2, 0, 0, 2).share_bounds is None
