"""Whatever happens to a batch behind ssh, no fit is lost, none runs twice, and nothing is left."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drill.drill import Drill
from tests.drill.far_faults import list_far_faults
from tests.drill.own_sshd import NoServer, OwnSshd, run_sshd

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(0),
    pytest.mark.skipif(sys.platform != "linux", reason="needs /proc"),
]


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
    faults = list_far_faults(server)
    tally = Drill(tmp_path / "drill", 3, faults, launch=server.prefix).run(rounds)
    print(tally)
    assert tally.is_clean, f"{tally}\n" + "\n".join(tally.wrong)
