"""The Python that runs a trainer of one's own: found and asked once, before anything is trained."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from runner.errors import RunError
from runner.launching.likeness import PYTHON, find_release
from trial_sets.errors import suggest

OLDEST = (3, 8)
ASK_TIMEOUT_S = 60.0
# Said by any Python since 2.6: the words tell its answer from what else it may print.
_ASKED = """
import json, sys
found = {"version": list(sys.version_info[:3])}
try:
    import numpy
    found["numpy"] = numpy.__version__
except Exception as error:
    found["problem"] = "%s: %s" % (type(error).__name__, error)
print("supplementary-trials " + json.dumps(found))
"""
_LISTED = """
import ast, json, sys
with open(sys.argv[1], "rb") as file:
    tree = ast.parse(file.read())
names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
print("supplementary-trials " + json.dumps(names))
"""
_MARK = "supplementary-trials "


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python that can host a trainer."""

    path: str  # not resolved: through a link lies a virtual environment
    version: tuple[int, ...]
    numpy: str

    def take_stock(self) -> dict[str, str]:
        """Return what another machine must have alike, as `runner.launching.likeness` does."""
        asked = {PYTHON: ".".join(map(str, self.version)), "numpy": self.numpy}
        return {name: find_release(name, version) for name, version in asked.items()}


def find_python(asked: str | None) -> str:
    """Return the path of the Python that was asked for, without starting it.

    Parameters
    ----------
    asked
        A path, or a name on the path of programs; None for the Python that runs this.

    Raises
    ------
    RunError
        If there is none.
    """
    if asked is None:
        return sys.executable
    found = shutil.which(asked)
    if found is not None:
        return os.path.abspath(found)  # noqa: PTH100 - links are kept
    path = Path(asked)
    if path.is_dir():
        inner = next((p for p in _list_inner(path) if os.access(p, os.X_OK)), None)
        ending = f"; did you mean {inner}?" if inner else ""
        raise RunError(f"--python {asked}: is a folder, expected a Python's program{ending}")
    if path.exists():
        raise RunError(f"--python {asked}: is no program that may be run")
    beside = [str(p) for p in _list_siblings(path)]
    ending = suggest(asked, beside) if beside else ""
    raise RunError(f"--python {asked}: there is no such program{ending}")


def check_python(asked: str | None) -> Interpreter:
    """Return the Python that was asked for, once it has said that it can host a trainer.

    Raises
    ------
    RunError
        If there is none, it is no Python, is older than 3.8, or lacks numpy.
    """
    path = find_python(asked)
    if path == sys.executable:  # which is running this
        return Interpreter(path, tuple(sys.version_info[:3]), "")
    return _ask(path)


def list_functions(python: str, file: Path) -> list[str] | None:
    """Return the functions at the top of a file, as another Python reads it.

    It is parsed and not executed. None if that Python cannot parse it.
    """
    words = _hear(python, _LISTED, str(file))
    if words is None:
        return None
    return [str(name) for name in json.loads(words)]


@lru_cache(maxsize=8)
def _ask(path: str) -> Interpreter:
    words = _hear(path, _ASKED)
    if words is None:
        raise RunError(f"--python {path}: does not answer as a Python would")
    found = json.loads(words)
    version = tuple(int(number) for number in found["version"])
    told = ".".join(map(str, version))
    if version < OLDEST:
        raise RunError(f"--python {path}: is Python {told}, expected 3.8 or newer")
    if "numpy" not in found:
        raise RunError(
            f"--python {path}: this Python {told} cannot import numpy, which a trainer's data come "
            f"in ({found['problem']}); install it there"
        )
    return Interpreter(path, version, str(found["numpy"]))


def _hear(path: str, code: str, *arguments: str) -> str | None:
    """Return what a Python says to a piece of code behind the mark; None if it says nothing."""
    try:
        done = subprocess.run(
            [path, "-c", code, *arguments],
            cwd="/",  # where nobody keeps a numpy.py
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=ASK_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = done.stdout.decode(errors="replace").splitlines()
    return next((line[len(_MARK) :] for line in lines if line.startswith(_MARK)), None)


def _list_inner(folder: Path) -> list[Path]:
    """Return where a virtual environment keeps its Python."""
    return [folder / "bin" / "python", folder / "python", folder / "Scripts" / "python.exe"]


def _list_siblings(path: Path) -> list[Path]:
    """Return the Pythons beside one that is missing."""
    return sorted(path.parent.glob("python*")) if path.parent.is_dir() else []
