"""How a worker process is started: which program, in which environment."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from runner.workers.protocol import ENVIRONMENT

ROOT = Path(__file__).resolve().parents[2]
TRAINER_HOST = Path(__file__).parent / "host" / "trainer_host.py"
KEPT_PATH = "SUPPLEMENTARY_TRIALS_PYTHONPATH"
Kind = Literal["built_in", "function", "command"]


@dataclass(frozen=True, slots=True)
class Launch:
    """The start of a worker process of one kind."""

    kind: Kind
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=lambda: ENVIRONMENT)

    @property
    def knows_devices(self) -> bool:
        """Whether such a process imports PyTorch: it tells of devices, and can try them."""
        return self.kind == "built_in"


def launch_built_in() -> Launch:
    """Return the start of a worker that trains with this project's own network."""
    command = (sys.executable, "-P", "-m", "runner.workers.worker")
    return Launch("built_in", command, {**ENVIRONMENT, "PYTHONPATH": str(ROOT)})


def launch_host(python: str = sys.executable) -> Launch:
    """Return the start of a host for a person's function, in the environment of their Python.

    What `PYTHONPATH` says holds there, but for our own packages.
    """
    kept = os.pathsep.join(p for p in _list_places() if Path(p).resolve() != ROOT)
    return Launch("function", (python, str(TRAINER_HOST)), {**ENVIRONMENT, "PYTHONPATH": kept})


def launch_command_runner() -> Launch:
    """Return the start of a worker that runs a person's command, once a fit."""
    command = (sys.executable, "-P", "-m", "runner.workers.commands.command_worker")
    kept = os.environ.get("PYTHONPATH", "")  # which the commands are given back
    return Launch("command", command, {"PYTHONPATH": str(ROOT), KEPT_PATH: kept})


def _list_places() -> list[str]:
    return [place for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if place]
