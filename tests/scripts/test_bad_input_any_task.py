"""Whatever is wrong with a study of any task, a function or a command: a sentence and exit code 2.

Every kind is bent from a study and a table that work.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from scripts.run_supplementary import main
from tests.scripts.any_task import DATA, FUNCTION, RUN, SET, STUDY, TEMPLATE, write, write_example

NETWORK = {
    "d_model": 8, "n_layers": 1, "n_heads": 2, "d_ff_ratio": 1, "dropout": 0.1, "patch": 1,
    "learning_rate": 1e-3, "weight_decay": 0.0, "batch_size": 32, "epochs": 2, "context": 1,
    "stride": 1, "revin": False, "min_delta": 0.01,
}  # fmt: skip
LSTM = {
    "hidden_size": 4, "n_layers": 1, "dropout": 0.0, "learning_rate": 1e-3, "weight_decay": 0.0,
    "batch_size": 32, "epochs": 2, "context": 1, "min_delta": 0.01,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _go_to_a_working_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rng: np.random.Generator
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    write_example(rng)


def refuse(*arguments: str, message: str) -> None:
    result = CliRunner().invoke(main, [*arguments, "--dry-run"])
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not Path("outputs").exists()


@pytest.mark.parametrize("how", [(*DATA, *FUNCTION), ("--command", TEMPLATE), ()])
def test_the_example_itself_is_accepted(how: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*RUN, *how, "--dry-run"])
    assert (result.exit_code, result.stderr) == (0, "")


COMMANDS = [
    ("python script.py {rate} {depth} {out}", "{seed} does not stand in it"),
    ("python script.py {rate} {depth} {seed}", "{out} does not stand in it"),
    ("python script.py {rate} {seed} {out}", "{depth} does not stand in it"),
    ("python script.py {rate} {dept} {depth} {seed} {out}", "did you mean depth?"),
    ("python script.py {rate} {depth} {seed} {out} | tee log", "'|' is for a shell"),
    ("python script.py {rate} {depth} {seed} '{out}", "a quotation mark lacks its other one"),
    ("pythn script.py {rate} {depth} {seed} {out}", "there is no such program"),
    ("A=1 python script.py {rate} {depth} {seed} {out}", "sets a variable"),
    ("{rate} {depth} {seed} {out}", "the program itself cannot be a placeholder"),
    ("python script.py {rate} {depth} {seed} {out} {", "has a brace of its own"),
    ("", "is empty"),
]


@pytest.mark.parametrize(("template", "message"), COMMANDS)
def test_a_command(template: str, message: str) -> None:
    refuse(*RUN, "--command", template, message=message)


OPTIONS = [
    ([*DATA, "--command", TEMPLATE], "--command reads data of its own"),
    ([*FUNCTION, "--command", TEMPLATE], "--trainer and --command exclude each other"),
    (["--python", "python3"], "--python python3: names what runs --trainer or --command"),
    ([*DATA, *FUNCTION, "--python", "nowhere/python"], "there is no such program"),
    ([*DATA, *FUNCTION, "--python", "any"], "is a folder"),
    ([*DATA, *FUNCTION, "--val-fraction", "0.2"], "the study splits rows without time"),
    ([*DATA, *FUNCTION, "--val-start", "2020-01-01"], "the study splits rows without time"),
    (
        [*DATA, *FUNCTION, "--threshold", "0.02"],
        "--threshold: the label of study any is no move of prices",
    ),
    ([*DATA, *FUNCTION, "--epochs", "3"], "--epochs"),
    ([*DATA, *FUNCTION, "--context", "3"], "--context"),
    ([*DATA, *FUNCTION, "--precision", "bf16"], "--precision bf16: not with --trainer"),
    ([*DATA, "--trainer", "train.py:trian"], "did you mean train?"),
    ([*DATA, *FUNCTION, "--label", "w"], "w"),
    ([*DATA, *FUNCTION, "--trial", "A9"], "there is no trial 'A9'"),
]


@pytest.mark.parametrize(("arguments", "message"), OPTIONS, ids=lambda v: " ".join(v)[-40:])
def test_an_option(arguments: list[str], message: str) -> None:
    refuse(*RUN, *arguments, message=message)


STUDIES: list[tuple[dict[str, Any], str]] = [
    ({"task": "regresion"}, "regression"),
    ({"metric": {"name": "rsme"}}, "did you mean rmse?"),
    ({"metric": {"name": "auc"}}, "is no metric of task regression"),
    ({"metric": {"name": "rmse", "direction": "maximize"}}, "metric rmse: direction=maximize"),
    ({"task": "none"}, 'task "none" needs a metric'),
    ({"task": "none", "metric": {"name": "zap"}}, "metric zap: say its direction"),
    ({"rope": None}, "rope is missing"),
    ({"rope": -0.1}, "rope=-0.1, expected greater than or equal to 0"),
    ({"task": "binary", "rope": 0.5}, "rope=0.5, expected a difference of AUC less than 0.5"),
    ({"label": {"threshold": 0.01}}, "threshold tells two classes apart"),
    ({"label": {"column": "y", "target": "return"}}, "column and target exclude each other"),
    ({"label": {"target": "log_rnge"}}, "expected 'log_range', 'return'"),
    ({"label": {"target": "return", "horizon": 2}}, "target looks at the rows that follow"),
    ({"split": {"kind": "randm"}}, "expected 'dates', 'fractions', 'random'"),
    ({"split": {"kind": "random", "column": "part"}}, "column does not go with kind=random"),
    ({"split": {"kind": "groups"}}, "kind=groups needs column"),
    ({"split": {"kind": "random", "val": 0.6, "test": 0.5}}, "leave no row to train on"),
    ({"split": {"kind": "stratified"}}, "of which task regression has none"),
    ({"parameters": {"note": {"type": "int"}}}, "choose another name"),
    ({"parameters": {"rate": {"type": "flaot"}}}, "expected 'float', 'int'"),
    ({"parameters": {"rate": {"low": 1}}}, "needs type or choices"),
    ({"parameters": {"rate": {"type": "float", "low": 2, "high": 1}}}, "low=2 is above high=1"),
    ({"parameters": {"rate": {"type": "float", "low": 0, "log": True}}}, "begins above 0"),
    ({"parameters": {"rate": {"choices": [1, "a"]}}}, "choices are of several types"),
    ({"parameters": {"rate": {"choices": [1, 1]}}}, "stands twice"),
    ({"parameters": {}}, "parameters={}, expected at least 1 item"),
    ({"trainer": "lstm"}, "trainer=lstm has hyperparameters of its own"),
    ({"base": {"rate": 0.1}}, "the parameter depth has no value"),
    ({"base": {"rate": 0.1, "dept": 3}}, "did you mean depth?"),
    ({"base": {"rate": "fast", "depth": 3}}, "expected a value of type float"),
    ({"base": {"rate": 0.1, "depth": 2.5}}, "expected a value of type int"),
    ({"base": {"rate": [0.1, 0.2], "depth": 3}}, "rate=[0.1, 0.2], expected finite number"),
]


@pytest.mark.parametrize(("change", "message"), STUDIES, ids=lambda v: json.dumps(v)[:50])
def test_a_study(change: dict[str, Any], message: str) -> None:
    write("study", {k: v for k, v in {**STUDY, **change}.items() if v is not None})
    refuse(*RUN, *DATA, *FUNCTION, message=message)


def network(base: dict[str, Any], **change: Any) -> dict[str, Any]:
    left = {name: value for name, value in STUDY.items() if name != "parameters"}
    return {**left, "base": base, **change}


WITHOUT = {name: value for name, value in NETWORK.items() if name != "min_delta"}
NETWORKS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (network(WITHOUT), {}, "min_delta is missing"),
    (network(NETWORK), {"hidden_size": 8}, 'unknown key "hidden_size"'),
    (network(LSTM, trainer="lstm"), {"d_model": 8}, 'unknown key "d_model"'),
    (network(LSTM, trainer="lsmt"), {}, "expected 'patch_transformer' or 'lstm'"),
    (network(NETWORK), {"loss": "bce"}, "loss='bce' is not one of mse, mae, huber"),
    (network(NETWORK), {"loss": "hubber"}, "expected 'bce'"),
    (network(NETWORK), {"label_smoothing": 0.1}, "has no effect on task regression"),
    (network(NETWORK), {"patch": 4}, "patch=4 is longer than context=1"),
    (
        network({**NETWORK, "context": 8, "patch": 4, "stride": 4}),
        {},
        "rows without time have no windows",
    ),
    (
        network(NETWORK, task="none", metric={"name": "r", "direction": "maximize"}),
        {},
        "its trainer brings data",
    ),
]


@pytest.mark.parametrize("number", range(len(NETWORKS)))
def test_a_study_of_a_network(number: int) -> None:
    study, trial, message = NETWORKS[number]
    write("study", study)
    write("A", {**SET, "trials": {"A1": trial or {"dropout": 0.2}}})
    refuse(*RUN, *DATA, message=message)


TABLES: list[tuple[dict[str, Any], str]] = [
    ({"task": "multiclass", "label": {"column": "rare"}}, "class 'c' has 1 training row"),
    ({"task": "multiclass", "label": {"column": "patient"}}, "declare task binary"),
    ({"task": "multiclass", "label": {"column": "y"}}, "looks like a regression target"),
    (
        {"task": "binary", "label": {"column": "patient"}, "rope": 0.01},
        "neither is plainly the positive one",
    ),
    ({"label": {"column": "kind"}}, "for texts declare task binary or multiclass"),
    ({"label": {"column": "yy"}}, "there is no column 'yy' (nearest: 'y')"),
    ({"split": {"kind": "groups", "column": "patient"}}, "2 groups are too few"),
    ({"split": {"kind": "groups", "column": "patiens"}}, "(nearest: 'patient')"),
    ({"split": {"kind": "column", "column": "kind"}}, "expected train, val or test"),
    (
        {
            "task": "multiclass",
            "label": {"column": "kind"},
            "split": {"kind": "column", "column": "part"},
        },
        "class 'c' has no training rows",
    ),
    ({"split": None}, "rows without time need a split that says so"),
    ({"split": None, "label": {"target": "return"}}, "column 'y' is called like a label"),
]


@pytest.mark.parametrize(("change", "message"), TABLES, ids=lambda v: json.dumps(v)[:60])
def test_a_table(change: dict[str, Any], message: str) -> None:
    write("study", {k: v for k, v in {**STUDY, **change}.items() if v is not None})
    refuse(*RUN, *DATA, *FUNCTION, message=message)


SETS: list[tuple[dict[str, Any], str]] = [
    ({"trials": {"A1": {"dept": 5}}}, "unknown parameter"),
    ({"trials": {"A1": {"depth": {"of": 3}}}}, "expected finite number"),
    ({"trials": {"A1": {"depth": True}}}, "expected a value of type int"),
    ({"expectations": []}, "expectations and claims are two names"),
    ({"claims": [{"rises_with": "dept"}]}, "there is no hyperparameter 'dept'"),
    ({"claims": [{"better": ["A1"], "than": ["B"]}]}, "there is no trial 'B'"),
    (
        {"claims": [{"better": ["A1"], "than": ["BASE"], "metric": "loss"}]},
        "a claim about loss needs `by`",
    ),
    ({"control": "BASSE"}, "did you mean BASE?"),
]


@pytest.mark.parametrize(("change", "message"), SETS, ids=lambda v: json.dumps(v)[:60])
def test_a_set(change: dict[str, Any], message: str) -> None:
    write("A", {**SET, **change})
    refuse(*RUN, *DATA, *FUNCTION, message=message)


def test_a_value_out_of_its_range_is_a_finding() -> None:
    write("A", {**SET, "trials": {"A1": {"depth": 50}, "A2": {"rate": 5.0}}})
    result = CliRunner().invoke(main, [*RUN, *DATA, *FUNCTION, "--dry-run"])
    assert result.exit_code == 0
    for sentence in ("depth=50", "rate=5"):
        assert sentence in result.stdout


def test_a_study_with_parameters_only_plans_without_a_trainer() -> None:
    result = CliRunner().invoke(main, [*RUN])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "say with --trainer or --command what trains with them" in result.stderr


def test_a_network_that_is_to_learn_nothing_plans_and_is_refused_when_it_is_to_run() -> None:
    study = network(NETWORK, task="none", metric={"name": "r", "direction": "maximize"})
    write("study", {k: v for k, v in study.items() if k not in {"label", "split"}})
    write("A", {**SET, "trials": {"A1": {"dropout": 0.2}}})
    result = CliRunner().invoke(main, [*RUN, "--dry-run"])
    assert (result.exit_code, result.stderr) == (0, "")
    result = CliRunner().invoke(main, [*RUN])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "has task none, which no network of ours learns" in result.stderr
    assert not Path("outputs").exists()
