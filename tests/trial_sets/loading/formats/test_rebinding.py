"""A dict that the file changes after its literal is not what the literal says."""

import ast

import pytest

from trial_sets.loading.formats.rebinding import find_changes


@pytest.mark.parametrize(
    "text",
    [
        "X = {}",
        "X: dict = {}",
        "X, Y = {}, {}",
        "X |= {'A2': {}}",
        "X['A1'] = {}",
        "X['A1']['dropout'] = 0.5",
        "X['A1']['epochs'] += 1",
        "del X",
        "del X['A1']",
        "X.update(A2={})",
        "X['A1'].update(dropout=0.5)",
        "X.pop('A1')",
        "X.setdefault('A2', {})",
        "if True:\n    X['A1'] = {}",
        "try:\n    import fast\nexcept ImportError:\n    X.clear()",
        "for trial in X.values():\n    trial['epochs'] = 1",
        "for name, trial in sorted(X.items()):\n    trial.update(epochs=1)",
        "[trial.update(epochs=1) for trial in X.values()]",
        "for X in range(3):\n    pass",
        "X.append({})",
        "X += [{}]",
        "for group in X.values():\n    for trial in group:\n        trial['epochs'] = 1",
        "first = X['A1']\nfirst['dropout'] = 0.5",
        "all = X\nfirst = all['A1']\nfirst.update(epochs=1)",
    ],
)
def test_a_change_is_found(text: str) -> None:
    changes = find_changes(ast.parse(f"import os\n{text}").body)
    assert all(place.lineno > 1 and index > 0 for index, place in changes["X"])


@pytest.mark.parametrize(
    "text",
    [
        "print(len(X), X['A1']['dropout'])",
        "Y = {**X}",
        "Y['A1'] = X['A1']",
        "Y.update(X)",
        "ALL = {}\nfor name in X:\n    ALL[name] = X[name]",
        "def change():\n    X['A1'] = {}",
        "async def change():\n    X['A1'] = {}",
        "class Changer:\n    X = {}",
        "if __name__ == '__main__':\n    X.clear()",
        "Y = [name for name in X if X.get(name)]",
        "X.items().sort()",
        "first = X['A1']\nfirst = {}\nfirst['dropout'] = 0.5",
        "first = dict(X['A1'])\nfirst['dropout'] = 0.5",
        "for trial in X.values():\n    trial = 1",
    ],
)
def test_reading_and_what_an_import_would_not_run_is_no_change(text: str) -> None:
    assert "X" not in find_changes(ast.parse(text).body)
