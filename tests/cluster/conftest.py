"""The Slurm that the tests of a cluster share."""

from collections.abc import Iterator

import pytest

from tests.cluster.slurm_machine import SlurmMachine, SlurmMissing, start_slurm


@pytest.fixture(scope="session")
def slurm() -> Iterator[SlurmMachine]:
    """Return a Slurm of this machine alone."""
    try:
        with start_slurm() as machine:
            yield machine
    except SlurmMissing as missing:
        pytest.skip(str(missing))
