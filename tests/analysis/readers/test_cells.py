"""Cells that hold a mapping as text are parsed, and nothing in them is evaluated."""

import math

import pandas as pd
import pytest

from analysis.readers.cells import is_mapping_column, read_mapping


@pytest.mark.parametrize(
    ("text", "mapping"),
    [
        ("{'a': 1, 'b': None, 'c': True}", {"a": 1, "b": None, "c": True}),
        ('{"a": 1, "b": null, "c": true}', {"a": 1, "b": None, "c": True}),
        ("OrderedDict([('a', 1), ('b', 'x')])", {"a": 1, "b": "x"}),
        ("defaultdict(<class 'int'>, {'a': 1})", {"a": 1}),
        ("Namespace(lr=0.1, layers=[8, 4])", {"lr": 0.1, "layers": [8, 4]}),
        ("dict(a=-1)", {"a": -1}),
        ("{'a': np.float64(0.5), 'b': np.int64(3)}", {"a": 0.5, "b": 3}),
        ("{'c': np.str_('x'), 'd': np.bool_(True)}", {"c": "x", "d": True}),
        ("{'a': (1, 2), 'b': {3}, 4: 5}", {"a": [1, 2], "b": [3], "4": 5}),
        ("{'a': SVC(C=1), 'b': <function f>}", {"a": "SVC(C=1)", "b": "<function f>"}),
        ("{'a': 2**10, 'b': x.y}", {"a": "2 ** 10", "b": "x.y"}),
        ("{'a': {'b': {'c': 1}}}", {"a": {"b": {"c": 1}}}),
        ("{'a': 1" + "0" * 400 + "}", {"a": math.inf}),
    ],
)  # fmt: skip
def test_mappings_as_json_and_python_write_them(text: str, mapping: dict[str, object]) -> None:
    assert read_mapping(text) == mapping


def test_numbers_that_are_none_are_read() -> None:
    found = read_mapping("{'a': nan, 'b': -inf}")
    assert found is not None
    assert math.isnan(found["a"])
    assert found["b"] == -math.inf


@pytest.mark.parametrize(
    "text",
    ["", "x", "[1]", "{1, 2}", "{'a': 1", "{**x}", "{" * 500 + "}" * 500,
     "{'a': " + "-" * 9000 + "1}", "{'a': " + "1+" * 9000 + "1}", "{'a': '" + "x" * 30_000 + "'}"],
)  # fmt: skip
def test_what_is_no_mapping_is_none(text: str) -> None:
    assert read_mapping(text) is None


def test_a_column_is_one_of_mappings_if_all_its_cells_are() -> None:
    assert is_mapping_column(pd.Series(["{'a': 1}", None, {"a": 2}]))
    assert not is_mapping_column(pd.Series(["{'a': 1}", "b"]))
    assert not is_mapping_column(pd.Series([None, None]))
