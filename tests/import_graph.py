"""The import graph of the packages: which room uses which.

``python -m tests.import_graph`` prints it. A room is a package without packages in it; where a
package holds others, each module beside them stands for itself.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("scripts", "runner", "analysis", "models", "trial_sets")

Graph = Mapping[str, set[str]]


@cache
def list_modules() -> tuple[Path, ...]:
    """Return the files of all packages but those that only describe one, relative to the root."""
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return tuple(sorted(path.relative_to(ROOT) for path in paths if path.stem != "__init__"))


@cache
def parse_module(module: Path) -> ast.Module:
    """Return a file's syntax tree; each is read once, however many ask."""
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


def find_imports(module: Path) -> Iterator[str]:
    """Yield the dotted names that a file imports, wherever in it, as far as they are ours.

    A name imported from a package that is a module itself is named in full.
    """
    for node in ast.walk(parse_module(module)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (name for name in names if name.split(".")[0] in PACKAGES)


def find_room(name: str) -> str:
    """Return the room that holds a dotted name: of a module, of what is in it, or of a package."""
    path = Path(*name.split("."))
    while not (ROOT / path).is_dir():
        if (ROOT / path.with_suffix(".py")).is_file():
            return name_room(path.with_suffix(".py"))
        path = path.parent
    return ".".join(path.parts)


@cache
def name_room(module: Path) -> str:
    """Return the room of a file: its folder, or the module where the folder holds packages."""
    folder = module.parent
    holds_packages = any((ROOT / folder).glob("*/__init__.py"))
    place = module.with_suffix("") if holds_packages else folder
    return ".".join(place.parts)


@cache
def build_graph() -> Graph:
    """Return which rooms each room uses."""
    graph: dict[str, set[str]] = defaultdict(set)
    for module in list_modules():
        graph[name_room(module)].update(find_room(name) for name in find_imports(module))
    return {room: used - {room} for room, used in graph.items()}


def find_circle(graph: Graph) -> list[str] | None:
    """Return rooms that use each other in a circle, or None."""
    done: set[str] = set()

    def visit(room: str, path: list[str]) -> list[str] | None:
        if room in path:
            return [*path[path.index(room) :], room]
        if room not in done:
            for used in sorted(graph.get(room, ())):
                if (circle := visit(used, [*path, room])) is not None:
                    return circle
            done.add(room)
        return None

    circles = (visit(room, []) for room in sorted(graph))
    return next((circle for circle in circles if circle is not None), None)


def main() -> None:
    """Print the graph, a room a line."""
    graph = build_graph()
    for room in sorted(graph):
        print(f"{room} -> {', '.join(sorted(graph[room])) or '(nothing of ours)'}")
    n_arrows = sum(map(len, graph.values()))
    circle = find_circle(graph)
    print(f"{len(graph)} rooms, {n_arrows} arrows, circle: {' -> '.join(circle or ['none'])}")


if __name__ == "__main__":
    main()
