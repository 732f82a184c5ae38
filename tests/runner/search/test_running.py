"""A search end to end: every sampler, what it repeats, refuses and gives up, and how it goes on."""

import json
import shutil
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import optuna
import pytest
from optuna.storages.journal import JournalFileBackend, JournalStorage

from runner.batch.events import Event, FitEnded, FitRepeated
from runner.batch.search_tracker import TrialsElsewhere
from runner.errors import BatchStopped, RunError
from runner.search.planning import plan_search
from runner.search.storage import load_storage
from tests.runner.search.conftest import ask_for, run, tell, write_study
from trial_sets.records.search_info import SAMPLERS, StopRule, name_trial, read_search_info

MIXED: dict[str, Any] = {
    "x": {"type": "float", "low": -5, "high": 5, "step": 0.5},
    "learning_rate": {"choices": [0.001, 0.01, 0.1]},
    "units": {"type": "int", "low": 4, "high": 64, "log": True},
}
CURVE = """def train(configuration, data, context):
    x = configuration["x"]
    for epoch in range(1, 16):
        context.report_epoch(val_metric=abs(x) + 10.0 / epoch)
    return {"loss": abs(x)}
"""
SAVING = """def train(configuration, data, context):
    context.save_predictions([float(row) for row in data.val_rows])
"""


def load_study(path: Path, name: str = "search") -> optuna.Study:
    return optuna.load_study(study_name=name, storage=JournalStorage(JournalFileBackend(str(path))))


@pytest.mark.parametrize(
    ("sampler", "trials"),
    [
        *((sampler, 20) for sampler in SAMPLERS if sampler != "gp"),
        ("gp", 12),  # of which the last two are its own
        pytest.param("gp", 20, marks=pytest.mark.slow),
    ],
)
def test_every_sampler_finishes_its_trials_and_stays_quiet(
    sampler: str, trials: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    study = write_study(tmp_path, MIXED, {"x": 3.0, "learning_rate": 0.01, "units": 8})
    asked = ask_for(study, sampler=sampler, trials=trials)
    plan = plan_search(asked)
    outcome = run(plan)
    assert len(outcome.trials) == (1 if sampler == "manual" else trials)
    assert outcome.trials[0].is_default
    assert outcome.trials[0].values == {"x": 3.0, "learning_rate": 0.01, "units": 8}
    assert all(t.state == "complete" for t in outcome.trials)
    assert {r.name for r in plan.folder.records()} == {
        t.name for t in outcome.trials if not t.is_repeat
    }
    assert capfd.readouterr() == ("", "")
    assert tell(run(asked)) == tell(outcome)  # the same command has nothing left to do


def test_each_trial_is_told_before_the_next_is_proposed(study: Path) -> None:
    numbers: list[tuple[int, int]] = []
    plan = plan_search(ask_for(study, sampler="tpe", trials=12))

    def observe(event: Event) -> None:
        if isinstance(event, FitEnded):
            trials = load_study(plan.folder.journal).trials
            numbers.append((int(event.fit.name[-5:]), len(trials)))

    run(plan, observe)
    assert numbers == [(number, number + 1) for number in range(12)]


def test_several_fits_at_a_time_share_the_trials(study: Path) -> None:
    outcome = run(ask_for(study, sampler="tpe", trials=15, jobs=2))
    assert [t.number for t in outcome.trials] == list(range(15))
    assert len(outcome.list_state("complete")) == 15


def test_a_configuration_is_trained_once(tmp_path: Path) -> None:
    study = write_study(tmp_path, {"x": {"choices": [1.0, 2.0]}})
    events: list[Event] = []
    plan = plan_search(ask_for(study, trials=12))
    outcome = run(plan, events.append)
    assert len(outcome.trials) == 12
    assert len([e for e in events if isinstance(e, FitEnded)]) == 2
    assert len([e for e in events if isinstance(e, FitRepeated)]) == 10
    assert len(list(plan.folder.records())) == 2
    for trial in outcome.repeated:
        first = next(t for t in outcome.trials if t.name == trial.fit)
        assert (first.values, first.score) == (trial.values, trial.score)


def test_a_grid_ends_by_itself(tmp_path: Path) -> None:
    study = write_study(tmp_path, {"x": {"type": "float", "low": -1, "high": 1, "step": 0.5}})
    outcome = run(ask_for(study, sampler="grid", trials=None, jobs=2))
    assert sorted(float(t.values["x"]) for t in outcome.trials) == [-1.0, -0.5, 0.0, 0.5, 1.0]
    assert outcome.best is not None
    assert outcome.best.values == {"x": 0.5}


def test_failed_fits_are_trials_and_three_for_one_reason_end_the_search(tmp_path: Path) -> None:
    code = "def train(configuration, data, context):\n    raise ValueError('no luck')\n"
    asked = ask_for(write_study(tmp_path, code=code), trials=9)
    with pytest.raises(BatchStopped, match="the first 3 fits all failed for one reason"):
        run(asked)
    outcome = run(ask_for(tmp_path / "parabola", trials=6, on_failure="keep_going"))
    assert [t.state for t in outcome.trials] == ["failed"] * 6
    assert outcome.trials[0].failure == "error: ValueError: no luck"
    assert outcome.best is None


def test_a_stop_rule_ends_the_search_and_is_kept_once(tmp_path: Path) -> None:
    code = "def train(configuration, data, context):\n    return {'loss': 1.0}\n"
    study = write_study(tmp_path, code=code)
    asked = ask_for(study, trials=50, stops=(StopRule(kind="same-best", limit=4),))
    for _ in range(2):
        outcome = run(asked)
        assert len(outcome.trials) == 5
        assert outcome.stop is not None
        assert (
            outcome.stop.sentence == "the best, 1 of trial-00000, has stood for 4 complete trials"
        )
    (stop,) = read_search_info(plan_search(asked).folder.search_json).stops
    assert (stop.rule, stop.n_ended) == ("same-best=4", 5)
    assert len(run(ask_for(study, trials=8)).trials) == 8


def test_time_ends_the_search(study: Path) -> None:
    started = time.monotonic()
    outcome = run(ask_for(study, trials=None, hours=0.2 / 3600))
    assert outcome.stop is not None
    assert outcome.stop.rule.startswith("hours=")
    assert time.monotonic() - started < 30


def test_the_journal_is_optunas_and_optuna_goes_on_from_it(study: Path) -> None:
    plan = plan_search(ask_for(study, sampler="tpe", trials=6))
    outcome = run(plan)
    theirs = load_study(plan.folder.journal)
    assert theirs.direction.name == "MINIMIZE"
    assert [t.value for t in theirs.trials] == [t.score for t in outcome.trials]
    assert [t.user_attrs["fit"] for t in theirs.trials] == [name_trial(n) for n in range(6)]
    theirs.optimize(lambda trial: trial.suggest_float("x", -5, 5) ** 2, n_trials=2)
    assert [t.state.name for t in load_study(plan.folder.journal).trials] == ["COMPLETE"] * 8


@pytest.mark.parametrize("pruner", ["median", "hyperband", "guide"])
def test_pruned_trials_are_records(pruner: str, tmp_path: Path) -> None:
    study = write_study(tmp_path, code=CURVE)
    plan = plan_search(ask_for(study, trials=20, pruner=pruner, seed=4))
    outcome = run(plan)
    pruned = outcome.list_state("pruned")
    assert pruned
    records = {record.name: record for record in plan.folder.records()}
    assert len(records) == 20
    for trial in pruned:
        record = records[trial.name]
        assert (record.status, record.stop_reason) == ("pruned", "pruned")
        assert trial.score == pytest.approx(abs(float(trial.values["x"])) + 10 / len(record.curve))
    assert outcome.best in outcome.list_state("complete")


def test_another_search_under_the_name_is_refused(study: Path) -> None:
    run(ask_for(study, trials=1))
    with pytest.raises(
        RunError,
        match=r"--name search: .* differs in --sampler \(random, and now tpe\) and --seed "
        r"\(0, and now 4\); take another --name",
    ):
        plan_search(ask_for(study, sampler="tpe", seed=4))
    narrow = study.parent / "narrow.json"
    narrow.write_text(json.dumps({"x": {"type": "float", "low": -1, "high": 1}}))
    with pytest.raises(RunError, match="differs in the space"):
        plan_search(ask_for(study, space_file=str(narrow)))
    assert run(ask_for(study, name="other", sampler="tpe", seed=4)).trials


def test_a_lost_or_damaged_journal_is_written_anew_from_the_records(study: Path) -> None:
    plan = plan_search(ask_for(study, sampler="tpe", trials=14))
    outcome = run(plan)
    journal = plan.folder.journal
    whole = journal.read_bytes()
    lines = whole.splitlines(keepends=True)
    damages = [None, b"", b"no journal\n", b"".join([*lines[:9], b"{\n", *lines[9:]]), whole[:-9]]
    for damage in damages:
        journal.unlink()
        if damage is not None:
            journal.write_bytes(damage)
        assert tell(run(ask_for(study, sampler="tpe", trials=14))) == tell(outcome)
    assert len(list(plan.folder.path.glob("_search-*/optuna.journal.damaged-*"))) == 2
    assert len(run(ask_for(study, sampler="tpe", trials=16)).trials) == 16
    assert load_storage(plan.folder, plan.info) is not None


def test_a_full_disk_is_no_damage_to_a_journal(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_search(ask_for(study, trials=2))
    run(plan)
    before = plan.folder.journal.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("runner.search.journal_lock.JournalLock._create", fail)
        with pytest.raises(BatchStopped, match="No space left on device"):
            run(plan_search(ask_for(study, trials=4)))
    assert plan.folder.journal.read_bytes() == before
    assert not list(plan.folder.journal.parent.glob("*.damaged-*"))


def test_a_point_that_is_no_configuration_is_noted_and_does_not_count(tiny_study: Path) -> None:
    (tiny_study / "space.json").write_text(
        json.dumps({"d_model": {"choices": [6, 8]}, "n_heads": {"choices": [2, 3]}})
    )
    (tiny_study.parent / "trainer.py").write_text(SAVING)
    outcome = run(ask_for(tiny_study, trials=4))
    assert sum(t.counts for t in outcome.trials) == 4
    infeasible = outcome.list_state("infeasible")
    assert all(
        "d_model=8 is not divisible by n_heads=3" in (t.infeasible or "") for t in infeasible
    )
    assert {t.state for t in outcome.trials} <= {"complete", "infeasible"}


def test_a_trial_whose_record_is_damaged_or_gone_runs_again(study: Path) -> None:
    (study.parent / "trainer.py").write_text(CURVE)
    asked = ask_for(study, pruner="median", trials=12, seed=4)
    plan = plan_search(asked)
    outcome = run(plan)
    assert outcome.list_state("pruned")
    torn, gone = plan.folder.fit("trial-00003", 1), plan.folder.fit("trial-00007", 1)
    whole = (torn / "record.json").read_text()
    (torn / "record.json").write_text(whole[:-20])
    shutil.rmtree(gone)
    events: list[Event] = []
    assert tell(run(asked, events.append)) == tell(outcome)
    ended = [event for event in events if isinstance(event, FitEnded)]
    assert sorted(event.fit.name for event in ended) == ["trial-00003", "trial-00007"]
    assert len(list(plan.folder.records())) == 12
    assert torn.with_name("seed-1.damaged-1").is_dir()
    for trial in outcome.list_state("pruned"):
        shutil.rmtree(plan.folder.fit(trial.name, 1))
    assert tell(run(asked)) == tell(outcome)
    again = {record.name: record.status for record in plan.folder.records()}
    assert again == {trial.name: trial.state for trial in outcome.trials}


def test_a_journal_that_is_damaged_while_the_search_runs_stops_it_in_a_sentence(
    study: Path,
) -> None:
    asked = ask_for(study, trials=9)
    plan = plan_search(asked)

    def damage(event: Event) -> None:
        if isinstance(event, FitEnded) and event.fit.name == "trial-00003":
            with plan.folder.journal.open("ab") as file:
                file.write(b"{nothing\n")

    with pytest.raises(BatchStopped, match=r"optuna\.journal: it was damaged while the search ran"):
        run(asked, damage)
    outcome = run(asked)
    assert len(outcome.list_state("complete")) == 9
    assert tell(outcome) == tell(run(ask_for(study, trials=9, name="whole")))


@pytest.mark.slow
def test_the_networks_of_a_study_are_searched_and_pruned(tmp_path: Path) -> None:
    folder = tmp_path / "narrow"
    folder.mkdir()
    base = {
        "hidden_size": 4, "n_layers": 1, "dropout": 0.0, "learning_rate": 1e-3, "context": 8,
        "weight_decay": 0.0, "batch_size": 512, "epochs": 14, "patience": 14, "min_delta": 0.0,
    }  # fmt: skip
    study = {
        "title": "Narrow", "task": "regression", "trainer": "lstm", "seeds": [0], "base": base,
        "label": {"target": "log_range", "horizon": 1}, "rope": 0.0001,
    }  # fmt: skip
    (folder / "study.json").write_text(json.dumps(study))
    rate = {"type": "float", "low": 1e-5, "high": 0.3, "log": True}
    (folder / "space.json").write_text(json.dumps({"learning_rate": rate}))
    asked = ask_for(folder, sampler="tpe", pruner="median", trials=20)
    plan = plan_search(replace(asked, request=replace(asked.request, trainer=None)))
    outcome = run(plan)
    assert outcome.trials[0].is_default
    assert {trial.state for trial in outcome.trials} == {"complete", "pruned"}
    for record in plan.folder.records():
        assert record.predictions_sha256 is not None
        assert 10 <= len(record.curve) <= 14  # the median is asked from epoch 10 on


def test_what_others_have_run_is_told_before_every_proposal(study: Path) -> None:
    run(ask_for(study, trials=3))
    seen: list[TrialsElsewhere] = []
    run(ask_for(study, trials=5), see=seen.append)
    assert len(seen) >= 3
    assert all(one == TrialsElsewhere(Counter(complete=3), begun=0, running=0) for one in seen)
