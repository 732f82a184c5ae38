"""The champion's one test: counted before it begins, remembered whatever happens after."""

import json
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from runner.batch.look_ledger import close_look, count_looks, ledger_path, open_look
from runner.errors import RunError
from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from runner.storage.durable import write_whole
from trial_sets.errors import InputError
from trial_sets.records.looks import LookLedger
from trial_sets.records.request import DataRequest, StudyOverrides


@pytest.fixture
def asked(tiny_study: Path, tmp_path: Path) -> Request:
    return Request(study=str(tiny_study), evaluate_test="A1", output=tmp_path / "outputs")


@pytest.fixture
def plan(asked: Request) -> Plan:
    return make_plan(asked)


def test_the_trial_and_its_control_are_refitted_with_all_seeds(plan: Plan) -> None:
    fits = [(planned.fit.name, planned.fit.seed) for planned in plan.fits]
    assert fits == [("A1", 3), ("K", 3), ("A1", 5), ("K", 5)]
    assert plan.with_test
    assert "_test" in plan.folder.fit("A1", 3).parts


def test_seeds_can_be_fewer(asked: Request) -> None:
    fits = make_plan(replace(asked, seeds=1)).fits
    assert [planned.fit.name for planned in fits] == ["A1", "K"]


def test_a_look_is_counted_before_it_begins(plan: Plan) -> None:
    assert count_looks(plan) == 0
    open_look(plan, again=False)
    assert count_looks(plan) == 1


def test_an_interrupted_look_goes_on_without_being_counted_twice(plan: Plan) -> None:
    open_look(plan, again=False)
    open_look(plan, again=False)
    assert count_looks(plan) == 1


def test_a_second_look_needs_to_be_asked_for_and_is_counted(plan: Plan) -> None:
    open_look(plan, again=False)
    close_look(plan)
    with pytest.raises(RunError, match=r"looked at once already, last for A1 .*needs --again"):
        open_look(plan, again=False)
    open_look(plan, again=True)
    assert count_looks(plan) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"evaluate_test": "A2"},
        {"force": True},
        {"overrides": StudyOverrides(epochs=1)},
        {"data": DataRequest(test_end="2018-12-28")},
        {"data": DataRequest(test_start="2018-03-01")},
    ],
    ids=lambda change: next(iter(change)),
)
def test_neither_another_trial_nor_another_run_nor_a_shifted_period_forgets_a_look(
    asked: Request, plan: Plan, change: dict[str, object]
) -> None:
    open_look(plan, again=False)
    close_look(plan)
    with pytest.raises(RunError, match="needs --again"):
        open_look(make_plan(replace(asked, **change)), again=False)  # type: ignore[arg-type]


def test_runners_that_look_at_one_moment_are_all_counted(
    asked: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_slowly(path: Path, content: LookLedger) -> None:
        time.sleep(0.02)
        write_whole(path, content)

    monkeypatch.setattr("runner.storage.claims.POLL_S", 0.005)
    monkeypatch.setattr("runner.batch.look_ledger.write_whole", write_slowly)
    plans = [make_plan(replace(asked, overrides=StudyOverrides(epochs=n))) for n in range(1, 6)]
    with ThreadPoolExecutor(len(plans)) as threads:
        list(threads.map(lambda plan: open_look(plan, again=True), plans))
        assert count_looks(plans[0]) == len(plans)
        list(threads.map(close_look, plans))
    ledger = json.loads(ledger_path(plans[0]).read_text())
    assert all(look["finished"] for look in ledger["looks"])
    assert list(ledger_path(plans[0]).parent.glob(".*")) == []


def test_of_runners_that_ask_at_one_moment_one_may_look(
    asked: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.storage.claims.POLL_S", 0.005)
    plans = [make_plan(replace(asked, overrides=StudyOverrides(epochs=n))) for n in range(1, 6)]

    def may_look(plan: Plan) -> bool:
        try:
            open_look(plan, again=False)
        except RunError:
            return False
        return True

    with ThreadPoolExecutor(len(plans)) as threads:
        assert sum(threads.map(may_look, plans)) == 1


def test_removing_the_runs_forgets_no_look(plan: Plan) -> None:
    open_look(plan, again=False)
    close_look(plan)
    shutil.rmtree(plan.folder.path.parent, ignore_errors=True)
    assert count_looks(plan) == 1


def test_a_period_apart_is_a_test_of_its_own(asked: Request, plan: Plan) -> None:
    open_look(plan, again=False)
    close_look(plan)
    apart = DataRequest(val_start="2011-01-01", test_start="2013-01-01", test_end="2015-01-01")
    other = make_plan(replace(asked, data=apart))
    open_look(other, again=False)
    assert (count_looks(other), count_looks(plan)) == (1, 1)


def test_a_ledger_that_cannot_be_read_is_named_and_not_overwritten(plan: Plan) -> None:
    open_look(plan, again=False)
    path = ledger_path(plan)
    path.write_text(path.read_text()[:40])
    with pytest.raises(InputError, match=r"test-looks\.json: not valid JSON"):
        open_look(plan, again=True)
    with pytest.raises(json.JSONDecodeError):
        json.loads(path.read_text())
