"""What setup.cfg declares is what the code imports, carries and CI installs."""

import ast
import configparser
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from runner.search.extra import SEARCH_PACKAGES
from scripts.running.extra import PACKAGES as EXTRA
from tests.import_graph import PACKAGES, ROOT, list_modules
from tests.test_architecture import list_outsiders

# What only a run imports; everything else does with what `analyze` needs.
OF_RUNS = ("models", "runner", "scripts/running")


def normalize(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def read_setup() -> configparser.ConfigParser:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    return setup


def list_requirements(text: str) -> set[str]:
    return {normalize(re.split(r"[<>=!~ ;\[]", line)[0]) for line in text.split("\n") if line}


CORE = list_requirements(read_setup()["options"]["install_requires"])
EXTRAS = {n: list_requirements(t) for n, t in read_setup()["options.extras_require"].items()}


@cache
def list_providers() -> dict[str, set[str]]:
    """Return the packages that an imported name may come from."""
    found = packages_distributions().items()
    return {module: {normalize(name) for name in names} for module, names in found}


def list_imports(*, of_runs: bool) -> Iterator[tuple[Path, str]]:
    for module in list_modules():
        if module.as_posix().startswith(OF_RUNS) == of_runs:
            yield from ((module, name) for name in list_outsiders(module))


OPTIONAL = {  # asked for in a sentence where it is missing
    ("analysis/runs/score_file.py", "pyarrow"),
    ("analysis/exports/table_files.py", "pyarrow"),
}


@pytest.mark.parametrize(
    ("of_runs", "declared"),
    [
        pytest.param(False, CORE, id="what analyze imports"),
        pytest.param(True, CORE | EXTRAS["run"] | EXTRAS["search"], id="what a run imports"),
    ],
)
def test_what_is_imported_is_declared(of_runs: bool, declared: set[str]) -> None:
    comes_along = {"pydantic_core"}  # pydantic's own half, in the version that it asks for
    undeclared = {
        (module.as_posix(), name)
        for module, name in list_imports(of_runs=of_runs)
        if name not in comes_along and not list_providers()[name] & declared
    }
    assert undeclared == (OPTIONAL if not of_runs else set())


def test_what_is_declared_is_imported() -> None:
    used = {name for runs in (False, True) for _, name in list_imports(of_runs=runs)} | {"arch"}
    provided = set[str]().union(*(list_providers()[name] for name in used))
    assert not (CORE | EXTRAS["run"] | EXTRAS["search"]) - provided


def test_only_a_search_imports_its_extra() -> None:
    importing = {
        module.parent.as_posix()
        for module, name in list_imports(of_runs=True)
        if list_providers()[name] & EXTRAS["search"]
    }
    assert importing <= {"runner/search", "runner/search/sampling"}


def test_a_search_looks_for_every_package_of_its_extra() -> None:
    assert {normalize(name) for name in SEARCH_PACKAGES.values()} == EXTRAS["search"]
    for module, package in SEARCH_PACKAGES.items():
        assert normalize(package) in list_providers()[module]


def test_a_run_looks_for_every_package_of_its_extra() -> None:
    assert {normalize(name) for name in EXTRA.values()} == EXTRAS["run"]
    for module, package in EXTRA.items():
        assert normalize(package) in list_providers()[module]


def test_every_requirement_is_pinned_and_what_it_brings_along() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = {normalize(line.partition("==")[0]) for line in lines if "==" in line}
    assert not gather_brought(CORE.union(*EXTRAS.values())) - pinned


def gather_brought(names: set[str]) -> set[str]:
    """Return packages and, as far as they are installed, all that they require."""
    found = set[str]()
    while names:
        found |= names
        names = {other for name in names for other in list_required(name)} - found
    return found


def list_required(name: str) -> Iterator[str]:
    with suppress(PackageNotFoundError):
        for required in map(Requirement, distribution(name).requires or ()):
            if required.marker is None or required.marker.evaluate({"extra": ""}):
                yield normalize(required.name)


def test_every_file_that_a_package_carries_is_listed() -> None:
    patterns = read_setup()["options.package_data"]["trial_sets"].split()
    listed = {path for pattern in patterns for path in (ROOT / "trial_sets").glob(pattern)}
    carried = {
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    assert carried == listed


def test_every_command_is_a_function_of_scripts() -> None:
    for line in read_setup()["options.entry_points"]["console_scripts"].split("\n"):
        if line:
            module, _, function = line.partition("=")[2].strip().partition(":")
            tree = ast.parse((ROOT / module.replace(".", "/")).with_suffix(".py").read_text())
            assert function in {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}


def list_pins(name: str) -> dict[str, str]:
    """Return the versions that a file pins."""
    text = (ROOT / name).read_text(encoding="utf-8")
    pins = re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE)
    return {normalize(package): version for package, version in pins}


def test_every_pin_but_that_of_pytorch_has_hashes() -> None:
    hashed = list_pins("requirements.txt") | list_pins("requirements-pip.txt")
    pinned = list_pins("constraints.txt")
    del pinned["torch"]
    assert hashed == pinned, "run: make pins"


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-pip.txt"])
def test_every_line_of_the_requirements_is_hashed(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[A-Za-z])", text, flags=re.MULTILINE)[1:]
    assert entries
    assert not [entry for entry in entries if "--hash=sha256:" not in entry]
    assert "://" not in text  # an index is the environment's own choice


def test_only_wheels_are_installed_and_only_with_their_hashes() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "--only-binary :all:" in makefile
    assert makefile.count("--require-hashes --no-deps -r requirements") == 2
