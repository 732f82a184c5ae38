"""The tree keeps to its design: imports point one way, packages stay light, rooms stay small."""

import ast
import configparser
import subprocess
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from tests.import_graph import (
    PACKAGES,
    ROOT,
    build_graph,
    find_circle,
    find_imports,
    find_room,
    list_modules,
    name_room,
    parse_module,
)

ALLOWED = {
    "scripts": {"runner", "analysis", "trial_sets"},
    "runner": {"trial_sets", "models"},
    "analysis": {"trial_sets"},
    "trial_sets": set(),
    "models": set(),
}
# What stands in a package, from the ground up: a room uses those before it.
LAYERS = {
    "trial_sets": (
        "aliases", "errors", "wording", "redaction", "opening", "placement", "strict_json",
        "texts", "metric_names", "forms", "training_rules", "configuration", "task", "parameter",
        "space", "claim", "origins", "files", "vocabulary", "line", "study", "claims", "records",
        "linting", "tuning", "loading", "writing",
    ),
    "models": (
        "errors", "task", "limits", "architecture", "objective", "schedule", "settings", "metrics",
        "epoch_metrics", "epoch_logits", "rate_range", "data", "baselines", "network", "training",
    ),
    "runner": (
        "errors", "translation", "faults", "storage", "launching", "planning", "workers", "batch",
        "search", "cluster", "summaries",
    ),
    "analysis": (
        "numbers", "top", "statistics", "frames", "trends", "findings", "readers", "runs",
        "searches", "exports", "verdicts", "proposal", "rounds", "figures", "report",
    ),
    "scripts": (
        "text", "ranges", "checkout", "version", "endings", "formats", "running", "searching",
        "submitting", "analyzing", "run_supplementary", "run_search", "analyze",
    ),
}  # fmt: skip
MOST_MODULES = 20
MOST_LINES = 350


def inside(*rooms: str) -> list[Path]:
    """Return the modules of some rooms, those of rooms within them included."""
    return [
        m for m in list_modules() if f"{name_room(m)}.".startswith(tuple(f"{r}." for r in rooms))
    ]


def list_outsiders(module: Path) -> Iterator[str]:
    """Yield the packages that a file imports beside ours and Python's own."""
    for node in ast.walk(parse_module(module)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        heads = {name.split(".")[0] for name in names}
        yield from heads - set(PACKAGES) - set(sys.stdlib_module_names)


def reach(rooms: set[str]) -> set[str]:
    """Return some rooms and all that they use, directly or not."""
    graph, found = build_graph(), set[str]()
    while rooms:
        found |= rooms
        rooms = {used for room in rooms for used in graph.get(room, ())} - found
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_use_each_other_one_way(package: str) -> None:
    used = {name.split(".")[0] for module in inside(package) for name in find_imports(module)}
    assert used <= ALLOWED[package] | {package}


@pytest.mark.parametrize("package", PACKAGES)
def test_rooms_use_those_below_them(package: str) -> None:
    layers = LAYERS[package]
    graph = build_graph()
    rooms = {room.split(".")[1] for room in graph if room.startswith(f"{package}.")}
    assert rooms == set(layers), "LAYERS says what stands in the package"
    upward = {
        (room, used)
        for room, others in graph.items()
        for used in others
        if room.split(".")[0] == used.split(".")[0] == package
        and layers.index(used.split(".")[1]) > layers.index(room.split(".")[1])
    }
    assert not upward


def test_no_rooms_use_each_other_in_a_circle() -> None:
    assert find_circle(build_graph()) is None


def test_a_circle_would_be_found() -> None:
    assert find_circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    assert find_circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) is None


def test_statistics_know_arrays_alone() -> None:
    modules = inside("analysis.statistics")
    assert {name for module in modules for name in list_outsiders(module)} == {"numpy", "scipy"}
    used = {find_room(name) for module in modules for name in find_imports(module)}
    assert {room.rpartition(".")[0] for room in used} == {"analysis.statistics"}


def test_statistics_go_from_metrics_to_plans() -> None:
    rooms = ("metrics", "variances", "comparisons", "planning", "effects")
    of = {room: find_room(f"analysis.statistics.{room}") for room in rooms}
    graph = build_graph()
    upward = {
        (room, later) for room, later in combinations(rooms, 2) if of[later] in graph[of[room]]
    }
    assert not upward


def test_planning_needs_no_workers() -> None:
    assert "runner.workers" not in reach({"runner.planning"})


@pytest.mark.parametrize(
    "rooms",
    [
        pytest.param(("runner.planning",), id="planning"),
        pytest.param(("models.data",), id="data"),
        pytest.param(
            tuple(
                f"models.{room}" for room in LAYERS["models"] if room not in {"network", "training"}
            ),
            id="top of models",
        ),
    ],
)
def test_what_a_plan_needs_imports_no_torch(rooms: tuple[str, ...]) -> None:
    used = reach({name_room(module) for module in inside(*rooms)})
    modules = [module for module in list_modules() if name_room(module) in used]
    assert modules
    assert not [module for module in modules if "torch" in list_outsiders(module)]


def test_a_worker_imports_nothing_that_only_preparing_data_needs() -> None:
    """They would cost each start of each worker half a second."""
    heavy = {"pandas", "pyarrow", "talib", "sklearn", "scipy", "joblib"}
    code = (
        "import sys, runner.workers.worker, runner.workers.training\n"
        f"print(*{heavy} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], env={"PYTHONPATH": str(ROOT)}, capture_output=True,
        check=True, text=True,
    )  # fmt: skip
    assert done.stdout.split() == []


@pytest.mark.parametrize("package", PACKAGES)
def test_package_files_hold_only_a_docstring(package: str) -> None:
    for path in (ROOT / package).rglob("__init__.py"):
        tree = ast.parse(path.read_text())
        assert len(tree.body) == 1, f"{path} re-exports"
        assert ast.get_docstring(tree)


def test_setup_lists_every_package() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    listed = setup["options"]["packages"].split()
    found = [
        ".".join(path.parent.relative_to(ROOT).parts)
        for package in PACKAGES
        for path in (ROOT / package).rglob("__init__.py")
    ]
    assert listed == sorted(found)


def test_no_room_holds_more_than_twenty_modules() -> None:
    folders = [module.parent for module in list_modules()]
    assert not {str(f): folders.count(f) for f in folders if folders.count(f) > MOST_MODULES}


def test_no_module_is_longer_than_350_lines() -> None:
    lengths = {
        path: len(path.read_text().splitlines())
        for package in (*PACKAGES, "tests")
        for path in (ROOT / package).rglob("*.py")
    }
    assert not {path: n for path, n in lengths.items() if n > MOST_LINES}


def test_no_product_module_is_named_like_a_test() -> None:
    assert not [module for module in list_modules() if module.name.startswith("test_")]


# What two packages say for themselves, since neither may use the other (tests hold them equal),
# and what every command has.
TWINS = {
    *("LabelRule", "SplitSummary", "open_regular", "refuse_inflated", "main", "add_options"),
}


def list_public_names(module: Path) -> Iterator[str]:
    """Yield the classes and functions that a module defines for others."""
    for node in parse_module(module).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node.name


def test_every_public_name_has_one_meaning() -> None:
    owners: dict[str, list[str]] = {}
    for module in list_modules():
        for name in dict.fromkeys(list_public_names(module)):  # once, whatever its overloads
            owners.setdefault(name, []).append(str(module))
    assert not {
        name: where for name, where in owners.items() if len(where) > 1 and name not in TWINS
    }
