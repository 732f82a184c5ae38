"""Whether a Python file changes a dict after its literal."""

import ast
from collections.abc import Iterator, Sequence

CHANGERS = frozenset({"update", "setdefault", "pop", "popitem", "clear", "__setitem__"})


def find_change(statements: Sequence[ast.stmt], name: str) -> ast.expr | None:
    """Return the first place that binds or changes a name, or what a loop over it yields.

    Functions, classes and ``if __name__ == "__main__"`` do not count: importing the file would
    not run them.

    Parameters
    ----------
    statements
        What follows the literal at the top level of the file.
    name
        The dict's name.
    """
    for statement in statements:
        if _is_passed_over(statement):
            continue
        roots = {name, *_find_aliases(statement, name)}
        for node in ast.walk(statement):
            match node:
                case ast.Name(id=bound, ctx=ast.Store() | ast.Del()) if bound == name:
                    return node
                case ast.Subscript(ctx=ast.Store() | ast.Del()) if _root(node) in roots:
                    return node
                case ast.Call(func=ast.Attribute(attr=method)) if method in CHANGERS:
                    if _root(node) in roots:
                        return node
    return None


def _is_passed_over(statement: ast.stmt) -> bool:
    """Tell whether importing a file would leave a statement's body alone."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return True
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return True
    return False


def _find_aliases(statement: ast.stmt, name: str) -> Iterator[str]:
    """Yield the names of loops over something that mentions ``name``."""
    for loop in ast.walk(statement):
        if isinstance(loop, ast.For | ast.comprehension) and name in _names(loop.iter):
            yield from _names(loop.target)


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
