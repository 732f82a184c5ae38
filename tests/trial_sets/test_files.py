"""A label and a split say just what goes with their kind."""

from typing import Any

import pytest

from tests.trial_sets.conftest import FREE_SET, SET_A
from trial_sets.errors import InputError
from trial_sets.files import FreeSetFile, LabelRule, SetFile, SplitRule
from trial_sets.strict_json import check


def test_a_rule_of_a_move_is_written_as_it_was_before_there_were_others() -> None:
    assert LabelRule().model_dump() == {"threshold": 0.01, "horizon": 1, "direction": "up"}
    assert LabelRule(column="y").model_dump()["column"] == "y"
    assert "target" not in LabelRule(column="y").model_dump()


@pytest.mark.parametrize(
    ("said", "is_move"),
    [
        ({}, True),
        ({"threshold": 0.02, "direction": "down", "horizon": 5}, True),
        ({"column": "y"}, False),
        ({"column": "y", "horizon": 3}, False),
        ({"column": "y", "threshold": 0.01, "direction": "up"}, False),  # as run.json says it
        ({"target": "log_range", "horizon": 5}, False),
    ],
)
def test_a_label_is_a_move_a_column_or_a_number(said: dict[str, Any], is_move: bool) -> None:
    rule = check(LabelRule, said, "label")
    assert rule.is_move is is_move
    assert check(LabelRule, rule.model_dump(), "run.json") == rule


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"column": "y", "target": "return"}, r"column and target exclude each other"),
        ({"column": "y", "threshold": 0.02}, r"threshold goes with a move of prices, not with col"),
        (
            {"target": "return", "threshold": 0.02, "direction": "down"},
            r"threshold and direction go with a move of prices, not with target",
        ),
        ({"target": "returns"}, r"target=\"returns\", expected 'log_range', 'return' or 'realiz"),
        ({"column": ""}, r"column=\"\", expected"),
        ({"colum": "y"}, r"unknown key \"colum\"; did you mean column\?"),
    ],
)
def test_a_label_of_two_kinds_is_refused(said: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=f"^label: {message}"):
        check(LabelRule, said, "label")


@pytest.mark.parametrize(
    ("said", "is_ordered"),
    [
        ({"kind": "dates", "test_start": "2020-01-01"}, True),
        ({"kind": "fractions", "val": 0.2}, True),
        ({"kind": "random"}, False),
        ({"kind": "stratified", "seed": 7}, False),
        ({"kind": "groups", "column": "patient"}, False),
        ({"kind": "column", "column": "fold"}, False),
    ],
)
def test_a_split_is_of_rows_in_time_or_without(said: dict[str, Any], is_ordered: bool) -> None:
    rule = check(SplitRule, said, "split")
    assert rule.is_ordered is is_ordered
    assert check(SplitRule, rule.model_dump(), "run.json") == rule


def test_the_borders_of_periods_are_those_that_are_given() -> None:
    rule = SplitRule(kind="dates", val_start="2018-01-01", test_start="2020-01-01")
    assert rule.borders == {"val_start": "2018-01-01", "test_start": "2020-01-01"}


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({}, r"kind is missing"),
        ({"kind": "randm"}, r"kind=\"randm\", expected 'dates', 'fractions', 'random'"),
        ({"kind": "groups"}, r"kind=groups needs column"),
        ({"kind": "column"}, r"kind=column needs column"),
        ({"kind": "dates"}, r"kind=dates needs test_start"),
        ({"kind": "random", "column": "x"}, r"column does not go with kind=random, which knows v"),
        ({"kind": "fractions", "seed": 1}, r"seed does not go with kind=fractions, which knows"),
        ({"kind": "random", "val": 0.6, "test": 0.5}, r"val=0\.6 and test=0\.5 leave no row to t"),
        ({"kind": "random", "val": 0.9}, r"val=0\.9 and test=0\.2 leave no row to train on"),
        ({"kind": "random", "val": 20}, r"val=20, expected less than 1"),
        ({"kind": "random", "seed": -1}, r"seed=-1, expected greater than or equal to 0"),
    ],
)
def test_a_split_that_does_not_go_with_its_kind_is_refused(
    said: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=f"^split: {message}"):
        check(SplitRule, said, "split")


@pytest.mark.parametrize(("form", "content"), [(SetFile, SET_A), (FreeSetFile, FREE_SET)])
@pytest.mark.parametrize(("key", "called"), [("expectations", "expectation"), ("claims", "claim")])
def test_a_sets_claims_have_either_name_and_errors_say_which(
    form: type[SetFile], content: dict[str, Any], key: str, called: str
) -> None:
    claims = [{"better": ["A2"], "than": ["A1"]}, {"better": ["A1"], "than": ["A2"]}]
    rest = {name: v for name, v in content.items() if name not in {"expectations", "claims"}}
    found = check(form, {**rest, key: claims}, "A.json").list_claims()
    assert [(words, claim.better) for words, claim in found] == [
        (f"{called} 1", ("A2",)),
        (f"{called} 2", ("A1",)),
    ]
    with pytest.raises(InputError, match=rf"^A\.json: {called} 1: unknown key \"beter\"; did you "):
        check(form, {**rest, key: [{"beter": ["A2"]}]}, "A.json")


def test_both_names_at_once_are_refused() -> None:
    with pytest.raises(InputError, match=r"^A\.json: expectations and claims are two names of one"):
        check(SetFile, {**SET_A, "claims": []}, "A.json")
