"""Fits, claims and records made by hand."""

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from runner.planning.fit import Fit
from runner.storage.outputs import RunFolder
from runner.storage.owner import FitClaim, Runner
from runner.workers.launch import Launch
from runner.workers.pool import WorkerPool
from runner.workers.protocol import Job
from tests.conftest import TINY_STUDY
from trial_sets.configuration import Configuration
from trial_sets.records.record import Failure, Provenance, Record


def configuration(**fields: object) -> Configuration:
    """Return the tiny study's base with some fields changed."""
    return Configuration.model_validate({**TINY_STUDY["base"], **fields})  # type: ignore[dict-item]


def fit(name: str = "A1", seed: int = 3, **fields: object) -> Fit:
    """Return a fit of the tiny configuration."""
    settings = configuration(**fields)
    return Fit((name,), "trial", settings, settings.key, seed)


PROVENANCE = Provenance(
    device="cpu",
    group_size=1,
    started="2026-01-28T12:00:00+00:00",
    finished="2026-01-28T12:01:00+00:00",
    versions={"python": "3.11"},
    platform="test",
)


def record(of: Fit, val_auc: float = 0.7, failure: Failure | None = None) -> Record:
    """Return a record of a fit, made by hand."""
    return Record(
        status="failed" if failure else "complete",
        kind=of.kind,
        names=of.names,
        configuration=of.configuration,
        key=of.key,
        seed=of.seed,
        fold=of.fold,
        metrics={} if failure else {"val_auc": val_auc},
        failure=failure,
        provenance=PROVENANCE,
    )


def pruned_record(of: Fit, val_auc: float | None = None) -> Record:
    """Return a record of a fit that a search ended, with a score or without."""
    fields = {
        "status": "pruned",
        "stop_reason": "pruned",
        "metrics": {} if val_auc is None else {"val_auc": val_auc},
    }
    return Record.model_validate({**record(of).model_dump(), **fields})


def job(order: str, n_fits: int = 1, padding: int = 0, *, judged: bool = False) -> Job:
    """Return a job by which a fake worker is told what to do, as large as wanted."""
    configurations = tuple(configuration(dropout=n / 1000) for n in range(n_fits))
    return Job(
        configurations=configurations,
        seeds=tuple(range(n_fits)),
        data=order,
        trainer="x" * padding or None,
        judged=judged,
        device="",
    )


def write_claim(fit: Path, runner: Runner, age_s: float = 0.0, generation: int = 1) -> Path:
    """Write a claim to the fit whose folder this is; return its path."""
    path = fit.with_name(f".{fit.name}.claim-{generation}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(FitClaim(runner=runner, since="2026-01-28T12:00:00+00:00").model_dump_json())
    os.utime(path, (time.time() - age_s,) * 2)
    return path


def dead_runner() -> Runner:
    """Return a runner of this machine whose process has ended."""
    code = (
        "from runner.storage.liveness import describe_self\n"
        "print(describe_self().model_dump_json())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    return Runner.model_validate_json(done.stdout)


class LastingPool(WorkerPool):
    """Workers that are not ended when a batch is: to start one takes longer than to train."""

    def __exit__(self, *_: object) -> None:
        """Leave them to the next batch; `stop` ends them."""


@pytest.fixture(scope="module")
def lasting_pool() -> Iterator[LastingPool]:
    """Return one built-in worker for the batches of a module's tests."""
    pool = LastingPool(1)
    yield pool
    pool.stop()


@pytest.fixture
def fake_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let worker processes start at once, without PyTorch, and do as a job's data says."""
    path = Path(__file__).with_name("fake_worker.py")
    launch = Launch("built_in", (sys.executable, str(path)))
    monkeypatch.setattr("runner.workers.supervisor.launch_built_in", lambda: launch)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "outputs" / "tiny" / "sp500-00000000")


@pytest.fixture
def predictions() -> Callable[[float], bytes]:
    def pack(shift: float) -> bytes:
        buffer = io.BytesIO()
        np.savez(buffer, row=np.arange(4), logit=np.arange(4.0) + shift)
        return buffer.getvalue()

    return pack
