"""Folds in a plan: another run, more fits, and a test on what lies before the last fold's rows."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import DataError
from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from runner.storage.outputs import RunFolder
from runner.summaries.plan_summary import summarize_plan
from runner.summaries.results import summarize_results
from runner.summaries.status import survey
from tests.runner.conftest import record
from trial_sets.records.request import DataRequest
from trial_sets.records.run_info import read_run_info


@pytest.fixture
def asked(tiny_study: Path, tmp_path: Path) -> Request:
    output = tmp_path / "o"
    return Request(study=str(tiny_study), trials=("A1", "K"), device="cpu", output=output, folds=2)


def file_all(plan: Plan, aucs: dict[tuple[str, int, int | None], float]) -> None:
    for planned in plan.fits:
        fit = planned.fit
        plan.folder.write_record(record(fit, aucs[fit.name, fit.seed, fit.fold]), None)


def test_a_trial_is_fitted_on_every_fold_and_the_first_seed_comes_first(asked: Request) -> None:
    fits = [planned.fit for planned in make_plan(replace(asked, seeds=2)).fits]
    assert [(fit.seed, fit.fold, fit.name) for fit in fits] == [
        (3, 1, "A1"), (3, 1, "K"), (3, 2, "A1"), (3, 2, "K"),
        (5, 1, "A1"), (5, 1, "K"), (5, 2, "A1"), (5, 2, "K"),
    ]  # fmt: skip
    assert str(fits[2]) == "A1 fold 2 seed 3"


def test_fits_of_folds_lie_apart(asked: Request) -> None:
    plan = make_plan(asked)
    places = [plan.folder.fit(*planned.fit.id) for planned in plan.fits]
    assert len(set(places)) == 4
    assert places[0] == plan.folder.path / "A1" / "fold-1" / "seed-3"


def test_the_number_of_folds_names_the_run_and_one_is_no_news(asked: Request) -> None:
    names = [make_plan(replace(asked, folds=folds)).info.run for folds in (None, 1, 2, 3)]
    assert names[0] == names[1]
    assert len(set(names)) == 3


def test_a_study_may_declare_its_folds_and_the_option_counts(asked: Request) -> None:
    path = Path(asked.study) / "study.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "folds": 3}))
    assert make_plan(replace(asked, folds=None)).info.study.folds == 3
    plan = make_plan(asked)
    assert (plan.info.study.folds, plan.declared.folds) == (2, 2)
    assert len(make_plan(replace(asked, folds=1)).info.data.folds) == 0


def test_run_json_keeps_every_fold_and_the_joint_rows(asked: Request) -> None:
    plan = make_plan(asked)
    plan.folder.write_run_info(plan.info)
    data = read_run_info(plan.folder.run_json).data
    first, second = data.folds
    assert (first.number, second.number) == (1, 2)
    assert first.train is not None
    assert first.validation is not None
    assert second.validation is not None
    # Two years each with a context of 16: 504 and 505 sessions, less 15 and one for the label.
    assert (first.validation.rows, second.validation.rows) == (488, 488)
    assert data.splits["validation"].rows == 976
    assert data.splits["validation"].first == first.validation.first
    assert data.splits["train"] == second.train
    assert data.count_rows(1) == (first.train.rows, 488)


def test_a_start_of_validation_is_where_the_folds_begin(asked: Request) -> None:
    data = DataRequest(val_start="2014-01-01", test_start="2017-01-01")
    first, second = make_plan(replace(asked, data=data)).info.data.folds
    assert first.validation is not None
    assert second.validation is not None
    assert first.validation.first.startswith("2014-01")
    assert second.validation.last.startswith("2016-12")


def test_too_many_folds_are_refused_before_anything_is_written(asked: Request) -> None:
    with pytest.raises(DataError, match=r"40 folds of 504 rows each .* are enough for \d"):
        make_plan(replace(asked, folds=40))
    assert not asked.output.exists()


def test_the_champion_is_refitted_before_the_last_folds_rows(asked: Request) -> None:
    plan = make_plan(replace(asked, trials=(), evaluate_test="A1"))
    assert {planned.fit.fold for planned in plan.fits} == {2}
    dataset = plan.data.find_dataset(2)
    assert len(dataset.test_rows) == plan.info.data.splits["test"].rows > 0
    assert plan.folder.fit(*plan.fits[0].fit.id).parts[-4:] == ("_test", "A1", "fold-2", "seed-3")


def test_a_fit_is_kept_on_one_fold_and_missing_on_another(asked: Request) -> None:
    plan = make_plan(asked)
    plan.folder.write_record(record(plan.fits[0].fit), None)
    again = make_plan(asked)
    assert [planned.action for planned in again.fits] == ["keep", "run", "run", "run"]
    line = summarize_plan(again).lines[0]
    assert (line.seeds_to_run, line.seeds_finished) == ((3,), ())
    assert [(fit.fold, fit.state) for fit in survey(again).fits][:2] == [
        (1, "done"),
        (1, "missing"),
    ]


def test_a_record_in_another_folds_place_does_not_count(asked: Request) -> None:
    plan = make_plan(asked)
    one, other = (planned.fit for planned in plan.fits if planned.fit.name == "A1")
    plan.folder.write_record(record(one), None)
    place = plan.folder.fit(*other.id)
    place.parent.mkdir(parents=True)
    plan.folder.fit(*one.id).rename(place)
    reasons = {p.fit.id: p.reason for p in make_plan(asked).fits}
    assert "the record says that it is A1/fold-1/seed-3" in reasons[other.id]


def test_results_are_means_over_folds_of_seeds_that_have_them_all(asked: Request) -> None:
    plan = make_plan(replace(asked, seeds=2))
    aucs = {
        (name, seed, fold): 0.5 + 0.1 * (fold == 2) + 0.02 * (seed == 5) + 0.01 * (name == "K")
        for name in ("A1", "K")
        for seed in (3, 5)
        for fold in (1, 2)
    }
    file_all(plan, aucs)
    line = summarize_results(plan).lines[0]
    assert line.seeds == (3, 5)
    assert line.val == pytest.approx((0.55, 0.57))
    assert line.val_by_fold == pytest.approx({1: 0.51, 2: 0.61})
    assert line.mean_val == pytest.approx(0.56)
    assert summarize_results(plan).complete == 8
    (plan.folder.fit("A1", 5, 1) / "record.json").unlink()
    partial = summarize_results(plan)
    assert (partial.lines[0].seeds, partial.lines[0].val) == ((3,), (pytest.approx(0.55),))
    assert (partial.complete, partial.failed) == (7, 1)


def test_the_plan_says_that_runs_with_other_folds_serve_nothing(asked: Request) -> None:
    single = make_plan(replace(asked, folds=None))
    single.folder.write_run_info(single.info)
    single.folder.write_record(record(single.fits[0].fit), None)
    told = [n for n in summarize_plan(make_plan(asked)).notices if single.info.run in n]
    assert told == [
        f"folds 2: no fit of {single.info.run}, with folds 1, serves this run; more seeds can be "
        "added to either"
    ]
    RunFolder(make_plan(asked).folder.path).write_run_info(make_plan(asked).info)
    assert not [n for n in summarize_plan(make_plan(asked)).notices if single.info.run in n]
