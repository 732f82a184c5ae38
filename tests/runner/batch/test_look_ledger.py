"""The champion's one test: counted before it begins, remembered whatever happens after."""

import gzip
import json
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from models.data.embedded import find_embedded_file
from runner.batch.baseline_fits import complete_baselines, read_baselines
from runner.batch.look_ledger import (
    close_look,
    count_looks,
    ledger_path,
    note_validation,
    open_look,
)
from runner.errors import RunError
from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from runner.storage.durable import write_whole
from tests.runner.conftest import record
from trial_sets.errors import InputError
from trial_sets.records.layout import RunLayout
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


def test_an_interrupted_look_goes_on_unasked_and_every_start_is_counted(plan: Plan) -> None:
    open_look(plan, again=False)
    open_look(plan, again=False)
    assert count_looks(plan) == 2
    close_look(plan)
    assert count_looks(plan) == 2
    with pytest.raises(RunError, match="looked at 2 times already"):
        open_look(plan, again=False)


def test_an_open_look_does_not_let_results_be_made_again(asked: Request, plan: Plan) -> None:
    open_look(plan, again=False)
    plan.folder.write_run_info(plan.info)
    plan.folder.write_record(record(plan.fits[0].fit), None)
    open_look(make_plan(asked), again=False)
    with pytest.raises(RunError, match="looked at 2 times already"):
        open_look(make_plan(replace(asked, force=True)), again=False)
    assert count_looks(plan) == 2


def test_what_has_all_its_results_is_only_closed(asked: Request, plan: Plan) -> None:
    open_look(plan, again=False)
    for planned in plan.fits:
        plan.folder.write_record(record(planned.fit), None)
    open_look(make_plan(asked), again=False)
    assert count_looks(plan) == 1


def test_days_that_a_run_validated_on_are_no_untouched_test(asked: Request, plan: Plan) -> None:
    within = DataRequest(val_start="2017-01-01", test_start="2018-06-01")
    chosen = make_plan(replace(asked, evaluate_test=None, sets=("A",), data=within))
    note_validation(chosen)
    note_validation(chosen)
    words = rf"looked at once already, last by the validation of {chosen.info.run} on .*--again"
    with pytest.raises(RunError, match=words):
        open_look(plan, again=False)
    open_look(plan, again=True)
    assert count_looks(plan) == 2


def test_a_run_that_validates_on_the_test_period_later_is_counted(
    asked: Request, plan: Plan
) -> None:
    open_look(plan, again=False)
    close_look(plan)
    within = DataRequest(val_start="2017-01-01", test_start="2018-06-01")
    note_validation(make_plan(replace(asked, data=within)))
    assert count_looks(plan) == 2


def test_where_a_run_usually_validates_costs_no_look(asked: Request, plan: Plan) -> None:
    note_validation(make_plan(replace(asked, evaluate_test=None, sets=("A",))))
    open_look(plan, again=False)
    assert count_looks(plan) == 1


@pytest.mark.parametrize("remove", [[], [4700], range(0, 5031, 50)], ids=["none", "one", "many"])
def test_the_same_prices_under_another_name_are_the_same(
    asked: Request, plan: Plan, tmp_path: Path, remove: Sequence[int]
) -> None:
    open_look(plan, again=False)
    close_look(plan)
    rows = gzip.decompress(find_embedded_file().read_bytes()).decode().splitlines()
    kept = [row for number, row in enumerate(rows) if number == 0 or number not in remove]
    (tmp_path / "mine.csv").write_text("\n".join(kept))
    data = DataRequest(
        path=tmp_path / "mine.csv", val_start="2015-01-01", test_start="2017-01-01",
        test_end="2019-01-01",
    )  # fmt: skip
    other = make_plan(replace(asked, data=data))
    with pytest.raises(RunError, match="looked at once already"):
        open_look(other, again=False)


def test_a_ledger_that_was_deleted_is_rebuilt_from_the_records(asked: Request, plan: Plan) -> None:
    open_look(plan, again=False)
    plan.folder.write_run_info(plan.info)
    for planned in plan.fits:
        plan.folder.write_record(record(planned.fit), None)
    close_look(plan)
    ledger_path(plan).unlink()
    assert count_looks(plan) == 1
    with pytest.raises(RunError, match=r"once already, last for A1 on 2026-01-28"):
        open_look(make_plan(replace(asked, evaluate_test="A2")), again=False)
    shutil.rmtree(plan.folder.path)
    open_look(plan, again=True)
    ledger = json.loads(ledger_path(plan).read_text())
    assert [look["note"] for look in ledger["looks"]] == ["told by records alone", None]
    assert count_looks(plan) == 2


def test_what_a_run_without_an_entry_validated_on_is_told_by_its_records(
    asked: Request, plan: Plan
) -> None:
    within = DataRequest(val_start="2017-01-01", test_start="2018-06-01")
    chosen = make_plan(replace(asked, evaluate_test=None, sets=("A",), data=within))
    chosen.folder.write_run_info(chosen.info)
    chosen.folder.write_record(record(chosen.fits[0].fit), None)
    with pytest.raises(RunError, match=r"last by the validation of .* on 2026-01-28"):
        open_look(plan, again=False)


@pytest.mark.parametrize("damage", ["edit", "remove", "cut", "unseal"])
def test_a_ledger_that_was_edited_is_named_and_another_look_says_so(
    plan: Plan, damage: str
) -> None:
    open_look(plan, again=False)
    close_look(plan)
    path = ledger_path(plan)
    content = json.loads(path.read_text())
    match damage:
        case "edit":
            content["looks"][0]["trial"] = "A2"
        case "remove":
            del content["looks"][0]
        case "cut":
            del content["looks"][-1]
        case _:
            content["seal"] = None
    path.write_text(json.dumps(content))
    with pytest.raises(RunError, match=r"test-looks\.json: not what was written: .*--again"):
        open_look(plan, again=False)
    note_validation(plan)
    close_look(plan)
    assert json.loads(path.read_text()) == content
    open_look(plan, again=True)
    ledger = LookLedger.model_validate_json(path.read_text())
    assert ledger.find_break() is None
    assert ledger.looks[-1].note is not None
    assert ledger.looks[-1].note.startswith("the ledger was changed before: ")


def test_a_ledger_of_the_first_version_is_read_and_sealed(plan: Plan) -> None:
    open_look(plan, again=False)
    path = ledger_path(plan)
    (look,) = json.loads(path.read_text())["looks"]
    old = {name: look[name] for name in look if name not in {"rows", "role", "note", "previous"}}
    old["finished"] = old["started"]
    path.write_text(json.dumps({"schema_version": 1, "looks": [old]}))
    with pytest.raises(RunError, match="looked at once already"):
        open_look(plan, again=False)
    open_look(plan, again=True)
    ledger = LookLedger.model_validate_json(path.read_text())
    assert (ledger.schema_version, len(ledger.looks), ledger.find_break()) == (3, 2, None)


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
    ledger = LookLedger.model_validate_json(ledger_path(plans[0]).read_text())
    assert ledger.find_break() is None
    looks = ledger.at(ledger.looks[0])
    assert [look.finished is not None for look in looks] == [True] * len(plans)
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


def test_baselines_on_the_test_rows_are_no_look_of_their_own(asked: Request, plan: Plan) -> None:
    """Neither beside the ledger's entries nor where it is rebuilt from the records."""
    open_look(plan, again=False)
    plan.folder.write_run_info(plan.info)
    plan.folder.write_record(record(plan.fits[0].fit), None)
    complete_baselines(plan)
    close_look(plan)
    (boosting,) = [one for one in read_baselines(plan) if one.key == "boosting"]
    assert boosting.metrics["test_auc"] is not None
    assert "_test" in plan.folder.fit("baseline-boosting", 0).parts
    assert not RunLayout(plan.folder.path).has_fits()
    assert count_looks(plan) == 1
    ledger_path(plan).unlink()
    assert count_looks(make_plan(asked)) == 1
