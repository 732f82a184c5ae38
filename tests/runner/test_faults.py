"""Real faults in real worker processes: each is named, and the other fits go on."""

import json
from pathlib import Path

import pytest

from runner.batch.events import Event, FitRetried
from runner.batch.run import run_plan, start_workers
from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from trial_sets.records.record import Record

TRAINER = Path(__file__).with_name("faulty_trainer.py")
# What the record says of each fault, and after how many attempts with one retry.
EXPECTED = {
    "raise": ("error", "ValueError: no luck", 1),
    "device_memory": ("out_of_memory", "Tried to allocate 1 GiB", 1),
    "device_lost": ("device_lost", "unspecified launch failure", 2),
    "host_memory": ("out_of_host_memory", "Unable to allocate", 2),
    "exit": ("crashed", "ended with status 7", 2),
    "kill": ("crashed", "ended by SIGKILL", 2),
    "stop": ("hung", "no sign of life for 6 s", 2),
    "sleep": ("hung", "no sign of life for 6 s", 2),
    "turn": ("timed_out", "longer than the 15 s of --timeout", 1),
}


def write_study(folder: Path, trials: dict[str, object]) -> None:
    """Replace the trials of the tiny study's set A."""
    content = json.loads((folder / "A.json").read_text())
    content["trials"], content["expectations"] = trials, []
    (folder / "A.json").write_text(json.dumps(content))
    (folder / "B.json").unlink()


def read(plan: Plan, name: str) -> Record:
    record = plan.folder.read_record(name, 3)
    assert record is not None
    return record


@pytest.mark.parametrize(
    "expected",
    [
        {fault: EXPECTED[fault] for fault in ("raise", "exit", "stop")},
        pytest.param(EXPECTED, marks=[pytest.mark.slow, pytest.mark.timeout(300)]),
    ],
    ids=["three", "every"],
)
def test_faults_are_named_and_the_other_fits_go_on(
    tiny_study: Path, tmp_path: Path, expected: dict[str, tuple[str, str, int]]
) -> None:
    faults = {fault: {"options": {"fault": fault}} for fault in expected}
    write_study(tiny_study, {**faults, "fine": {"dropout": 0.2}})
    request = Request(
        study=str(tiny_study),
        sets=("A",),
        trainer=f"{TRAINER}:train",
        output=tmp_path / "outputs",
        device="cpu",
        jobs=len(expected) // 2,
        timeout_s=15.0,
        hang_s=6.0,
        on_failure="keep_going",
    )
    events: list[Event] = []
    plan = make_plan(request)
    with start_workers(request) as pool:
        run_plan(plan, pool, events.append)
    found = {}
    for fault in expected:
        failure = read(plan, fault).failure
        assert failure is not None
        assert expected[fault][1] in failure.message
        found[fault] = (failure.kind, expected[fault][1], read(plan, fault).provenance.attempts)
    assert found == expected
    assert {name: read(plan, name).status for name in ("fine", "K")} == {
        "fine": "complete",
        "K": "complete",
    }
    retried = [event.fit.name for event in events if isinstance(event, FitRetried)]
    assert sorted(retried) == sorted(f for f, (_, _, attempts) in expected.items() if attempts > 1)
    assert list(plan.folder.path.glob("*/.*")) == []
