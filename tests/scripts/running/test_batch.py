"""Workers start as early as it is sure that they are needed; the data is prepared meanwhile."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from runner.errors import RunError
from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from runner.planning.run_data import RunData
from scripts.running.batch import run
from tests.runner.conftest import record


@pytest.fixture
def asked(tiny_study: Path, tmp_path: Path) -> Request:
    return Request(
        study=str(tiny_study),
        sets=("A",),
        baselines=False,
        device="cpu",
        output=tmp_path / "outputs",
    )


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note down what is begun, and run nothing."""
    begun: list[str] = []

    @contextmanager
    def start_workers(request: Request) -> Iterator[object]:
        begun.append("workers")
        yield object()

    def plan(request: Request) -> Plan:
        begun.append("plan")
        return make_plan(request)

    def prepare(data: RunData) -> None:
        begun.append("data")

    def refuse(*_: object) -> None:
        raise RunError("nothing is run here")

    monkeypatch.setattr("scripts.running.batch.start_workers", start_workers)
    monkeypatch.setattr("scripts.running.batch.make_plan", plan)
    monkeypatch.setattr(RunData, "refuse_change", prepare)
    monkeypatch.setattr("scripts.running.batch.settle_devices", refuse)
    return begun


def write_records(request: Request, n_fits: int) -> None:
    plan = make_plan(request)
    for planned in plan.fits[:n_fits]:
        plan.folder.write_record(record(planned.fit), None)


def test_nothing_to_run_starts_no_worker(asked: Request, steps: list[str]) -> None:
    write_records(asked, 3)
    assert run(asked, again=False, as_json=True)
    assert steps == ["plan"]


def test_the_first_batch_of_a_study_starts_them_before_the_plan(
    asked: Request, steps: list[str]
) -> None:
    with pytest.raises(RunError, match="nothing is run here"):
        run(asked, again=False, as_json=True)
    assert steps == ["workers", "plan", "data"]


def test_a_batch_that_goes_on_starts_them_after_it(asked: Request, steps: list[str]) -> None:
    write_records(asked, 2)
    with pytest.raises(RunError, match="nothing is run here"):
        run(asked, again=False, as_json=True)
    assert steps == ["plan", "workers", "data"]


def test_a_folder_that_is_read_only_is_refused_where_something_would_run_alone(
    asked: Request, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked.output.mkdir()
    monkeypatch.setattr("os.access", lambda path, mode: not mode & os.W_OK)
    assert make_plan(asked).to_run
    with pytest.raises(RunError, match=r"cannot hold the records: .* may not be written to"):
        run(asked, again=False, as_json=False)
    assert steps == ["workers", "plan"]
