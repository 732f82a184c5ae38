from pathlib import Path

import pandas as pd
import pytest

from analysis.readers.records import read_document, read_records, split_prefixed
from trial_sets.errors import InputError

PATH = Path("x.json")


def test_forced_values_become_hyperparameters() -> None:
    flat = read_records(
        [
            {
                "value": 0.7,
                "params": {},
                "user_attrs": {"forced_extreme": True, "forced_lr": 0.1, "epochs_run": 50},
            },
            {"value": 0.6, "params": {"lr": 0.2}, "user_attrs": {"forced_extreme": False}},
        ],
        PATH,
    )
    assert list(flat.params["lr"]) == [0.1, 0.2]
    assert list(flat.params.columns) == ["lr"]
    assert flat.columns["role"].tolist()[0] == "forced"
    assert pd.isna(flat.columns["role"][1])
    assert flat.columns["epochs_run"][0] == 50


def test_dumps_without_user_attributes_are_read() -> None:
    flat = read_records([{"number": 0, "value": 0.7, "params": {"lr": 0.1}}], PATH)
    assert list(flat.columns.columns) == ["number", "value"]
    assert list(flat.params["lr"]) == [0.1]


def test_inner_objects_become_dotted_columns() -> None:
    flat = read_records([{"val_auc": 0.7, "confusion": {"tp": 1}, "config": {"lr": 1}}], PATH)
    assert flat.columns["confusion.tp"].tolist() == [1]
    assert list(flat.params.columns) == ["lr"]


@pytest.mark.parametrize(
    "document",
    [
        [{"lr": 1, "val_auc": 0.5}, {"lr": 2, "val_auc": 0.6}],
        {"trials": [{"lr": 1, "val_auc": 0.5}, {"lr": 2, "val_auc": 0.6}], "note": "x"},
        {"lr": [1, 2], "val_auc": [0.5, 0.6]},
        {"A1": {"lr": 1, "val_auc": 0.5}, "A2": {"lr": 2, "val_auc": 0.6}},
    ],
)
def test_every_form_of_table_is_read(document: object) -> None:
    flat = read_document(document, PATH)
    assert list(flat.columns["val_auc"]) == [0.5, 0.6]
    assert list(flat.columns["lr"]) == [1, 2]


def test_objects_by_name_keep_their_name() -> None:
    flat = read_document({"A1": {"val_auc": 0.5}, "A2": {"val_auc": 0.6}}, PATH)
    assert list(flat.columns["trial"]) == ["A1", "A2"]


def test_prefixed_columns_are_hyperparameters() -> None:
    columns = pd.DataFrame(
        {"value": [1.0], "params_lr": [0.1], "user_attrs_k": ["v"], "system_attrs_x": [1]}
    )
    flat = split_prefixed(columns, pd.DataFrame(index=columns.index))
    assert list(flat.params.columns) == ["lr"]
    assert list(flat.columns.columns) == ["value", "k"]


def test_an_attribute_never_replaces_a_column() -> None:
    columns = pd.DataFrame({"value": [1.0], "user_attrs_value": [2.0]})
    flat = split_prefixed(columns, pd.DataFrame(index=columns.index))
    assert flat.columns["value"].tolist() == [1.0]


def test_odd_parts_are_said_with_their_item() -> None:
    records = [{"value": 1, "params": [1]} for _ in range(5)]
    assert read_records(records, PATH).notes == (
        "item 1, params: expected an object",
        "item 2, params: expected an object",
        "item 3, params: expected an object",
        "and 2 more like these",
    )


@pytest.mark.parametrize(
    ("document", "match"),
    [
        ([], "x.json holds an empty list"),
        ([{"a": 1}, 3], "x.json, item 2: expected an object, got a number"),
        ({"results": [None]}, "x.json, results, item 1: expected an object, got null"),
        ("text", "x.json holds a text"),
        ({"a": [1, 2], "b": [1]}, "columns of different lengths: a 2, b 1"),
    ],
)
def test_documents_without_trials_are_refused(document: object, match: str) -> None:
    with pytest.raises(InputError, match=match):
        read_document(document, PATH)
