"""The command end to end: what a person types, reads and gets."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from scripts.run_supplementary import main
from tests.claimed import REVERSED, Bench
from tests.processes import list_marked
from trial_sets.records.claim_ledger import read_claims

ROOT = Path(__file__).resolve().parent.parent.parent
ENDLESS = {"epochs": 100_000, "patience": 100_000, "dropout": 0.9}
MARK = "SUPPLEMENTARY_TRIALS_TEST"


@pytest.fixture(autouse=True)
def _go_to_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")


def command(*arguments: object, mark: str = "") -> subprocess.Popen[str]:
    """Start the command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "scripts.run_supplementary", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, MARK: mark},
    )


def run(*arguments: object) -> tuple[int, str, str]:
    told = CliRunner().invoke(main, [*map(str, arguments)])
    return told.exit_code, told.stdout, told.stderr


def wait_until_gone(mark: str) -> list[int]:
    deadline = time.monotonic() + 10
    while (left := list_marked(f"{MARK}={mark}")) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


@pytest.fixture
def endless_study(tiny_study: Path) -> Path:
    content = json.loads((tiny_study / "A.json").read_text())
    content["trials"] = {"A1": {"dropout": 0.2}, "A2": ENDLESS}
    (tiny_study / "A.json").write_text(json.dumps(content))
    return tiny_study


def lines_until(process: subprocess.Popen[str], words: str) -> Iterator[str]:
    assert process.stderr is not None
    for line in process.stderr:
        yield line
        if words in line:
            return
    pytest.fail(f"the command ended without saying {words!r}")


LOOKS: list[tuple[list[str], set[str]]] = [
    (["--help"], {"torch", "sklearn", "pandas", "numpy"}),
    (["--list"], {"torch", "sklearn", "pandas", "numpy"}),
    (["--dry-run", "--trial", "A1"], {"torch", "sklearn", "scipy"}),  # no claim to forecast
    (["--dry-run", "--set", "all"], {"torch", "sklearn"}),
    (["--status", "--set", "all"], {"torch", "sklearn"}),
]


def test_a_look_imports_nothing_heavy() -> None:
    """All in one process: what each loads, those after it may load too."""
    code = (
        "import sys; from scripts.run_supplementary import main\n"
        f"for arguments, heavy in {LOOKS}:\n"
        "    try: main(arguments)\n"
        "    except SystemExit as end: assert not end.code, (arguments, end.code)\n"
        "    found = heavy & set(sys.modules); assert not found, (arguments, found)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode()) == (0, "")


def test_the_plan_of_all_sets_shows_every_trial_once() -> None:
    code, out, _ = run("--dry-run", "--set", "all")
    assert code == 0
    assert "C2 = F2" in out
    assert "29 trial names, 28 distinct (C2 = F2), and 2 controls" in out
    assert "30 fits to run" in out
    assert "424 rows, 75 positive" in out
    plan = json.loads(run("--dry-run", "--set", "all", "--json")[1])
    assert plan["trial_configurations"] == 28
    parameters = {"=".join(line["names"]): line["n_parameters"] for line in plan["lines"]}
    assert parameters["T5"] == 1_305_071
    assert plan["seconds"] > 0


def test_the_plan_on_spy_has_the_proposals_rows(shared_data: Path) -> None:
    dates = ["--val-start", "2023-01-01", "--test-start", "2025-01-01"]
    code, out, _ = run(
        "--data", shared_data / "SPY_daily.csv", *dates, "--set", "A", "--dry-run", "--json"
    )
    assert code == 0
    validation = json.loads(out)["splits"]["validation"]
    assert (validation["rows"], validation["positives"]) == (422, 76)


def test_the_list_shows_notes_and_expected_outcomes() -> None:
    code, out, _ = run("--list")
    assert code == 0
    assert "Explores the upper range" in out
    assert "Expected: the mean of F1 and F2 beats T5 (in words:" in out


def test_claims_are_fixed_without_a_run(tiny_study: Path, tmp_path: Path) -> None:
    arguments = ["--study", tiny_study, "--output", tmp_path / "o"]
    assert json.loads(run(*arguments, "--list", "--json")[1])["claims"][0]["since"] is None
    code, out, err = run(*arguments, "--fix-claims")
    assert (code, err) == (0, "")
    assert "Claim of set A: A2 beats A1: fixed since 20" in out
    assert list((tmp_path / "o").iterdir()) == [tmp_path / "o" / "claims.jsonl"]
    assert "(fixed since 20" in run(*arguments, "--list")[1]
    claims = json.loads(run(*arguments, "--set", "A", "--dry-run", "--json")[1])["claims"]
    assert [claim["status"] for claim in claims] == ["fixed"]
    (tmp_path / "o" / "claims.jsonl").write_text("notes\n")
    code, _, err = run(*arguments, "--fix-claims")
    assert (code, "none can be confirmed" in err) == (1, True)


def test_claims_on_rows_that_nothing_trains_on_are_not_fixed(tmp_path: Path) -> None:
    metric = {"name": "loss", "direction": "minimize"}
    study = {"title": "P", "task": "none", "metric": metric, "rope": 0.1, "seeds": [0],
             "parameters": {"x": {"type": "float", "low": 0, "high": 1}},
             "base": {"x": 0}, "controls": {"K": {}}}  # fmt: skip
    said = {"better": ["A1"], "than": ["K"]}
    part = {"title": "A", "control": "K", "trials": {"A1": {"x": 1}}, "expectations": [said]}
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "study.json").write_text(json.dumps(study))
    (tmp_path / "p" / "A.json").write_text(json.dumps(part))
    arguments = ["--study", tmp_path / "p", "--output", tmp_path / "o"]
    code, _, err = run(*arguments, "--fix-claims")
    assert (code, "say with --trainer or --command what trains" in err) == (2, True)
    assert not (tmp_path / "o").exists()


def test_an_edited_claim_reaches_the_run_with_nothing_to_run(
    tiny_study: Path, tmp_path: Path
) -> None:
    asked = Bench(tiny_study, tmp_path / "o")
    plan = asked.batch()
    asked.declare(REVERSED)
    arguments = ["--study", tiny_study, "--set", "all", "--no-baselines"]
    code, _, err = run(*arguments, "--output", tmp_path / "o")
    assert (code, "Claims: 1 post hoc;" in err) == (0, True)
    assert asked.only(plan).status == "post hoc"


def test_a_batch_runs_and_runs_no_fit_twice(tiny_study: Path, tmp_path: Path) -> None:
    arguments = ["--study", tiny_study, "--set", "A", "--output", tmp_path / "o", "--jobs", 1]
    process = command(*arguments)
    out, err = process.communicate(timeout=100)
    assert process.returncode == 0, err
    assert "3 fits complete" in out
    assert "A1 seed 3: complete, val AUC 0." in err
    assert "Claims: 1 fixed;" in err
    heads = read_claims(tmp_path / "o" / "claims.jsonl").digests
    records = [json.loads(p.read_text()) for p in (tmp_path / "o").rglob("record.json")]
    assert {record["claims_head"] for record in records} == {heads[1]}
    log = next((tmp_path / "o" / "tiny").glob("*/progress.log"))
    assert {record["run"] for record in records} == {log.parent.name}
    assert log.read_text().count(": complete, val AUC") == 3
    code, out, err = run(*arguments, "--json")
    assert "0 fits to run, 3 finished" in err
    result = json.loads(out)
    assert (code, result["complete"], result["failed"]) == (0, 3, 0)
    code, out, _ = run(*arguments, "--seeds", 2, "--dry-run")
    assert "3 fits to run, 3 finished" in out
    assert code == 0


def test_ctrl_c_keeps_finished_fits_and_leaves_no_process(
    endless_study: Path, tmp_path: Path
) -> None:
    mark = str(tmp_path)
    arguments = ["--study", endless_study, "--trial", "A1,A2", "--output", tmp_path / "o"]
    process = command(*arguments, "--jobs", 2, mark=mark)
    list(lines_until(process, "A1 seed 3: complete"))
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Interrupted; finished fits are kept" in err
    assert "Traceback" not in err
    assert wait_until_gone(mark) == []
    code, out, _ = run(*arguments, "--dry-run", "--json")
    assert (code, json.loads(out)["fits_finished"]) == (0, 1)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
def test_kill_9_loses_no_finished_fit_and_takes_the_workers_along(
    endless_study: Path, tmp_path: Path
) -> None:
    mark = str(tmp_path)
    arguments = ["--study", endless_study, "--trial", "A1,A2", "--output", tmp_path / "o"]
    process = command(*arguments, "--jobs", 2, mark=mark)
    list(lines_until(process, "A1 seed 3: complete"))
    assert len(list_marked(f"{MARK}={mark}")) == 3
    process.kill()
    process.communicate(timeout=20)
    assert wait_until_gone(mark) == []
    code, out, _ = run(*arguments, "--dry-run", "--json")
    assert (code, json.loads(out)["fits_finished"]) == (0, 1)


def test_a_failed_fit_is_said_and_the_exit_code_is_1(tiny_study: Path, tmp_path: Path) -> None:
    content = json.loads((tiny_study / "A.json").read_text())
    content["trials"]["A1"] = {"learning_rate": 1e6, "optimizer": "adamw", "weight_decay": 1e6}
    (tiny_study / "A.json").write_text(json.dumps(content))
    code, out, err = run(
        "--study", tiny_study, "--set", "A", "--output", tmp_path / "o", "--jobs", 1
    )
    assert code == 1
    assert "A1 seed 3: FAILED (diverged)" in err
    assert "2 fits complete, 1 failed or missing" in out


BAD = [
    ([], r"say what to run: --set with one of A, B, C, D, E, F or all"),
    (["--set", "G"], r"study a50: there is no set 'G'"),
    (["--set", "A", "--trial", "A9"], r"there is no trial 'A9'; did you mean A"),
    (["--set", "A", "--study", "a5"], r"there is no study 'a5', nor a folder"),
    (["--set", "A", "--seeds", "11"], r"--seeds 11: study a50 declares 10 seeds"),
    (["--set", "A", "--seeds", "0"], r"Invalid value for '--seeds'"),
    (["--set", "A", "--tier", "a51"], r"--tier a51: there is no such tier; did you mean a50?"),
    (["--set", "A", "--device", "tpu"], r"--device tpu: expected auto, cpu"),
    (["--set", "A", "--data", "nowhere.csv"], r"nowhere.csv: there is no such file"),
    (["--set", "A", "--val-start", "soon"], r"--val-start: found 'soon'; expected a date such as"),
    (["--set", "A", "--val-start", "2017-06-01"], r"must lie after val_start"),
    (["--sets", "A"], r"No such option"),
    (["--set", "A", "extra"], r"unexpected extra argument"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD)
def test_bad_input_is_one_sentence_and_exit_code_2(arguments: list[str], message: str) -> None:
    code, out, err = run(*arguments, "--dry-run")
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
