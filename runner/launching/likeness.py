"""What two machines must have alike to train one batch: Python, packages, this project's sources.

Of a version its release counts: PyTorch 2.13.0+cpu and 2.13.0+cu126 are one release, built for
different devices, as is ordinary beside a machine with a GPU; records tell which it was. Of Python
the minor version counts, since patches change no result.

Python 3.8 and its library will do for this module: a guard reads it in any environment.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = "this project's sources"  # of which a digest is compared
PYTHON = "python"
_FOLDERS = ("models", "runner", "trial_sets")  # those that a worker imports
_SHOWN = 8  # digits of a digest


def take_stock(names: Iterable[str], root: Path = ROOT) -> dict[str, str]:
    """Return the releases of what is installed here, by name; none of what is not.

    Parameters
    ----------
    names
        Of packages, with `PYTHON` and `SOURCES` among them where they count.
    root
        The folder of this project.
    """
    found = {}
    for name in names:
        if name == PYTHON:
            found[name] = find_release(name, "{}.{}.{}".format(*sys.version_info))
        elif name == SOURCES:
            found[name] = digest_sources(root)[:_SHOWN]
        else:
            version = _find_version(name)
            if version:
                found[name] = find_release(name, version)
    return found


def find_release(name: str, version: str) -> str:
    """Return a version without what says how it was built; of Python the minor version."""
    if name == PYTHON:
        return ".".join(version.split(".")[:2])
    return version.partition("+")[0]


def find_difference(
    near: Mapping[str, str], far: Mapping[str, str], here: str = "where the batch was started"
) -> str:
    """Say in what two stocks differ, of what the near one has; nothing if in nothing."""
    return ", ".join(
        f"{name} {near[name]} {here}, {far.get(name, 'none')} there"
        for name in near
        if near[name] != far.get(name)
    )


def digest_sources(root: Path) -> str:
    """Return the SHA-256 of the modules that workers import."""
    total = hashlib.sha256()
    files = [file for folder in _FOLDERS for file in (root / folder).rglob("*.py")]
    for file in sorted(files, key=lambda file: file.relative_to(root).as_posix()):
        total.update(file.relative_to(root).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _find_version(name: str) -> str:
    import importlib.metadata as installed  # noqa: PLC0415 - not before it is needed

    try:
        return str(installed.version(name))
    except Exception:  # noqa: BLE001 - missing or half installed: not to be told
        return ""
