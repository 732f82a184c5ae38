"""Fixtures of the tests that ask Slurm."""

from pathlib import Path

import pytest

from tests.stand_ins import StandIns, put_stand_ins


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIns:
    """Return stand-ins for Slurm's programs."""
    return put_stand_ins(tmp_path / "bin", monkeypatch)
