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


def test_an_old_export_of_optuna_has_two_head_lines() -> None:
    text = "number,value,params,params,user_attrs,state\n,,lr,depth,k,\n0,0.7,0.1,2,v,COMPLETE\n"
    flat = read_csv(text, PATH)
    assert list(flat.params.columns) == ["lr", "depth"]
    assert list(flat.columns.columns) == ["number", "value", "k", "state"]
    with pytest.raises(InputError, match="has the column 'params' 2 times"):
        read_csv("params,params,acc\n1,2,3\n", PATH)


def test_a_head_that_stands_again_is_left_out() -> None:
    flat = read_csv("lr,acc\n0.1,0.7\nlr,acc\n0.2,0.8\n", PATH)
    assert flat.columns.to_dict("list") == {"lr": [0.1, 0.2], "acc": [0.7, 0.8]}
    assert flat.notes == ("1 lines that repeat the head were left out",)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["95.5%", "80 %"], [95.5, 80]),
        (["1", "None", "3"], [1, None, 3]),
        (["1" + "0" * 400, "2"], [float("inf"), 2]),
        (["a", "None"], ["a", "None"]),
    ],
)
def test_cells_that_are_numbers_with_something_to_them(
    cells: list[str], expected: list[object]
) -> None:
    rows = "\n".join(f"{cell},1" for cell in cells)
    found = read_csv(f"a,b\n{rows}\n", PATH).columns["a"].astype("object")
    assert list(found.where(found.notna(), None)) == expected


def test_a_decimal_comma_stands_beside_semicolons() -> None:
    assert list(read_csv("lr;acc\n0,1;0,75\n", PATH).columns.iloc[0]) == [0.1, 0.75]


def test_columns_of_a_tool_that_prefixes_its_configuration() -> None:
    flat = read_csv("trial_id,config_lr,config_depth,acc\na,0.1,2,0.7\n", PATH)
    assert list(flat.params.columns) == ["lr", "depth"]
    flat = read_csv("config_name,config_file,acc\na,x.json,0.7\n", PATH)
    assert flat.params.columns.empty


def test_empty_lines_above_the_head_are_passed_over() -> None:
    assert list(read_csv("\n\r\n\nlr,acc\n0.1,0.7\n", PATH).columns.columns) == ["lr", "acc"]
