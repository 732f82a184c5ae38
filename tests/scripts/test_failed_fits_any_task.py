"""What a function or a command gets wrong once it runs stands in its fit's record, in a sentence.

One batch each, every trial of which makes a mistake of its own.
"""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from scripts.analyze import main as analyze
from scripts.run_supplementary import main
from tests.scripts.any_task import DATA, FUNCTION, RUN, STUDY, write, write_example
from trial_sets.records.record import Record


@pytest.fixture(autouse=True)
def _go_to_a_working_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rng: np.random.Generator
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    write_example(rng)


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


def test_failures_that_differ_in_numbers_alone_are_told_once() -> None:
    Path("script.py").write_text(FAULTY_SCRIPT)
    write("study", {**STUDY, "parameters": {"fault": {"choices": ["raises"]}}, "base": {},
                    "controls": {}})  # fmt: skip
    write("A", {"title": "Faults", "trials": {"A1": {"fault": "raises"}}})
    command = "python script.py {fault} {seed} {out}"
    result = CliRunner().invoke(main, [*RUN, "--command", command, "--seeds", "2"])
    assert result.exit_code == 1
    assert result.stdout.count("exit status 1") == 1
    assert "0 fits complete, 2 failed" in " ".join(result.stdout.split())


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
