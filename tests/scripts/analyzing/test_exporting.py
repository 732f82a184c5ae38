"""The exports that ``analyze`` writes."""

import json
import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from analysis.readers.sources import read_trials
from scripts.analyze import main

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = next((ROOT / "outputs" / "example").iterdir())


def analyze(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    ignore = shutil.ignore_patterns("report.*", "figures")
    shutil.copytree(EXAMPLE, tmp_path / "outputs" / "example" / EXAMPLE.name, ignore=ignore)
    trials = [{"lr": 0.1 * n, "kind": "ab"[n % 2], "val_auc": 0.5 + n / 100} for n in range(1, 9)]
    (tmp_path / "results.json").write_text(json.dumps(trials))
    return tmp_path


def test_a_run_is_exported_whole_and_no_look_is_entered(desk: Path) -> None:
    found = analyze("outputs", "--to-optuna", "a.journal", "--to-csv", "t", "--to-parquet", "t")
    assert found.exit_code == 0, found.output
    assert f"a.journal, study example/{EXAMPLE.name}" in " ".join(found.stdout.split())
    assert {path.name for path in (desk / "t").iterdir()} == {
        f"{name}.{form}"
        for name in ("fits", "curves", "predictions")
        for form in ("csv", "parquet")
    }
    pd.testing.assert_frame_equal(
        pd.read_csv("t/curves.csv"), pd.read_parquet("t/curves.parquet"), check_dtype=False
    )
    run = desk / "outputs" / "example" / EXAMPLE.name
    assert not (run / "report.md").exists()
    assert not (desk / "outputs" / "claims.jsonl").exists()
    assert len(read_trials(["a.journal"]).rows) == 21


def test_other_tools_results_are_exported_too(desk: Path) -> None:
    found = analyze("results.json", "--to-optuna", "a.journal", "--to-csv", "t")
    assert found.exit_code == 0, found.output
    assert "Nothing declares a range of lr and kind" in " ".join(found.stderr.split())
    table = pd.read_csv("t/fits.csv")
    assert table["val_auc"].tolist() == [0.5 + n / 100 for n in range(1, 9)]
    assert [path.name for path in (desk / "t").iterdir()] == ["fits.csv"]
    assert read_trials(["a.journal"]).params == ("lr", "kind")


def test_what_is_there_is_never_replaced(desk: Path) -> None:
    (desk / "a.journal").write_text("mine")
    (desk / "t").mkdir()
    (desk / "t" / "curves.csv").write_text("mine")
    for words in (("--to-optuna", "a.journal"), ("--to-csv", "t")):
        found = analyze("outputs", *words)
        assert found.exit_code == 2
        assert "is there already" in found.stderr
    assert (desk / "a.journal").read_text() == "mine"
    assert [path.name for path in (desk / "t").iterdir()] == ["curves.csv"]


def test_a_journal_is_not_named_like_a_database(desk: Path) -> None:
    found = analyze("results.json", "--to-optuna", "t/a.db")
    said = "--to-optuna t/a.db: what is written is a journal, which no SQLite reads; name it"
    assert (found.exit_code, f"{said} t/a.journal" in " ".join(found.stderr.split())) == (2, True)
    assert not Path("t").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["outputs", "--html", "x.html"], "--html goes with a report, and an export stands alone"),
        (["outputs", "--top", "3"], "--top goes with a report"),
        (["outputs", "results.json"], "one run, one search, or files of results"),
        (["there-is-none.json"], "there-is-none.json"),
        (["."], None),
    ],
)
def test_what_cannot_be_exported_is_one_sentence(words: list[str], said: str | None) -> None:
    found = analyze(*words, "--to-optuna", "b.journal")
    if said is None:
        assert found.exit_code == 0, found.output
        return
    assert found.exit_code == 2
    assert said in " ".join(found.stderr.split())
    assert not Path("b.journal").exists()


def test_several_runs_have_to_be_told_apart(desk: Path) -> None:
    run = desk / "outputs" / "example" / EXAMPLE.name
    shutil.copytree(run, run.with_name("other"))
    found = analyze("outputs", "--to-csv", "t")
    assert (found.exit_code, "there are 2; name one" in found.stderr) == (2, True)


def test_parquet_without_pyarrow_is_said_before_anything_is_written(
    monkeypatch: pytest.MonkeyPatch, desk: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    found = analyze("outputs", "--to-parquet", "t")
    assert found.exit_code == 2
    assert "pip install pyarrow" in " ".join(found.stderr.split())
    assert not (desk / "t").exists()
