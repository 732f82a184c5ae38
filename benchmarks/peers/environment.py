"""The environment of the tools that are compared with: installed once, for the benchmarks alone."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

PINS = Path(__file__).with_name("peers.txt")
JOBS = Path(__file__).with_name("jobs.py")
TASKS = Path(__file__).with_name("faults.py")
VENV = Path(__file__).parents[1] / ".venv-peers"
INSTALL_WITHIN_S, RUN_WITHIN_S = 900.0, 600.0


def install_peers() -> str | None:
    """Make the environment unless it stands; return why it could not be made, if so."""
    stamp = VENV / "installed.txt"
    if stamp.is_file() and stamp.read_text() == PINS.read_text():
        return None
    python = str(VENV / "bin" / "python")
    try:
        _run([sys.executable, "-m", "venv", "--clear", str(VENV)], INSTALL_WITHIN_S)
        _run([python, "-m", "pip", "install", "--quiet", "-r", str(PINS)], INSTALL_WITHIN_S)
    except (OSError, subprocess.SubprocessError) as error:
        return _explain(error)
    stamp.write_text(PINS.read_text())
    return None


def time_peer(peer: str, n: int) -> float | str:
    """Return the seconds that a peer needed for ``n`` jobs, or why it has none."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(VENV / "bin" / "python"), str(JOBS), peer, str(n), folder]
        try:
            said = _run(command, RUN_WITHIN_S)
        except (OSError, subprocess.SubprocessError) as error:
            return _explain(error)
    return float(json.loads(said.splitlines()[-1])["seconds"])


def _run(command: list[str], within_s: float) -> str:
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=within_s)
    return done.stdout


def _explain(error: Exception) -> str:
    """Return the last words of what failed."""
    words = str(getattr(error, "stderr", "") or "").strip().splitlines()
    return words[-1] if words else str(error)
