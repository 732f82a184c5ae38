"""What a trainer of one's own breaks is its own fit: no other fit, nor the batch, feels it."""

import secrets
import sys
import time
from contextlib import suppress
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


def test_a_bad_line_is_the_crash_of_its_own_fit(study: Path) -> None:
    _, found = run(study, {"A1": "garbage", "A2": "look"}, retries=0, on_failure="same_error")
    failure = found["A1"].failure
    assert failure is not None
    assert failure.kind == "crashed"
    assert failure.message == "the worker process sent what is no message: b'garbage'"
    assert found["A2"].status == "complete"


@pytest.mark.parametrize(
    "deed",
    [
        "fork",
        pytest.param("fork and report", marks=pytest.mark.slow),
        pytest.param("thread", marks=pytest.mark.slow),
    ],
)
def test_nothing_that_a_fit_left_behind_is_filed_as_anothers(study: Path, deed: str) -> None:
    _, found = run(study, {"A1": deed, "A2": "slow", "A3": "look"})
    for record in found.values():
        assert record.status == "complete"
        assert [point.val_metric for point in record.curve] == [None]
    assert len({record.predictions_sha256 for record in found.values()}) == 1
    assert found["A1"].metrics["val_auc"] != 1.0


@pytest.mark.timeout(120)
def test_whatever_a_trainer_raises_is_told_at_once_and_the_worker_goes_on(study: Path) -> None:
    sentences = {
        "no text": "ValueError",
        "mute": "_Mute: its text cannot be told, since that raises ValueError",
        "interrupt": "KeyboardInterrupt",
        "generator exit": "GeneratorExit",
        "base": "BaseException: as low as can be",
        "surrogate": "ValueError: caf\\udce9",
        "exit": "SystemExit",
        "ask": "EOFError: EOF when reading a line",
    }
    deeds = {f"A{number}": deed for number, deed in enumerate(sentences)}
    _, found = run(study, {**deeds, "B1": "program asks", "B2": "look"})
    told = {deeds[name]: found[name].failure for name in deeds}
    assert {deed: failure and failure.message for deed, failure in told.items()} == sentences
    assert {failure and failure.kind for failure in told.values()} == {"error"}
    assert found["B1"].predictions_sha256 == found["B2"].predictions_sha256 is not None


def find_left(seconds: str) -> list[int]:
    """Return the processes that trainers with so long a sleep have left."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            is_program = (path / "cmdline").read_bytes() == f"sleep\0{seconds}\0".encode()
            is_marked = f"HOSTILE_SLEEP={seconds}".encode() in (path / "environ").read_bytes()
            is_dead = (path / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
            if (is_program or is_marked) and not is_dead:
                found.append(int(path.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a session of its own escapes")
@pytest.mark.parametrize(
    ("deed", "limits", "kind"),
    [
        ("programs", {}, None),
        pytest.param("programs, death", {}, "crashed", marks=pytest.mark.slow),
        pytest.param("programs, hang", {"timeout_s": 2.0}, "timed_out", marks=pytest.mark.slow),
        pytest.param("programs, hang", {"hang_s": 2.0}, "hung", marks=pytest.mark.slow),
        ("daemon", {"timeout_s": 60.0, "hang_s": 60.0}, "crashed"),
    ],
)
def test_nothing_outlives_the_fit_that_started_it(
    study: Path,
    deed: str,
    limits: dict[str, float],
    kind: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = str(90_000 + secrets.randbelow(900_000))
    monkeypatch.setenv("HOSTILE_SLEEP", seconds)
    started = time.monotonic()
    _, found = run(study, {"A1": deed, "A2": "left"}, retries=0, **limits)
    assert time.monotonic() - started < 50
    failure = found["A1"].failure
    assert (failure.kind if failure else None) == kind
    assert found["A2"].metrics["left"] == 0
    assert find_left(seconds) == []


@pytest.mark.slow
def test_what_is_more_than_a_record_holds_is_left_out_with_a_notice(study: Path) -> None:
    plan, found = run(study, {"A1": "much", "A2": "much text", "A3": "look"})
    much = found["A1"]
    assert much.status == "complete"
    assert much.selected_epoch == much.curve[-1].epoch == 60_001
    assert [notice.split(":")[0] for notice in much.notices] == [
        "249,030 metrics were left out", "the curve had 60,001 epochs",
    ]  # fmt: skip
    failure = found["A2"].failure
    assert failure is not None
    assert failure.message.startswith("ValueError: no luck no luck")
    assert failure.message.endswith(" more characters were left out)")
    assert list(plan.folder.path.glob("*/*.damaged-*")) == []
