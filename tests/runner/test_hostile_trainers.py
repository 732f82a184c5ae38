"""What a trainer of one's own breaks is its own fit: no other fit, nor the batch, feels it."""

from pathlib import Path

import pytest

from runner.batch.run import run_plan, start_workers
from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from tests.runner.test_faults import write_study
from trial_sets.records.record import Record

TRAINER = Path(__file__).with_name("hostile_trainer.py")


@pytest.fixture
def study(tiny_study: Path) -> Path:
    return tiny_study


def run(study: Path, deeds: dict[str, str], **asked: object) -> tuple[Plan, dict[str, Record]]:
    """Run a fit a deed, in the order given, on one worker; return their records."""
    trials = {name: {"options": {"deed": deed, "of": name}} for name, deed in deeds.items()}
    write_study(study, trials)  # type: ignore[arg-type]
    request = Request(
        study=str(study),
        trials=tuple(deeds),
        trainer=f"{TRAINER}:train",
        output=study.parent / "outputs",
        device="cpu",
        jobs=1,
        **{"on_failure": "keep_going", **asked},  # type: ignore[arg-type]
    )
    plan = make_plan(request)
    with start_workers(request) as pool:
        run_plan(plan, pool, lambda event: None)
    return plan, {name: plan.folder.read_record(name, 3) for name in deeds}  # type: ignore[misc]


def test_no_fit_sees_what_another_did_to_the_data(study: Path) -> None:
    deeds = ["look", "scale", "look", "window", "look", "labels", "look", "tensor", "look", "reuse"]
    _, found = run(study, {f"A{number}": deed for number, deed in enumerate(deeds)})
    failures = {name: record.failure for name, record in found.items() if record.failure}
    assert set(failures) == {"A1", "A3", "A5"}
    assert all(failure.kind == "error" for failure in failures.values())
    assert "read-only" in failures["A1"].message
    looks = [found[f"A{number}"] for number in (0, 2, 4, 6, 8, 9)]
    assert len({record.curve[0].train_loss for record in looks}) == 1
    assert len({record.predictions_sha256 for record in looks}) == 1
