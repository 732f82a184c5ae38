"""A plan says which fits run, which are kept, and why; nothing is trained for it."""

from dataclasses import replace
from pathlib import Path

import pytest

from runner.errors import RunError
from runner.faults.limits import Limits
from runner.planning.plan import Plan, is_first_batch, make_plan
from runner.planning.request import Request
from tests.runner.conftest import fit, pruned_record, record
from trial_sets.errors import InputError
from trial_sets.records.record import Failure, FailureKind
from trial_sets.records.request import StudyOverrides


@pytest.fixture
def asked(tiny_study: Path, tmp_path: Path) -> Request:
    return Request(study=str(tiny_study), sets=("A",), device="cpu", output=tmp_path / "o")


def list_fits(plan: Plan) -> list[tuple[str, int, str]]:
    return [(planned.fit.name, planned.fit.seed, planned.action) for planned in plan.fits]


def file(plan: Plan, name: str, failure: Failure | None = None) -> None:
    """Leave a record of a plan's first fit of this name."""
    found = next(planned.fit for planned in plan.fits if planned.fit.name == name)
    plan.folder.write_record(record(found, failure=failure), None)


def test_a_set_runs_with_its_control_and_the_first_seed(asked: Request) -> None:
    assert list_fits(make_plan(asked)) == [("A1", 3, "run"), ("A2", 3, "run"), ("K", 3, "run")]


def test_all_trials_run_with_one_seed_before_the_next(asked: Request) -> None:
    plan = make_plan(replace(asked, sets=(), trials=("A1", "K"), seeds=2))
    assert list_fits(plan) == [
        ("A1", 3, "run"), ("K", 3, "run"), ("A1", 5, "run"), ("K", 5, "run"),
    ]  # fmt: skip


def test_twins_of_two_sets_are_one_fit_under_both_names(asked: Request) -> None:
    plan = make_plan(replace(asked, sets=("all",), controls=False))
    assert [planned.fit.names for planned in plan.fits] == [("A1",), ("A2", "B1")]


def test_the_champions_test_brings_its_control_and_every_seed(asked: Request) -> None:
    plan = make_plan(replace(asked, sets=(), evaluate_test="A2"))
    assert list_fits(plan) == [
        ("A2", 3, "run"), ("K", 3, "run"), ("A2", 5, "run"), ("K", 5, "run"),
    ]  # fmt: skip
    assert (plan.with_test, plan.baselines, plan.folder.section) == (True, True, "_test")


@pytest.mark.parametrize(
    ("kind", "changes", "action"),
    [
        (None, {}, "keep"),
        (None, {"force": True}, "run"),
        ("crashed", {}, "run"),
        ("diverged", {}, "keep"),
        ("diverged", {"rerun_failed": True}, "run"),
        ("diverged", {"force": True}, "run"),
    ],
    ids=str,
)
def test_what_a_fit_has_left_decides_whether_it_runs_again(
    asked: Request, kind: FailureKind | None, changes: dict[str, bool], action: str
) -> None:
    file(make_plan(asked), "A1", Failure(kind=kind, message="why") if kind else None)
    plan = make_plan(replace(asked, **changes))  # type: ignore[arg-type]
    assert list_fits(plan)[0] == ("A1", 3, action)
    assert plan.fits[0].reason == (
        "failed before: why" if kind else "finished, but --force" if changes else "finished"
    )


def test_a_fit_that_a_search_has_pruned_is_trained_to_its_end(asked: Request) -> None:
    plan = make_plan(asked)
    plan.folder.write_record(pruned_record(plan.fits[0].fit, 0.6), None)
    plan = make_plan(asked)
    assert list_fits(plan)[0] == ("A1", 3, "run")
    assert plan.fits[0].reason == "a search has pruned it: it is trained to its end"
    assert plan.speed.measured_on == 0


def test_a_record_of_another_configuration_does_not_count(asked: Request) -> None:
    plan = make_plan(asked)
    plan.folder.write_record(record(fit("A1", 3, dropout=0.9)), None)
    first = make_plan(asked).fits[0]
    assert (first.action, first.record) == ("run", None)
    assert first.reason == "its record is of another configuration, which is kept aside"


def test_a_record_that_cannot_be_used_is_named(asked: Request) -> None:
    plan = make_plan(asked)
    file(plan, "A1")
    (plan.folder.fit("A1", 3) / "record.json").write_text("{")
    first = make_plan(asked).fits[0]
    assert first.action == "run"
    assert "its record cannot be used" in first.reason
    assert "record.json: not valid JSON" in first.reason


def test_a_plan_knows_how_much_work_it_is(asked: Request) -> None:
    plan = make_plan(asked)
    a1 = plan.fits[0]
    assert a1.flops == 2 * a1.epoch_flops  # the tiny study trains two epochs
    assert plan.speed.measured_on == 0
    assert plan.estimate_s([a1]) == a1.flops / plan.speed.flops
    longer = make_plan(replace(asked, overrides=StudyOverrides(epochs=6)))
    assert longer.estimate_s([longer.fits[0]]) == pytest.approx(3 * a1.flops / plan.speed.flops)


@pytest.mark.parametrize(
    ("changes", "workers"),
    [({"jobs": 2}, 2), ({"jobs": 99}, 3), ({"device": "cuda:0,1"}, 2), ({"device": "cuda"}, 1)],
)
def test_no_more_workers_are_expected_than_there_are_fits(
    asked: Request, changes: dict[str, object], workers: int
) -> None:
    assert make_plan(replace(asked, **changes)).count_workers() == workers  # type: ignore[arg-type]


def test_the_policy_of_a_batch_is_as_it_was_asked_for(asked: Request) -> None:
    policy = make_plan(
        replace(asked, retries=3, timeout_s=9.0, hang_s=5.0, on_failure="fail_fast")
    ).policy
    assert (policy.retries, policy.limits, policy.on_failure) == (3, Limits(9.0, 5.0), "fail_fast")


def test_a_batch_is_the_first_until_something_has_a_record(asked: Request) -> None:
    assert is_first_batch(asked)
    file(make_plan(asked), "K")
    assert not is_first_batch(asked)
    assert not is_first_batch(replace(asked, precision="bf16")), "another run of the study"


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"sets": ()}, RunError, "say what to run: --set with one of A, B or all"),
        ({"seeds": 3}, RunError, "--seeds 3: study tiny declares 2 seeds"),
        ({"evaluate_test": "A1"}, RunError, "leave out --set and --trial"),
        ({"sets": ("C",)}, InputError, "there is no set 'C'"),
        ({"trainer": "own.py"}, RunError, "expected FILE.py:function"),
    ],
)
def test_what_cannot_be_planned_is_refused(
    asked: Request, changes: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make_plan(replace(asked, **changes))  # type: ignore[arg-type]
