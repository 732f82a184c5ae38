from pathlib import Path

import pytest

from analysis.readers.csv_table import read_csv
from trial_sets.errors import InputError

PATH = Path("x.csv")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter_is_found(delimiter: str) -> None:
    flat = read_csv(f"lr{delimiter}val_auc\n0.1{delimiter}0.7\n", PATH)
    assert flat.columns.to_dict("list") == {"lr": [0.1], "val_auc": [0.7]}


def test_an_export_of_optuna_is_split() -> None:
    flat = read_csv("number,value,params_lr,user_attrs_k,state\n0,0.7,0.1,v,COMPLETE\n", PATH)
    assert list(flat.columns.columns) == ["number", "value", "k", "state"]
    assert list(flat.params.columns) == ["lr"]


def test_the_row_numbers_of_pandas_are_dropped() -> None:
    assert list(read_csv(",lr,auc\n0,1,2\n", PATH).columns.columns) == ["lr", "auc"]


def test_quoted_names_keep_delimiters_and_newlines() -> None:
    flat = read_csv('"a, b\n(c)",auc\n1,2\n', PATH)
    assert list(flat.columns.columns) == ["a, b\n(c)", "auc"]


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("hello world\n", "neither JSON nor a table of several columns; its first line is 'hello"),
        ("a,a,auc\n1,2,3\n", "has the column 'a' 2 times"),
        ("a,auc\n", "column names but no rows"),
        ("a,auc\n1,2\n1,2,3\n", "line 3 has 3 fields, expected 2"),
        ("a,auc\n1,2,3\n4,5,6\n", "the rows have more fields than the first line"),
        ('a,auc\n"x,1\n2,3\n', "cannot be read as CSV"),
        ("a," + "b" * 200_000 + "\n", "first line cannot be read as CSV"),
    ],
)
def test_what_is_no_table_is_refused(text: str, match: str) -> None:
    with pytest.raises(InputError, match=match):
        read_csv(text, PATH)
