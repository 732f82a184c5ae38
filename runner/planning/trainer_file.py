"""The file that holds a trainer of one's own: read and checked, never executed, for a plan."""

import ast
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from runner.errors import RunError
from runner.planning.interpreter import list_functions
from runner.planning.local_modules import MAX_BYTES, find_local_modules
from trial_sets.errors import InputError, suggest
from trial_sets.opening import read_bytes


@dataclass(frozen=True, slots=True)
class TrainerFile:
    """Where a trainer of one's own is: ``FILE.py:function``."""

    path: Path
    function: str

    @classmethod
    def parse(cls, text: str, python: str | None = None) -> "TrainerFile":
        """Read ``FILE.py:function`` and check, without executing it, that it is there.

        Parameters
        ----------
        text
            What was asked for.
        python
            The Python that is to run it, if it is another than this one: it may be newer.

        Raises
        ------
        RunError
            If the form is another, the file is missing or no Python, or has no such function.
        """
        file, _, function = text.rpartition(":")
        if not file.endswith(".py") or not function.isidentifier():
            raise RunError(f"--trainer {text}: expected FILE.py:function")
        path = Path(file)
        defined = _list_defined(path, python)
        if function not in defined:
            ending = suggest(function, defined)
            raise RunError(f"--trainer {path}: defines no function {function!r}{ending}")
        return cls(path.resolve(), function)

    def __str__(self) -> str:
        return f"{self.path}:{self.function}"

    def list_files(self) -> list[Path]:
        """Return the file and what it imports from its own folder."""
        return [self.path, *find_local_modules(self.path)]

    def digest(self) -> str:
        """Return the SHA-256 of the file and what it imports from its own folder.

        Other code trains another run. A file that imports nothing from there has its own SHA-256.
        """
        own, modules = _sha256(self.path), find_local_modules(self.path)
        if not modules:
            return own
        folder = self.path.parent
        parts = [(path.relative_to(folder).as_posix(), _sha256(path)) for path in modules]
        return hashlib.sha256(json.dumps([own, parts]).encode()).hexdigest()


def _list_defined(path: Path, python: str | None) -> list[str]:
    """Return the names of the functions at the top of a file."""
    try:
        tree = ast.parse(read_bytes(path, MAX_BYTES))
    except InputError as error:
        raise RunError(f"--trainer {error}") from None
    except (SyntaxError, ValueError) as error:
        others = list_functions(python, path.resolve()) if python else None
        if others is not None:
            return others
        line = getattr(error, "lineno", None) or 1
        raise RunError(f"--trainer {path}: not valid Python at line {line}") from None
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


def _sha256(path: Path) -> str:
    return hashlib.sha256(read_bytes(path, MAX_BYTES)).hexdigest()
