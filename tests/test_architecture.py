"""The tree keeps to its design: imports point one way, packages stay light."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("scripts", "trial_sets", "models", "runner", "analysis")
ALLOWED = {
    "scripts": {"runner", "analysis", "trial_sets"},
    "runner": {"trial_sets", "models"},
    "analysis": {"trial_sets"},
    "trial_sets": set(),
    "models": set(),
}


def local_imports(package: str) -> set[tuple[str, str]]:
    found = set()
    for path in sorted((ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: imports are absolute"
                names = [node.module or ""]
            else:
                continue
            heads = {name.split(".")[0] for name in names}
            found |= {(str(path), head) for head in heads & set(PACKAGES) - {package}}
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_point_one_way(package: str) -> None:
    wrong = {(path, head) for path, head in local_imports(package) if head not in ALLOWED[package]}
    assert not wrong


@pytest.mark.parametrize("package", PACKAGES)
def test_package_files_hold_only_a_docstring(package: str) -> None:
    for path in (ROOT / package).rglob("__init__.py"):
        tree = ast.parse(path.read_text())
        assert len(tree.body) == 1, f"{path} re-exports"
        assert ast.get_docstring(tree)


def test_no_module_is_longer_than_350_lines() -> None:
    lengths = {
        path: len(path.read_text().splitlines())
        for package in (*PACKAGES, "tests")
        for path in (ROOT / package).rglob("*.py")
    }
    assert not {path: n for path, n in lengths.items() if n > 350}
