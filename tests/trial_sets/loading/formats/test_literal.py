"""Literals are read from the syntax tree; what is no literal is refused with its line."""

import ast
from pathlib import Path
from typing import Any

import pytest

from trial_sets.errors import InputError
from trial_sets.loading.formats import literal
from trial_sets.loading.formats.literal import MAX_DEPTH, LiteralReader, PythonSource

NAMES = {"BASE": {"dropout": 0.3, "n_layers": 4}, "RATES": [1e-4, 5e-5], "HALF": 0.5}


def find(node: ast.Name, at: int) -> tuple[int, ast.expr] | None:
    assert at == 9
    return (3, ast.parse(repr(NAMES[node.id]), mode="eval").body) if node.id in NAMES else None


def evaluate(text: str) -> Any:
    node = ast.parse(text, mode="eval").body
    return LiteralReader(PythonSource(Path("own.py"), text), find).read(node, at=9)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "{'A1': {'d_model': 128, 'dropout': .5, 'revin': False, 'gradient_clip': None}}",
        "{'a': -1, 'b': +2.5, 'c': -1e-4, 'd': 1_000, 'e': 0x10}",
        "{'a': [1, [2, {'b': 'c'}]], 'b': [], 'c': 'one ' 'text'}",
        "{'a': 10**-4, 'b': 2 * 64, 'c': 1 / 3, 'd': 7 // 2, 'e': -(2 + 3), 'f': 2**0.5}",
        "{'a': 1 << 7, 'b': 7 % 4, 'c': 2**63, 'd': -1e-4 * 3, 'e': 1024 - 1, 'f': 1.5**-2}",
        "dict(dropout=0.4, n_layers=2 * 4)",
        "dict({'a': 1}, b=2, **{'c': 3})",
        "[{**BASE, 'dropout': 0.4}, {'dropout': 0.4, **BASE}, dict(BASE, dropout=0.4)]",
        "{'A1': BASE, 'A2': BASE | {'dropout': HALF}, 'A3': {'x': BASE['n_layers'] * 2}}",
        "[*RATES, RATES[-1], RATES[0] / 2]",
    ],
)
def test_a_literal_has_the_value_that_python_gives_it(text: str) -> None:
    assert evaluate(text) == eval(text, {}, NAMES)


def test_tuples_become_lists_as_in_json() -> None:
    assert evaluate("{'better': ('A1', 'A2')}") == {"better": ["A1", "A2"]}


def test_integers_that_are_keys_become_text_as_in_json() -> None:
    assert evaluate("{1: {}, '2': {}}") == {"1": {}, "2": {}}


@pytest.mark.parametrize(
    "text",
    ["9**9**9", "2**65", "9**99999999999999999999", "1 << 10**9", "2**64 * 2", "1 / 0", "1 % 0",
     "(-8) ** 0.5", "10.0**400", "0.0**-1", "1e308 * 10", "1 << -1", "-(10**9)**3", "7 & 3"],
)  # fmt: skip
def test_arithmetic_beyond_its_bounds_is_refused_at_once(text: str) -> None:
    with pytest.raises(InputError, match=r"is no number of a size that is worked out here$"):
        evaluate(f"{{'A1': {{'x': {text}}}}}")


def test_names_that_stand_for_more_and_more_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(literal, "MAX_VALUES", 100)
    doubled = [ast.parse("{'a': 1}", mode="eval").body]
    doubled += [ast.parse("{'a': X, 'b': X}", mode="eval").body for _ in range(12)]

    def find_doubled(_: ast.Name, at: int) -> tuple[int, ast.expr]:
        return at - 1, doubled[at - 1]

    reader = LiteralReader(PythonSource(Path("own.py"), "X"), find_doubled)
    with pytest.raises(InputError, match="is beyond the 100 values a file may hold"):
        reader.read(doubled[6], at=6)
    reader = LiteralReader(PythonSource(Path("own.py"), "X"), find_doubled)
    with pytest.raises(InputError, match="is nested too deeply"):
        reader.read(doubled[12], at=12)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{'A1': {'dropout': 'a' * 2}}", r"'a' \* 2 is not a literal"),
        ("{'A1': {'dropout': [1] * 2}}", r"\[1\] \* 2 is not a literal"),
        ("{'A1': {'dropout': True + 1}}", r"True \+ 1 is not a literal"),
        ("{'A1': make(dropout=0.5)}", r"make\(dropout=0\.5\) is not a literal"),
        ("{'A1': OTHER}", r"OTHER is not assigned a literal above"),
        ("{'A1': {**OTHER}}", r"OTHER is not assigned a literal above"),
        ("{'A1': {**RATES}}", r"RATES is unpacked as a dict, but is none"),
        ("{'A1': [*BASE]}", r"\*BASE unpacks what is no list"),
        ("{'A1': BASE['x']}", r"BASE\['x'\] is nothing that stands above"),
        ("{'A1': RATES[2]}", r"RATES\[2\] is nothing that stands above"),
        ("{'A1': RATES['a']}", r"RATES\['a'\] is nothing that stands above"),
        ("{'A1': HALF[0]}", r"HALF\[0\] is nothing that stands above"),
        ("{'A1': BASE.copy()}", r"BASE\.copy\(\) is not a literal"),
        ("dict({}, {})", r"dict\(\{\}, \{\}\) gives dict\(\) more than one argument"),
        ("dict(a=1, **{'a': 2})", r"dict\(.*\) gives 'a' twice"),
        ("{(1, 2): {}}", r"\(1, 2\) is a key, but neither"),
        ("{True: {}}", r"True is a key, but neither"),
        ("{0xffffffff: {}}", r"0xffffffff is a key, but neither"),
        ("{'1': {}, 1: {}}", r"1 is a key that stands twice in one dict"),
        ("{'A1': {'x': 1 if HALF else 2}}", r"1 if HALF else 2 is not a literal"),
        ("{'A1': {'x': f'{1}'}}", r"f'\{1\}' is not a literal"),
        ("{'A1': {'x': b'1'}}", r"b'1' is not a literal"),
        ("{'A1': {'x': 1j}}", r"1j is not a literal"),
        ("{'A1': {'x': ...}}", r"\.\.\. is not a literal"),
        ("{'A1': {'x': 1e999}}", r"1e999 is not a literal"),
        ("{'A1': {'x': -1e999}}", r"1e999 is not a literal"),
        ("{'A1': {'x': -True}}", r"-True is not a literal"),
        ("{'A1': {'x': ~1}}", r"~1 is not a literal"),
        ("{'A1': {'x': {1, 2}}}", r"\{1, 2\} is not a literal"),
        ("{'A1': {'x': [y for y in z]}}", r"\[y for y in z\] is not a literal"),
        ("{'A1': {'x': (lambda: 1)()}}", r"\(lambda: 1\)\(\) is not a literal"),
        ("{'A1': {'x': __import__('os').system('true')}}", r"__import__.* is not a literal"),
        ("{None: {}}", r"None is a key, but neither a string nor an integer"),
        ("{A1: {}}", r"A1 is a key, but neither a string nor an integer"),
        ("{'A1': {}, 'A1': {}}", r"'A1' is a key that stands twice in one dict"),
        ("{'A1': {'dropout': 1, 'dropout': 2}}", r"'dropout' is a key that stands twice"),
        ("{'x': " * 20 + "1" + "}" * 20, r".* is nested too deeply"),
        ("{'x': " + "[" * 20 + "]" * 20 + "}", r".* is nested too deeply"),
        (f"{{'x': {'y' * 99}}}", r"y{57}\.\.\. is not assigned"),
        ("{'x': y.\\\n z}", r"y\.\\ z is not a literal"),
        ("{'x': f('\x1b[31m')}", r"f\('\?\[31m'\) is not a literal"),
    ],
)
def test_what_is_no_literal_is_quoted_with_its_line(text: str, found: str) -> None:
    with pytest.raises(InputError, match=rf"^own\.py, line 1: {found}") as caught:
        evaluate(text)
    assert "\n" not in str(caught.value)


def test_the_line_is_that_of_the_culprit() -> None:
    with pytest.raises(InputError, match=r"line 3: OTHER"):
        evaluate("{\n'A1': {},\n'A2': OTHER}")


def test_the_deepest_allowed_literal_is_read() -> None:
    text = "{'x': " * MAX_DEPTH + "1" + "}" * MAX_DEPTH
    assert evaluate(text) == ast.literal_eval(text)
