"""What a file of Python imports from its own folder, found by reading and never by importing."""

import ast
from collections.abc import Iterator, Sequence
from importlib.machinery import all_suffixes
from pathlib import Path

from trial_sets.errors import InputError
from trial_sets.opening import MIB, read_bytes

MAX_BYTES = 8 * MIB  # of a file of Python

_BY_NAME = {"import_module", "__import__"}  # functions that import what a text names


def find_local_modules(file: Path, root: Path | None = None) -> list[Path]:
    """Return the modules in a file's folder that it imports, and those that they import in turn.

    Imports are followed wherever they stand, in functions and conditions too. What is imported
    under a name that is only made while the code runs cannot be found.

    Parameters
    ----------
    file
        Of Python.
    root
        The folder in which modules are looked for, if it is not the file's.
    """
    found, waiting, folder = set[Path](), [file], root or file.parent
    while waiting:
        module = waiting.pop()
        new = set(_find_imported(module, folder)) - found - {file}
        found |= new
        waiting += [path for path in new if path.suffix == ".py"]
    return sorted(found)


def locate_module(folder: Path, name: str) -> list[Path]:
    """Return the files of what ``python -m`` is given: a module, or a package's main."""
    return [*_locate(folder, name.split(".")), *_locate(folder, [*name.split("."), "__main__"])]


def _find_imported(module: Path, root: Path) -> Iterator[Path]:
    """Yield the modules below ``root`` that one module imports, with the packages around them."""
    try:
        tree = ast.parse(read_bytes(module, MAX_BYTES))
    except (InputError, SyntaxError, ValueError, RecursionError):
        return  # whoever runs it hears of that
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for alias in names:
                    yield from _locate(root, alias.name.split("."))
            case ast.ImportFrom(module=name, names=names, level=level):
                base = module.parents[level - 1] if 0 < level <= len(module.parents) else root
                for alias in names if base.is_relative_to(root) else ():
                    yield from _locate(base, [*(name.split(".") if name else []), alias.name])
            case ast.Call(func=function, args=[ast.Constant(value=str(name)), *_]):
                if _last_name(function) in _BY_NAME:
                    yield from _locate(root, name.split("."))


def _last_name(function: ast.expr) -> str:
    """Return a called function's name without the module before it."""
    return getattr(function, "attr", getattr(function, "id", ""))


def _locate(base: Path, names: Sequence[str]) -> Iterator[Path]:
    """Yield the files of a dotted name: each package's first module, and the module itself."""
    folder = base
    for name in names:
        if not name.isidentifier():
            return
        places = [folder / f"{name}{suffix}" for suffix in all_suffixes()]
        folder /= name
        yield from (path for path in [*places, folder / "__init__.py"] if path.is_file())
