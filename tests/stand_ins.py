"""Programs of Slurm that note what they are given and say what a test has them say."""

from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True)
class StandIns:
    """A folder of small programs, alone on the path but for the system's own."""

    folder: Path

    def make(self, name: str, body: str) -> None:
        """Have a program be a few lines of shell."""
        path = self.folder / name
        path.write_text(f"#!/bin/sh\ncd {self.folder}\n{body}\n")
        path.chmod(0o755)

    def make_sbatch(self, first: int = 41) -> None:
        """Have ``sbatch`` keep the scripts and number the jobs."""
        self.make(
            "sbatch",
            f'n=$(ls | grep -c "^script-"); cat > "script-$n"; echo "$@" > "words-$n"\n'
            f"echo $(({first} + n))",
        )

    def read(self, name: str) -> str:
        """Return what a program has noted."""
        return (self.folder / name).read_text()

    def list_scripts(self) -> list[str]:
        """Return the scripts that were submitted."""
        return [path.read_text() for path in sorted(self.folder.glob("script-*"))]


def put_stand_ins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> StandIns:
    """Return stand-ins for Slurm's programs; there is none of them at first."""
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return StandIns(folder)
