from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analysis.searches.flags import flag_search, list_edges
from analysis.searches.search import Search
from tests.analysis.searched import Told
from trial_sets.records.record import Failure

MakeSearch = Callable[..., Search]


def tell(number: int = 0, **changes: Any) -> Told:
    values = {"learning_rate": 1e-3 + 1e-5 * number, "batch_size": (32, 64, 128)[number % 3],
              "dropout": 0.1 + 0.001 * number}  # fmt: skip
    made = {key: changes.pop(key) for key in list(changes) if key in values}
    return Told(values | made, changes.pop("score", 0.6 - 0.001 * number), **changes)


def list_rules(search: Search) -> list[str]:
    return [finding.rule for finding in flag_search(search)]


def test_a_search_that_is_well_has_no_flag(make_search: MakeSearch, run: Path) -> None:
    told = [tell(number, score=0.6 + 0.01 * (number % 7 == 1)) for number in range(25)]
    told[0].said["default"] = True
    assert list_rules(make_search(*told, run=run)) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"learning_rate": 0.095}, "learning_rate: the best trial has 0.095, the upper end of its"),
        ({"learning_rate": 1e-5}, "learning_rate: the best trial has 1e-5, the lower end of its"),
        ({"batch_size": 128}, "batch_size: the best trial has 128, the upper end of its choices"),
        ({"dropout": 0.0}, "dropout: the best trial has 0.0, the lower end of its range"),
    ],
)
def test_a_best_trial_at_an_end_is_flagged(
    make_search: MakeSearch, run: Path, changes: dict[str, Any], sentence: str
) -> None:
    values: dict[str, Any] = {"learning_rate": 1e-3, "batch_size": 64, "dropout": 0.3, **changes}
    search = make_search(tell(1), tell(2, score=0.9, **values), run=run)
    (found,) = [one for one in flag_search(search) if one.rule == "best at the edge"]
    assert found.sentence.startswith(sentence)
    assert len(list(list_edges(search))) == 1


def test_failures_copies_and_few_tries_are_flagged(make_search: MakeSearch, run: Path) -> None:
    failure = Failure(kind="error", message="m")
    failed = [tell(n, status="failed", failure=failure, score=None) for n in (2, 3)]
    search = make_search(tell(1), *failed, run=run)
    assert list_rules(search) == ["most failed", "few tries", "no default"]
    first = next(flag_search(search)).sentence
    assert first.startswith("2 of 3 trials failed or were infeasible")


def test_nothing_but_pruned_trials_is_flagged(make_search: MakeSearch, run: Path) -> None:
    pruned = [tell(n, status="pruned", score=None) for n in range(2, 11)]
    assert "too much pruning" in list_rules(make_search(tell(1), *pruned, run=run))


@pytest.mark.parametrize(("score", "is_flagged"), [(0.6049, True), (0.606, False)])
def test_results_that_are_all_alike_are_flagged(
    make_search: MakeSearch, run: Path, score: float, is_flagged: bool
) -> None:
    """Whatever the baseline has, which is no trial of the search."""
    told = [tell(1, score=0.6), tell(2, score=0.602), tell(4, score=score)]
    assert ("narrow range" in list_rules(make_search(*told, run=run))) == is_flagged


def test_repetitions_are_flagged(make_search: MakeSearch, run: Path) -> None:
    again = [tell(0, status="repeated", said={"fit": "trial-00000"}) for _ in range(3)]
    assert "trials alike" in list_rules(make_search(tell(0), *again, run=run))


def test_a_dimension_that_never_varied_is_flagged(make_search: MakeSearch, run: Path) -> None:
    told = [tell(number, batch_size=64) for number in range(12)]
    found = [one for one in flag_search(make_search(*told, run=run)) if one.param]
    assert [(one.rule, one.param) for one in found] == [("never varied", "batch_size")]


def test_searches_that_agree_are_named(make_search: MakeSearch, run: Path) -> None:
    search = replace(make_search(tell(1), run=run), others=("other",))
    (found,) = [one for one in flag_search(search) if one.rule == "searches agree"]
    assert found.sentence.startswith("The search other of this run found the same best")


def test_copies_from_elsewhere_hide_no_failures(make_search: MakeSearch, run: Path) -> None:
    copies = [tell(number, status="foreign", said={"foreign": "old.db"}) for number in range(9)]
    failure = Failure(kind="error", message="m")
    own = [tell(9 + n, score=None, status="failed", failure=failure) for n in range(3)]
    search = make_search(*copies, *own, tell(12), run=run, n_foreign=9)
    found = next(one for one in flag_search(search) if one.rule == "most failed")
    assert "3 of 4 trials failed" in str(found)
