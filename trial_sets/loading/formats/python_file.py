"""The dicts of trials in a Python file, which is parsed and never executed."""

import ast
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from trial_sets.errors import InputError
from trial_sets.loading.literal import PythonSource, evaluate_dict
from trial_sets.loading.rebinding import find_change
from trial_sets.strict_json import read_text

MAX_BYTES = 1024 * 1024  # some 5,000 trials; a syntax tree takes up to 500 times its text's memory


@dataclass(frozen=True, slots=True)
class PythonFile:
    """A parsed file, and its top-level dicts that may hold trials.

    Imports, functions, dicts of plain values and whatever else it holds are passed over.
    """

    source: PythonSource
    statements: tuple[ast.stmt, ...]
    definitions: Mapping[str, tuple[int, ast.Dict]]  # the statement's index, the dict

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read and parse a file.

        Raises
        ------
        InputError
            If it cannot be read, is larger than 1 MiB, or is not Python.
        """
        text = read_text(path, MAX_BYTES)
        statements = tuple(_parse(text, path))
        dicts: dict[str, tuple[int, ast.Dict]] = {}
        for index, statement in enumerate(statements):
            match statement:
                case (
                    ast.Assign(targets=[ast.Name(id=name), *_], value=ast.Dict() as node)
                    | ast.AnnAssign(target=ast.Name(id=name), value=ast.Dict() as node)
                ):
                    dicts.setdefault(name, (index, node))
        names = set(dicts)
        chosen = {name: item for name, item in dicts.items() if _may_hold_trials(item[1], names)}
        return cls(PythonSource(path, text), statements, chosen)

    @property
    def names(self) -> list[str]:
        """The names of the dicts, without those that only collect others: ``{**A, **B}``."""
        return [
            name
            for name, (_, node) in self.definitions.items()
            if not all(isinstance(v, ast.Name) and v.id in self.definitions for v in node.values)
        ]

    def read(self, name: str) -> tuple[dict[str, Any], dict[str, int]]:
        """Return a dict, and the lines of its keys.

        Raises
        ------
        InputError
            If it is no literal, or the file changes it afterwards.
        """
        index, node = self.definitions[name]
        content = evaluate_dict(node, self.source)
        change = find_change(self.statements[index + 1 :], name)
        if change is not None:
            raise self.source.error(
                change, f"changes {name}, but the file is read and not executed"
            )
        return content, dict(zip(content, (key.lineno for key in node.keys if key), strict=True))


def _parse(text: str, path: Path) -> list[ast.stmt]:
    """Return the top-level statements of a file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the person's code, such as an escape "\\d"
            return ast.parse(text).body
    except SyntaxError as error:
        where = f"line {error.lineno}" if error.lineno else "some line"
        raise InputError(f"{path}: not valid Python at {where}: {error.msg}") from None
    except (RecursionError, MemoryError):
        raise InputError(f"{path}: the Python is nested too deeply") from None
    except ValueError:
        raise InputError(f"{path}: the Python holds a null byte") from None


def _may_hold_trials(node: ast.Dict, dicts: set[str]) -> bool:
    """Tell whether some value is a dict, or might come out as one."""
    return any(
        isinstance(value, ast.Call)
        or (isinstance(value, ast.Name) and value.id in dicts)
        or any(isinstance(part, ast.Dict | ast.DictComp) for part in ast.walk(value))
        for value in node.values
    )
