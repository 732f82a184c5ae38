"""Trials of a list are called by what they hold, and else by their number."""

from typing import Any

import pytest

from trial_sets.errors import InputError
from trial_sets.loading.listing import name_listed, name_numbered


@pytest.mark.parametrize(
    ("entries", "named"),
    [
        ([{"name": "a", "lr": 1}, {"name": "b"}], {"a": {"lr": 1}, "b": {}}),
        ([{"run_name": "a"}, {"exp_name": "b"}, {"id": "c"}], {"a": {}, "b": {}, "c": {}}),
        ([{"id": 7}, {"id": "8"}], {"trial7": {}, "trial8": {}}),
        ([{"lr": 1}, {"lr": 2}], {"trial1": {"lr": 1}, "trial2": {"lr": 2}}),
        ([{"id": 3, "name": "a"}], {"a": {"note": "id 3"}}),
        ([{"name": "two words", "note": "x"}], {"trial1": {"note": "two words; x"}}),
        ([{"name": "lr 0.1", "id": 4}], {"trial4": {"note": "lr 0.1"}}),
        ([{"name": "lr 0.1", "notes": "x"}], {"trial1": {"notes": "lr 0.1; x"}}),
        ([{"name": None, "lr": 1}], {"trial1": {"name": None, "lr": 1}}),
        ([{"A1": {"lr": 1}}, {"A2": {}}], {"A1": {"lr": 1}, "A2": {}}),
        ([{"model": {"lr": 1}}], {"trial1": {"model": {"lr": 1}}}),
        ([{}], {"trial1": {}}),
    ],
)
def test_trials_are_named(entries: list[dict[str, Any]], named: dict[str, Any]) -> None:
    assert name_listed(entries, "own.json")[0] == named


def test_made_up_names_are_said() -> None:
    notice = "trials without a name that a trial can have are called "
    assert name_listed([{"name": "a"}], "own.json")[1] == ()
    assert name_listed([{"name": "a"}, {}], "own.json")[1] == (f"{notice}trial2",)
    shown = "trial1, trial2, trial3, trial4 and 2 more"
    assert name_listed([{}] * 6, "own.json")[1] == (notice + shown,)
    assert name_numbered({"1": {}, "A2": {}}, "own.py") == (
        {"trial1": {}, "A2": {}},
        (f"{notice}trial1",),
    )
    assert name_numbered({"A1": {}}, "own.py") == ({"A1": {}}, ())


def test_a_name_that_stands_twice_is_refused() -> None:
    for entries in ([{"name": "a"}, {"id": "a"}], [{}, {"name": "trial1"}]):
        with pytest.raises(InputError, match=r"own\.json: the trial name \w+ stands twice"):
            name_listed(entries, "own.json")
    with pytest.raises(InputError, match=r"the trial name trial1 stands twice"):
        name_numbered({"trial1": {}, "1": {}}, "own.json")


@pytest.mark.parametrize("name", ["1" * 10, "١", "-1", "1.5", "1 "])
def test_other_numbers_are_no_names(name: str) -> None:
    assert name_numbered({name: {}}, "own.json")[0] == {name: {}}
