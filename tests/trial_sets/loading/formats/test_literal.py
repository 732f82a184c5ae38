"""Dict literals are read from the syntax tree; everything else is refused with its line."""

import ast
from pathlib import Path
from typing import Any

import pytest

from trial_sets.errors import InputError
from trial_sets.loading.literal import MAX_DEPTH, PythonSource, evaluate_dict


def evaluate(text: str) -> dict[str, Any]:
    node = ast.parse(text, mode="eval").body
    assert isinstance(node, ast.Dict)
    return evaluate_dict(node, PythonSource(Path("own.py"), text))


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "{'A1': {'d_model': 128, 'dropout': .5, 'revin': False, 'gradient_clip': None}}",
        "{'a': -1, 'b': +2.5, 'c': -1e-4, 'd': 1_000, 'e': 0x10}",
        "{'a': [1, [2, {'b': 'c'}]], 'b': [], 'c': 'one ' 'text'}",
    ],
)
def test_a_literal_has_the_value_that_python_gives_it(text: str) -> None:
    assert evaluate(text) == ast.literal_eval(text)


def test_tuples_become_lists_as_in_json() -> None:
    assert evaluate("{'better': ('A1', 'A2')}") == {"better": ["A1", "A2"]}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{'A1': {'dropout': 1 / 2}}", r"1 / 2 is not a literal"),
        ("{'A1': dict(dropout=0.5)}", r"dict\(dropout=0\.5\) is not a literal"),
        ("{'A1': BASE}", r"BASE is not a literal"),
        ("{'A1': {**BASE}}", r"BASE is unpacked with \*\*"),
        ("{'A1': {'x': f'{1}'}}", r"f'\{1\}' is not a literal"),
        ("{'A1': {'x': b'1'}}", r"b'1' is not a literal"),
        ("{'A1': {'x': 1j}}", r"1j is not a literal"),
        ("{'A1': {'x': ...}}", r"\.\.\. is not a literal"),
        ("{'A1': {'x': 1e999}}", r"1e999 is not a literal"),
        ("{'A1': {'x': -1e999}}", r"-1e999 is not a literal"),
        ("{'A1': {'x': -True}}", r"-True is not a literal"),
        ("{'A1': {'x': ~1}}", r"~1 is not a literal"),
        ("{'A1': {'x': {1, 2}}}", r"\{1, 2\} is not a literal"),
        ("{'A1': {'x': [y for y in z]}}", r"\[y for y in z\] is not a literal"),
        ("{'A1': {'x': (lambda: 1)()}}", r"\(lambda: 1\)\(\) is not a literal"),
        ("{'A1': {'x': __import__('os').system('true')}}", r"__import__.* is not a literal"),
        ("{1: {}}", r"1 is a key, but not a string"),
        ("{None: {}}", r"None is a key, but not a string"),
        ("{A1: {}}", r"A1 is a key, but not a string"),
        ("{'A1': {}, 'A1': {}}", r"'A1' is a key that stands twice in one dict"),
        ("{'A1': {'dropout': 1, 'dropout': 2}}", r"'dropout' is a key that stands twice"),
        ("{'x': " * 20 + "1" + "}" * 20, r".* is nested too deeply"),
        ("{'x': " + "[" * 20 + "]" * 20 + "}", r".* is nested too deeply"),
        (f"{{'x': {'y' * 99}}}", r"y{57}\.\.\. is not a literal"),
        ("{'x': y.\\\n z}", r"y\.\\ z is not a literal"),
        ("{'x': f('\x1b[31m')}", r"f\('\?\[31m'\) is not a literal"),
    ],
)
def test_what_is_no_literal_is_quoted_with_its_line(text: str, found: str) -> None:
    with pytest.raises(InputError, match=rf"^own\.py, line 1: {found}") as caught:
        evaluate(text)
    assert "\n" not in str(caught.value)


def test_the_line_is_that_of_the_culprit() -> None:
    with pytest.raises(InputError, match=r"line 3: BASE"):
        evaluate("{\n'A1': {},\n'A2': BASE}")


def test_the_deepest_allowed_literal_is_read() -> None:
    text = "{'x': " * MAX_DEPTH + "1" + "}" * MAX_DEPTH
    assert evaluate(text) == ast.literal_eval(text)
