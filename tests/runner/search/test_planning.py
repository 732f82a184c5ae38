"""What a search is settled to be, and what is refused before anything is proposed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runner.search.planning import plan_search
from runner.search.trials import History
from tests.runner.search.conftest import ask_for, run, space, write_study
from trial_sets.errors import InputError

KIND = {"kind": {"choices": ["a", "b"]}}
RATE = {"learning_rate": {"type": "float", "low": 1e-4, "high": 1e-1, "log": True}}


def test_a_plan_says_what_the_search_is_and_writes_nothing(study: Path) -> None:
    plan = plan_search(ask_for(study, sampler="tpe", seed=4, jobs=3))
    info = plan.info
    assert (info.name, info.sampler, info.seed, info.fit_seed) == ("search", "tpe", 4, 1)
    assert (info.pruner, info.jobs, info.default, info.fixed) == ("none", 3, None, {})
    assert list(info.space.dimensions) == ["x"]
    assert plan.is_new
    assert plan.folder.search_name == "search"
    assert plan.run.folder.section == ""
    assert plan.notes == ("The base is no point of the space, so it is not proposed first.",)
    assert not (study.parent / "outputs").exists()


@pytest.mark.parametrize(
    ("parameters", "asked", "sentence"),
    [
        (None, {"name": "../x"}, "--name ../x: expected letters, digits"),
        (None, {"name": ""}, "--name : expected letters, digits"),
        (None, {"sampler": "grid"}, "x is a continuous range"),
        (None, {"sampler": "manual"}, "the space has no dimension learning_rate"),
        (KIND, {"sampler": "cmaes"}, "no range of numbers that varies everywhere"),
        (RATE, {"sampler": "manual", "pruner": "median"}, "--pruner median: the manual protocol"),
        (None, {"space_file": "nowhere.json"}, "nowhere.json"),
    ],
)
def test_what_cannot_be_searched_is_refused_in_a_sentence(
    parameters: dict[str, Any] | None, asked: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    study = write_study(tmp_path, parameters)
    with pytest.raises(InputError) as refused:
        plan_search(ask_for(study, **asked))
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "outputs").exists()


@pytest.mark.parametrize(("asked", "kept"), [(None, None), (1, 1), (3, 1)])
def test_folds_are_left_out_and_asked_for_nowhere_else(
    asked: int | None, kept: int | None, tiny_study: Path
) -> None:
    """What run.json says was asked for is part of every command that a report prints."""
    (tiny_study / "space.json").write_text(json.dumps({"dropout": {"choices": [0.1, 0.2]}}))
    request = replace(ask_for(tiny_study).request, trainer=None, folds=asked)
    plan = plan_search(replace(ask_for(tiny_study), request=request))
    assert plan.run.info.data.folds == ()
    assert plan.run.info.request is not None
    assert plan.run.info.request.folds == kept
    assert plan.info.request is not None
    assert (plan.info.request.folds, plan.info.folds) == (asked, asked or 1)
    assert any("not on folds" in note for note in plan.notes) == (asked == 3)


def test_trials_without_what_says_what_they_are_are_not_gone_on_from(study: Path) -> None:
    plan = plan_search(ask_for(study, trials=1))
    run(plan)
    plan.folder.search_json.unlink()
    with pytest.raises(InputError, match=r"search\.json is gone, which says what the trials in"):
        plan_search(ask_for(study, trials=1, sampler="tpe"))


def test_a_search_that_cannot_be_read_is_refused(study: Path) -> None:
    plan = plan_search(ask_for(study, trials=1))
    run(plan)
    path = plan.folder.search_json
    path.write_text(path.read_text().replace('"random"', '"wild"'))
    with pytest.raises(InputError, match=r'search\.json: sampler="wild"'):
        plan_search(ask_for(study, trials=1))


def test_the_base_is_proposed_first_unless_it_is_not_wanted(tmp_path: Path) -> None:
    study = write_study(tmp_path, base={"x": 3.0})
    first = run(ask_for(study, trials=2)).trials[0]
    assert (first.values, first.is_default, first.score) == ({"x": 3.0}, True, 7.0)
    without = run(ask_for(study, trials=2, name="without", with_default=False)).trials
    assert not any(trial.is_default or trial.values == {"x": 3.0} for trial in without)


def test_the_manual_protocol_gives_its_reasons_and_begins_where_the_range_test_says(
    tmp_path: Path,
) -> None:
    code = """def train(configuration, data, context):
    for epoch in range(8):
        context.report_epoch(train_loss=1.0 if epoch % 2 else 0.8)
    return {"loss": configuration["learning_rate"]}
"""
    study = write_study(tmp_path, RATE, {"learning_rate": 0.01}, code)
    plan = plan_search(ask_for(study, sampler="manual"))
    outcome = run(plan, start_rate=0.08)
    rates = [float(trial.values["learning_rate"]) for trial in outcome.trials]
    assert rates == pytest.approx([0.08, 0.04, 0.02, 0.01, 0.005])
    assert outcome.trials[0].reason == "the range test suggests 0.08"
    assert outcome.trials[1].reason is not None
    assert outcome.trials[1].reason.startswith("at 0.08 the training oscillates (over the last")
    kept = json.loads(plan.folder.search_json.read_text())
    assert (kept["sampler"], kept["jobs"]) == ("manual", 1)


def test_trials_that_have_ended_are_read_once() -> None:
    import optuna  # noqa: PLC0415

    study = optuna.create_study()
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=3)
    running = study.ask()
    history = History(space(x={"type": "float", "low": 0, "high": 1}))
    first = history.update(study.trials)
    study.tell(running, 1.0)
    second = history.update(study.trials)
    assert [trial.state for trial in first] == ["complete"] * 3 + ["running"]
    assert [trial.state for trial in second] == ["complete"] * 4
    assert all(a is b for a, b in zip(first[:3], second[:3], strict=True))
