"""Whatever happens to a batch elsewhere, no fit is lost, none runs twice, and nothing is left."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.slurm_machine import SlurmMissing, start_slurm
from tests.drill.drill import Drill
from tests.drill.far_faults import list_far_faults, list_ssh_faults
from tests.drill.own_sshd import NoServer, OwnSshd, run_sshd

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(0),
    pytest.mark.skipif(sys.platform != "linux", reason="needs /proc"),
]


SRUN = "srun --ntasks=1 --exact --unbuffered --kill-on-bad-exit=1"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[OwnSshd]:
    try:
        with run_sshd(tmp_path / "sshd") as running:
            yield running
    except NoServer as why:
        pytest.skip(str(why))


def test_faults_on_either_side_of_a_connection_lose_nothing(
    tmp_path: Path, server: OwnSshd
) -> None:
    rounds = int(os.environ.get("DRILL_ROUNDS", "30"))
    (tmp_path / "drill").mkdir()
    faults = list_ssh_faults(server)
    tally = Drill(tmp_path / "drill", 3, faults, launch=server.prefix).run(rounds)
    print(tally)
    assert tally.is_clean, f"{tally}\n" + "\n".join(tally.wrong)


def test_faults_of_steps_of_slurm_lose_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = int(os.environ.get("DRILL_ROUNDS", "10"))
    (tmp_path / "drill").mkdir()
    try:
        with start_slurm() as slurm:
            for name, value in slurm.variables.items():
                monkeypatch.setenv(name, value)
            tally = Drill(tmp_path / "drill", 4, list_far_faults(), launch=SRUN).run(rounds)
    except SlurmMissing as missing:
        pytest.skip(str(missing))
    print(tally)
    assert tally.is_clean, f"{tally}\n" + "\n".join(tally.wrong)
