"""Whatever is wrong with a study of any task, a function or a command: a sentence and exit code 2.

Every kind is bent from a study and a table that work. What only shows once a fit runs stands in
that fit's record instead.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from scripts.analyze import main as analyze
from scripts.run_supplementary import main
from trial_sets.records.record import Record

STUDY: dict[str, Any] = {
    "title": "Any",
    "task": "regression",
    "label": {"column": "y"},
    "split": {"kind": "random"},
    "rope": 0.1,
    "seeds": [0, 1],
    "parameters": {
        "rate": {"type": "float", "low": 0.001, "high": 1, "log": True},
        "depth": {"type": "int", "low": 1, "high": 9},
    },
    "base": {"rate": 0.1, "depth": 3},
    "controls": {"BASE": {}},
}
SET: dict[str, Any] = {
    "title": "A",
    "control": "BASE",
    "trials": {"A1": {"depth": 5}},
    "claims": [{"better": ["A1"], "than": ["BASE"]}],
}
NETWORK = {
    "d_model": 8, "n_layers": 1, "n_heads": 2, "d_ff_ratio": 1, "dropout": 0.1, "patch": 1,
    "learning_rate": 1e-3, "weight_decay": 0.0, "batch_size": 32, "epochs": 2, "context": 1,
    "stride": 1, "revin": False, "min_delta": 0.01,
}  # fmt: skip
LSTM = {
    "hidden_size": 4, "n_layers": 1, "dropout": 0.0, "learning_rate": 1e-3, "weight_decay": 0.0,
    "batch_size": 32, "epochs": 2, "context": 1, "min_delta": 0.01,
}  # fmt: skip
RUN = ("--study", "any", "--set", "A")
DATA = ("--data", "table.csv")
FUNCTION = ("--trainer", "train.py:train")
TEMPLATE = "python script.py {rate} {depth} {seed} {out}"


def write(name: str, content: dict[str, Any]) -> None:
    Path("any").mkdir(exist_ok=True)
    Path("any", f"{name}.json").write_text(json.dumps(content))


@pytest.fixture(autouse=True)
def _go_to_a_working_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rng: np.random.Generator
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    write("study", STUDY)
    write("A", SET)
    table = {"x": rng.normal(size=120), "z": rng.normal(size=120), "y": rng.normal(size=120)}
    pd.DataFrame(table).assign(
        kind=np.repeat(["a", "b", "c"], 40),
        rare=["a"] * 60 + ["b"] * 59 + ["c"],
        part=(["train"] * 80 + ["val"] * 40),
        patient=np.repeat(["p", "q"], 60),
    ).to_csv("table.csv", index=False)
    Path("train.py").write_text("def train(configuration, data, context):\n    return {}\n")
    Path("script.py").write_text("print()\n")


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


# What shows once a fit runs: one batch, each of whose trials makes a mistake of its own.

FAULTY_SCRIPT = r"""
import json
import os
import sys
from pathlib import Path

fault, seed, out = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
rows = [[row, 0.5 * row, 0.4 * row] for row in range(80)]
header = ["row", "label", "score"]
metrics = '{"rmse": 1.5}'
if fault == "list":
    metrics = "[1, 2]"
elif fault == "text":
    metrics = '{"rmse": "low"}'
elif fault == "nan":
    metrics = '{"rmse": NaN}'
elif fault == "torn":
    metrics = '{"rmse": 1.'
elif fault == "labels":
    rows[3][1] += 1
elif fault == "length":
    rows = rows[:79]
elif fault == "score":
    rows[7][2] = "nan"
elif fault == "word":
    rows[7][2] = "high"
elif fault == "twice":
    rows[7][0] = 6
elif fault == "column":
    header[2] = "scroe"
elif fault == "raises":
    raise ValueError(f"no such file: /data/{os.getpid()}.npy")
elif fault == "status":
    sys.exit(3)
elif fault == "signal":
    os.kill(os.getpid(), 9)
if fault == "metric":
    metrics = '{"rmse_": 1.5}'
    rows = []
if fault == "empty":
    sys.exit(0)
(out / "metrics.json").write_text(metrics)
if rows:
    lines = [",".join(map(str, row)) for row in [header, *rows]]
    (out / "predictions.csv").write_text("\n".join(lines))
"""
FAULTS = {
    "list": "metrics.json: row 1: is int, expected a mapping of names to numbers",
    "text": 'metrics.json: "rmse" is "low", expected a finite number',
    "nan": 'metrics.json: "rmse" is NaN, expected a finite number',
    "torn": "metrics.json: not valid JSON at line 1",
    "labels": "row 3 has the label 2.5, in the run's first fit 1.5; 1 of 80 rows differ",
    "length": "the predictions are of 79 rows, those of the run's first fit of 80",
    "score": 'score of entry 8 is "nan", expected a finite number',
    "word": 'score of entry 8 is "high", expected a finite number',
    "twice": "row 6 stands 2 times, expected each row once",
    "column": "the column 'score' is missing",
    "raises": "exit status 1: ValueError: no such file",
    "status": "exit status 3",
    "signal": "the command was ended by SIGKILL",
    "metric": "metrics.json: does not hold rmse, the study's metric; did you mean rmse_?",
    "empty": "wrote neither metrics.json nor predictions to {out}",
}


def run_faults(faults: dict[str, str], *how: str) -> dict[str, Record]:
    """Run a trial a fault beside one without, and return the records by fault."""
    kinds = ["none", *faults]
    write("study", {**STUDY, "parameters": {"fault": {"choices": kinds}}, "base": {},
                    "controls": {}})  # fmt: skip
    trials = {f"A{number}": {"fault": fault} for number, fault in enumerate(kinds, 1)}
    write("A", {"title": "Faults", "trials": trials})
    result = CliRunner().invoke(
        main, [*RUN, *how, "--keep-going", "--jobs", "1", "--retries", "0", "--no-baselines"]
    )
    assert result.exit_code == 1, result.output
    assert f"1 fit complete, {len(faults)} failed" in " ".join(result.stdout.split())
    records = {}
    for number, fault in enumerate(kinds, 1):
        (path,) = Path("outputs").glob(f"any/*/A{number}/seed-0/record.json")
        records[fault] = Record.model_validate_json(path.read_text())
    assert records.pop("none").status == "complete"
    return records


def check_faults(records: dict[str, Record], faults: dict[str, str]) -> None:
    told = {fault: str(record.failure) for fault, record in records.items()}
    assert {f: told[f] for f in faults if faults[f] not in told[f]} == {}
    for fault, record in records.items():
        assert record.failure is not None, fault
        assert len(record.failure.message.splitlines()) == 1, fault


def test_what_a_command_can_get_wrong_stands_in_its_record() -> None:
    Path("script.py").write_text(FAULTY_SCRIPT)
    records = run_faults(FAULTS, "--command", "python script.py {fault} {seed} {out}")
    check_faults(records, FAULTS)
    result = CliRunner().invoke(analyze, ["--no-figures"])
    assert result.exit_code == 0, result.output


FAULTY_FUNCTION = """
import numpy as np


def train(configuration, data, context):
    fault, val = configuration["fault"], np.zeros(len(data.val_rows))
    if fault == "length":
        val = val[:-1]
    elif fault == "nan":
        val[0] = np.nan
    elif fault == "shape":
        val = np.zeros((len(val), 3))
    elif fault == "huge":
        val[:] = 1e200
    elif fault == "returns":
        return 3
    elif fault == "text":
        return {"rmse": "low"}
    elif fault == "infinite":
        return {"rmse": float("inf")}
    elif fault == "nothing":
        return None
    elif fault == "auc":
        context.report_epoch(val_auc=0.5)
    elif fault == "epoch":
        context.report_epoch(val_metric=float("nan"))
    elif fault == "test":
        context.save_predictions(val, test=val)
    elif fault == "writes":
        data.features[0] = 1
    elif fault == "import":
        import no_such_module
    elif fault == "exit":
        raise SystemExit(4)
    context.save_predictions(val)
"""
WRONG = {
    "length": "save_predictions: val has shape",
    "nan": "values of val are not finite",
    "shape": "expected",
    "huge": "are beyond",
    "returns": "returned int, expected a mapping of metrics or None",
    "text": "expected a finite number",
    "infinite": "expected a finite number",
    "nothing": "rmse",
    "auc": "the study's metric is rmse",
    "epoch": "expected a finite number",
    "test": "nobody asked for it",
    "writes": "read-only",
    "import": "no_such_module",
    "exit": "4",
}


def test_what_a_function_can_get_wrong_stands_in_its_record() -> None:
    Path("train.py").write_text(FAULTY_FUNCTION)
    check_faults(run_faults(WRONG, *DATA, *FUNCTION), WRONG)


ANALYSES = [
    (["--metric", "rsme"], "has no val_rsme; did you mean rmse?"),
    (["--metric", "mae"], "--metric mae needs --rope, in units of MAE"),
    (["--rope", "-1"], "--rope"),
    (["--metric", "auc"], "has no val_auc; valid: mae, mse"),
]


def test_what_analyze_cannot_judge() -> None:
    Path("train.py").write_text(FAULTY_FUNCTION)
    run_faults({"length": "length"}, *DATA, *FUNCTION)
    for arguments, message in ANALYSES:
        result = CliRunner().invoke(analyze, ["--no-figures", *arguments])
        assert result.exit_code == 2, (arguments, result.output)
        assert message in result.stderr
        assert "Traceback" not in result.stderr
