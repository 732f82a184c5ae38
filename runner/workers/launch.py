"""How a worker process is started: which program, in which environment, through which prefix."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from runner.launching.far_command import FarStart
from runner.launching.likeness import PYTHON, SOURCES, take_stock
from runner.launching.prefix import LaunchPrefix
from runner.workers.host.trainer_host import NOTABLE
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
    through: LaunchPrefix | None = None  # what starts it elsewhere
    python: str = ""  # the Python there that has this project's packages

    @property
    def knows_devices(self) -> bool:
        """Whether such a process imports PyTorch: it tells of devices, and can try them."""
        return self.kind == "built_in"

    def take_stock(self) -> dict[str, str]:
        """Return what must be alike where such a worker runs, as this Python has it."""
        packages = {"built_in": ("numpy", "torch"), "function": NOTABLE, "command": ()}[self.kind]
        return take_stock([PYTHON, SOURCES, *packages])

    def put_behind(
        self, prefix: LaunchPrefix, stock: Mapping[str, str], python: str | None = None
    ) -> "Launch":
        """Return the start of the same worker through a prefix.

        Parameters
        ----------
        prefix
            The prefix.
        stock
            What must be alike there.
        python
            The Python there, in place of the one that runs this; None for the same path.
        """
        program, *rest = self.command
        ours = python or sys.executable
        start = FarStart(
            command=(ours if program == sys.executable else program, *rest),
            environment=self.environment,
            stock=stock,
            folder="" if self.kind == "built_in" else os.getcwd(),  # noqa: PTH109
        )
        command = start.behind(prefix)
        return replace(self, command=command, environment={}, through=prefix, python=ours)


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
