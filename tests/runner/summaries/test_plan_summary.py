"""What the command tells of a study and of a plan."""

from dataclasses import replace
from pathlib import Path

import pytest

from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from runner.planning.requested_study import load_requested_study
from runner.summaries.plan_summary import summarize_plan
from runner.summaries.study_summary import summarize_study
from tests.runner.conftest import record
from trial_sets.records.layout import Outputs
from trial_sets.records.record import Failure


@pytest.fixture
def asked(tiny_study: Path, tmp_path: Path) -> Request:
    return Request(
        study=str(tiny_study), sets=("all",), seeds=2, device="cpu", output=tmp_path / "o", jobs=4
    )


def plan_with_records(asked: Request) -> Plan:
    """Return the plan of a study whose A1 is finished and whose A2 diverged with the first seed."""
    plan = make_plan(asked)
    fits = {(planned.fit.name, planned.fit.seed): planned.fit for planned in plan.fits}
    for seed in (3, 5):
        plan.folder.write_record(record(fits["A1", seed]), None)
    failure = Failure(kind="diverged", message="not finite")
    plan.folder.write_record(record(fits["A2", 3], failure=failure), None)
    return make_plan(asked)


def test_a_study_names_the_twins_of_each_trial(tiny_study: Path, tmp_path: Path) -> None:
    study = load_requested_study(Request(study=str(tiny_study)))
    summary = summarize_study(study, Outputs(tmp_path))
    twins = {line.name: line.same_as for part in summary.sets for line in part.trials}
    assert twins == {"A1": (), "A2": ("B1",), "B1": ("A2",)}
    assert [(part.name, part.control) for part in summary.sets] == [("A", "K"), ("B", None)]
    assert [line.name for line in summary.controls] == ["K"]


def test_a_plan_counts_names_configurations_and_fits(asked: Request) -> None:
    summary = summarize_plan(make_plan(asked))
    assert (summary.trial_names, summary.trial_configurations) == (3, 2)
    assert (summary.control_configurations, summary.seeds) == (1, (3, 5))
    assert (summary.fits_to_run, summary.fits_finished, summary.fits_failed) == (6, 0, 0)
    assert summary.workers == 4
    assert summary.splits["validation"].rows > 400


def test_a_line_is_one_configuration_with_all_its_seeds(asked: Request) -> None:
    lines = {line.names[0]: line for line in summarize_plan(plan_with_records(asked)).lines}
    assert list(lines) == ["A1", "A2", "K"]
    assert (lines["A1"].seeds_to_run, lines["A1"].seeds_finished) == ((), (3, 5))
    assert (lines["A2"].seeds_to_run, lines["A2"].seeds_finished) == ((5,), (3,))
    assert lines["A2"].reasons == ("failed before: not finite", "new")
    assert lines["K"].kind == "control"


def test_what_would_fail_again_is_counted_apart_until_it_is_asked_for(asked: Request) -> None:
    plan_with_records(asked)
    kept = summarize_plan(make_plan(asked))
    assert (kept.fits_to_run, kept.fits_finished, kept.fits_failed) == (3, 2, 1)
    rerun = summarize_plan(make_plan(replace(asked, rerun_failed=True)))
    assert (rerun.fits_to_run, rerun.fits_finished, rerun.fits_failed) == (4, 2, 0)
    forced = summarize_plan(make_plan(replace(asked, force=True)))
    assert (forced.fits_to_run, forced.fits_finished, forced.fits_failed) == (6, 0, 0)


def test_the_time_is_that_of_the_lines_shared_by_the_workers(asked: Request) -> None:
    plan = make_plan(asked)
    assert "not measured yet" in summarize_plan(plan).speed
    # All fits are alike but for their dropout: of two epochs, the second of which this one spared.
    seen = record(plan.fits[0].fit).model_copy(update={"seconds": 8.0})
    plan.folder.write_record(seen, None)
    summary = summarize_plan(make_plan(asked))
    assert [line.seconds for line in summary.lines] == pytest.approx([16.0, 32.0, 32.0])
    assert summary.seconds == pytest.approx((16.0 + 32.0 + 32.0) / 4)
    assert "measured on 1 fit" in summary.speed


def test_the_time_of_a_trainer_of_ones_own_is_unknown_until_it_was_seen(
    asked: Request, tmp_path: Path
) -> None:
    trainer = tmp_path / "own.py"
    trainer.write_text("def train(configuration, data, context): ...\n")
    own = replace(asked, trainer=f"{trainer}:train")
    plan = make_plan(own)
    assert summarize_plan(plan).seconds is None
    seen = record(plan.fits[0].fit).model_copy(update={"seconds": 8.0})
    plan.folder.write_record(seen, None)
    assert summarize_plan(make_plan(own)).seconds == pytest.approx(8.0 * 5 / 4)
