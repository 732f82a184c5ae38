"""The next round goes on from all rounds together, where they are of one kind."""

import pytest

from analysis.proposal.round_plan import choose_new_seeds
from analysis.rounds.pooling import pool_rounds
from tests.analysis.rounds.conftest import MakeRounds
from tests.analysis.rounds.test_conditions import change
from tests.analysis.rounds.written import AGAIN, LUCKY, SEEDS
from trial_sets.errors import InputError


def test_a_configuration_of_both_rounds_has_the_seeds_of_both(make_rounds: MakeRounds) -> None:
    pooled = pool_rounds(make_rounds(LUCKY, AGAIN))
    counts = pooled.finished.groupby("configuration")["metric"].agg(["count", "mean"])
    assert sorted(counts["count"]) == [3, 3, 3, 3, 6]
    (mean,) = counts.loc[counts["count"] == 6, "mean"]
    assert mean == pytest.approx((0.79 + 0.72) / 2)
    assert choose_new_seeds(pooled) == (6, 7, 8)
    assert set(pooled.rows["file"]) == {"first/data-00000000", "second/data-00000000"}


def test_a_fit_that_both_rounds_have_counts_once(make_rounds: MakeRounds) -> None:
    same = {("BASE", seed): LUCKY["A1", seed] for seed in SEEDS}
    assert len(pool_rounds(make_rounds(LUCKY, same)).finished) == len(LUCKY)


def test_rounds_of_other_settings_are_not_pooled(make_rounds: MakeRounds) -> None:
    one, other = make_rounds()
    with pytest.raises(InputError, match="epochs as the study says, then 3; name one of them"):
        pool_rounds((one, change(other, overrides={"epochs": 3})))
