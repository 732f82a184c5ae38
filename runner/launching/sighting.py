"""What a far machine sees of the near one's files, and which devices it has.

Python 3.8 and its library will do for this module: a guard reads it in any environment.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from typing import Any
from urllib.parse import unquote_to_bytes

ASK_TIMEOUT_S = 120.0
_SIGNS = ("/dev/nvidiactl", "/dev/nvidia0", "/dev/kfd", "/dev/dxg", "/proc/driver/nvidia")
_MARK = "supplementary-trials "
_ASKED = """
import json, torch
cuda = [torch.cuda.get_device_properties(n) for n in range(torch.cuda.device_count())]
found = {
    "cuda": [{"name": one.name, "memory_bytes": one.total_memory} for one in cuda],
    "mps": torch.backends.mps.is_available(),
}
print("supplementary-trials " + json.dumps(found))
"""


def look(order: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to a `See` of `runner.workers.protocol`."""
    missing = find_missing(order["files"], order["paths"], order["folder"])
    asks = order["python"] and not missing and may_have_devices()
    devices = ask_torch(order["python"]) if asks else {}
    return {"event": "seen", "missing": missing, **devices}


def find_missing(files: dict[str, str], paths: list[str], folder: str) -> str:
    """Say what is not to be seen here as the near machine sees it; nothing if all is.

    Parameters
    ----------
    files
        The SHA-256 of each file, by its path; all paths as `quote_path` writes them.
    paths
        Of what has to be there.
    folder
        That has to be written to; empty for none.
    """
    for path, digest in files.items():
        place = unquote_far(path)
        try:
            with open(place, "rb") as file:  # noqa: PTH123
                if hashlib.sha256(file.read()).hexdigest() != digest:
                    return f"{show_path(place)} is not the same file there"
        except OSError as error:
            return f"{show_path(place)} is not visible there ({error.strerror})"
    for place in map(unquote_far, paths):
        if not os.path.exists(place):  # noqa: PTH110
            return f"{show_path(place)} is not visible there"
    if folder and not os.access(unquote_far(folder), os.W_OK):
        return f"the folder {show_path(unquote_far(folder))} cannot be written to there"
    return ""


def may_have_devices() -> bool:
    """Return whether the system shows any sign of a device that PyTorch could use."""
    if platform.system() == "Linux":
        return any(os.path.exists(sign) for sign in _SIGNS)  # noqa: PTH110
    return platform.system() != "Darwin" or platform.machine() == "arm64"


def ask_torch(python: str) -> dict[str, Any]:
    """Return the devices that the PyTorch of a Python sees; none where it has no PyTorch."""
    try:
        done = subprocess.run(
            [python, "-c", _ASKED], cwd="/", stdin=subprocess.DEVNULL, capture_output=True,
            timeout=ASK_TIMEOUT_S, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return {}
    lines = done.stdout.decode(errors="replace").splitlines()
    told = [line[len(_MARK) :] for line in lines if line.startswith(_MARK)]
    return dict(json.loads(told[0])) if told else {}


def unquote_far(text: str) -> str:
    """Return the path that `runner.workers.protocol.quote_path` was given."""
    return os.fsdecode(unquote_to_bytes(text))


def show_path(path: str) -> str:
    """Return a path as text that can be printed."""
    return path.encode(errors="backslashreplace").decode()
