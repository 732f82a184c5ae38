"""The file that holds a trainer of one's own: read and checked, never executed, for a plan."""

import ast
import hashlib
from dataclasses import dataclass
from pathlib import Path

from runner.errors import RunError
from trial_sets.errors import suggest


@dataclass(frozen=True, slots=True)
class TrainerFile:
    """Where a trainer of one's own is: ``FILE.py:function``."""

    path: Path
    function: str

    @classmethod
    def parse(cls, text: str) -> "TrainerFile":
        """Read ``FILE.py:function`` and check, without executing it, that it is there.

        Raises
        ------
        RunError
            If the form is another, the file is missing or no Python, or has no such function.
        """
        file, _, function = text.rpartition(":")
        if not file.endswith(".py") or not function.isidentifier():
            raise RunError(f"--trainer {text}: expected FILE.py:function")
        path = Path(file)
        try:
            tree = ast.parse(path.read_bytes())
        except OSError as error:
            raise RunError(f"--trainer {path}: cannot be read: {error.strerror}") from None
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
            raise RunError(f"--trainer {path}: not valid Python at line {line}") from None
        defined = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
        if function not in defined:
            ending = suggest(function, defined)
            raise RunError(f"--trainer {path}: defines no function {function!r}{ending}")
        return cls(path.resolve(), function)

    def __str__(self) -> str:
        return f"{self.path}:{self.function}"

    def digest(self) -> str:
        """Return the SHA-256 of the file: another file trains another run."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()
