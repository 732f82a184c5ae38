"""Where a Python file changes what it has assigned."""

import ast
from collections.abc import Iterator, Mapping, Sequence

CHANGERS = frozenset(
    {
        *("update", "setdefault", "pop", "popitem", "clear", "__setitem__"),
        *("append", "extend", "insert", "remove"),
    }
)
Changes = Mapping[str, Sequence[tuple[int, ast.expr]]]  # of a name: statement's index, and place


def find_changes(statements: Sequence[ast.stmt]) -> Changes:
    """Return every place that binds or changes a name, or what a loop over it yields.

    Functions, classes and ``if __name__ == "__main__"`` do not count: importing the file would
    not run them. What is changed under another name counts, where that name was given to it or to
    a part of it: ``first = TRIALS["A1"]``.

    Parameters
    ----------
    statements
        All of the top level of the file.
    """
    changes: dict[str, list[tuple[int, ast.expr]]] = {}
    aliases: dict[str, str] = {}
    for index, statement in enumerate(statements):
        if _is_passed_over(statement):
            continue
        bound, mutated = _find_bound(statement), _find_mutated(statement)
        for name, place in [*bound.items(), *mutated.items()]:
            changes.setdefault(name, []).append((index, place))
        for name, place in mutated.items():
            if name in aliases:
                changes.setdefault(aliases[name], []).append((index, place))
        match statement:
            case ast.Assign(
                targets=[ast.Name(id=name)], value=ast.Name() | ast.Subscript() as part
            ):
                owner = _root(part)
                aliases |= {name: aliases.get(owner, owner)} if owner else {}
            case ast.Assign(targets=[ast.Name(id=name)]):
                aliases.pop(name, None)
    return changes


def _find_bound(statement: ast.stmt) -> dict[str, ast.expr]:
    """Return the names that a statement binds, each with the first place."""
    found: dict[str, ast.expr] = {}
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            found.setdefault(node.id, node)
    return found


def _find_mutated(statement: ast.stmt) -> dict[str, ast.expr]:
    """Return the names of what a statement changes in place, each with the first place."""
    found: dict[str, ast.expr] = {}
    for node in ast.walk(statement):
        match node:
            case ast.Subscript(ctx=ast.Store() | ast.Del()) as place:
                found.setdefault(_root(place) or "", place)
            case ast.Call(func=ast.Attribute(attr=method)) as place if method in CHANGERS:
                found.setdefault(_root(place) or "", place)
    loops = list(_list_loops(statement))
    for looped, yielded in reversed(loops):  # the inner ones first
        changed = [found[name] for name in sorted(yielded & found.keys())]
        found |= {name: changed[0] for name in looped if changed and name not in found}
    return found


def _list_loops(statement: ast.stmt) -> Iterator[tuple[set[str], set[str]]]:
    """Yield what each loop goes over, and the names of what it yields."""
    for loop in ast.walk(statement):
        if isinstance(loop, ast.For | ast.comprehension):
            yield _names(loop.iter), _names(loop.target)


def _is_passed_over(statement: ast.stmt) -> bool:
    """Tell whether importing a file would leave a statement's body alone."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return True
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return True
    return False


def _names(node: ast.expr) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _root(node: ast.expr) -> str | None:
    """Return ``X`` of ``X["A1"].values()``."""
    while True:
        match node:
            case ast.Subscript(value=inner) | ast.Attribute(value=inner) | ast.Call(func=inner):
                node = inner
            case ast.Name(id=name):
                return name
            case _:
                return None
