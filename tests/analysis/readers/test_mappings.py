"""Objects inside a trial are flattened, and what tools wrap is unwrapped."""

import pytest

from analysis.readers.mappings import (
    flatten_mapping,
    is_metrics_holder,
    is_params_holder,
    settle_nones,
)


def test_nested_objects_become_dotted_names() -> None:
    nested = {"model": {"depth": 2, "act": {"name": "relu"}}, "lr": 0.1, "empty": {}}
    assert flatten_mapping(nested) == {
        "model.depth": 2, "model.act.name": "relu", "lr": 0.1, "empty": {}
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrapped", "plain"),
    [
        ({"lr": {"value": 0.1, "desc": None}}, {"lr": 0.1}),
        ({"hps": {"space": [], "values": {"lr": 0.1}}}, {"hps.lr": 0.1}),
        ({"set": [{"name": "lr", "value": 0.1}]}, {"set.lr": 0.1}),
        ({"list": [1, 2]}, {"list": [1, 2]}),
    ],
)
def test_wrapped_values_are_unwrapped(wrapped: dict[str, object], plain: dict[str, object]) -> None:
    assert flatten_mapping(wrapped) == plain


def test_objects_too_deep_stay_as_they_are() -> None:
    deep: dict[str, object] = {"x": 1}
    for _ in range(20):
        deep = {"a": deep}
    (name,) = flatten_mapping(deep)
    assert name.count(".") == 8


def test_a_none_among_words_or_beside_one_number_is_a_value() -> None:
    records = [{"opt": "adam", "limit": 5, "units": 1, "none": None},
               {"opt": None, "limit": None, "units": None, "none": None},
               {"units": 2}]  # fmt: skip
    settled = settle_nones(records)
    assert settled[1] == {"opt": "None", "limit": "None", "units": None, "none": None}
    assert settled[2] == {"units": 2}


def test_holders_are_known_by_any_spelling() -> None:
    assert is_params_holder("hyperParameters")
    assert is_params_holder("Config")
    assert is_metrics_holder("summary")
    assert not is_params_holder("model")
