"""Rows are held against the parameters of networks."""

import pytest

from tests.trial_sets.linting.conftest import USUAL, lint, only
from trial_sets.linting.role import SearchFacts

FACTS: list[tuple[SearchFacts, str | None]] = [
    (SearchFacts(), None),
    (SearchFacts(n_train_rows=1_000), None),
    (
        SearchFacts(n_train_rows=999),
        "space: 999 training rows are fewer than 1,000: which trial is best is mostly chance; "
        "collect rows before anything is tuned",
    ),
    (SearchFacts(10_000, 1_000, 100_000), None),
    (SearchFacts(100_000, 1_000, 1_000_000), None),
    (
        SearchFacts(10_000, 50_000, 250_000),
        "space: the largest network has 250,000 parameters for 10,000 training rows, 25 a row, and "
        "overfits easily beyond 10; leave out what goes beyond 100,000 parameters, or let "
        "dropout or weight decay vary",
    ),
    (
        SearchFacts(10_000, 150_000, 250_000),
        "space: even the smallest network has 150,000 parameters for 10,000 training rows, 15 a r",
    ),
]


@pytest.mark.parametrize(("facts", "said"), FACTS)
def test_rows_are_held_against_parameters(facts: SearchFacts, said: str | None) -> None:
    remarks = lint(USUAL, facts)
    assert remarks == () if said is None else only(remarks).startswith(said)
