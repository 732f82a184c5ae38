"""Every kind of bad input gets one sentence and exit code 2."""

import json
import os
import pickle
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from scripts.analyze import main

ROW = {"number": 0, "value": 0.7, "state": "COMPLETE", "params": {"lr": 0.1}}
GOOD = json.dumps([ROW, {**ROW, "number": 1, "value": 0.8, "params": {"lr": 0.2}}])
CSV = "lr,acc\n0.1,0.8\n0.2,0.9\n"

CONTENTS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "white space": (b" \n\t ", "white space"),
    "truncated JSON": (GOOD[:-5].encode(), "not valid JSON"),
    "JSON with a trailing comma": (b'[{"value": 1},]', "not valid JSON"),
    "an empty list": (b"[]", "empty list"),
    "a list of numbers": (b"[1, 2]", "expected an object"),
    "an empty object": (b"{}", "holds no trials"),
    "deep nesting": (b"[" * 100_000, "nested too deeply"),
    "a key twice": (b'[{"value": 1, "value": 2}]', "twice in one object"),
    "columns of different lengths": (b'{"a": [1, 2], "b": [1]}', "different lengths"),
    "no metric": (b'[{"params": {"lr": 1}}, {"params": {"lr": 2}}]', "holds no trials"),
    "a pickle": (pickle.dumps([1]), "pickle"),
    "a zip": (b"PK\x03\x04....", "zip archive"),
    "gzip": (b"\x1f\x8b....", "gzip"),
    "Parquet": (b"PAR1....", "Parquet"),
    "HDF5": (b"\x89HDF....", "HDF5"),
    "UTF-16": ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
    "Latin-1": ("größe,acc\n1,2\n".encode("latin-1"), "not UTF-8"),
    "binary": (b"abc\x00def", "binary"),
    "a CSV head alone": (b"lr,acc\n", "no rows"),
    "a ragged CSV": (b"lr,acc\n1,2\n1,2,3,4\n", "line 3 has 4 fields, expected 2"),
    "all failed": (b'[{"value": null, "state": "FAIL"}]', "no trial finished"),
    "all pruned": (b'[{"value": 0.5, "state": "PRUNED"}]', "no trial finished"),
    "NaN everywhere": (b'[{"value": NaN, "params": {"lr": 1}}]', "1 not finite"),
    "a torn journal": (b'{"op_code": 0, "worker_id": "a", "study_name": "s"', "not valid JSON"),
    "a torn SQLite file": (b"SQLite format 3\x00" + b"\x00" * 100, "not a database"),
    "a metric of words": (b"lr,acc\n1,good\n2,bad\n", "2 not finite"),
}  # fmt: skip

OPTIONS: dict[str, tuple[tuple[str, ...], str]] = {
    "no such file": (("nowhere.json",), "does not exist"),
    "a file twice": (("good.json", "good.json"), "named twice"),
    "an unknown metric": (("good.json", "--metric", "auc"), "auc"),
    "an unknown column": (("good.json", "--param-columns", "x,y"), "x"),
    "an unknown hyperparameter": (("good.json", "--param", "dropout"), "not a hyperparameter"),
    "three hyperparameters": (
        ("good.json", "--param", "a", "--param", "b", "--param", "c"),
        "two make a pair",
    ),
    "a filter without a value": (("good.json", "--filter", "lr =="), "expected COLUMN"),
    "a filter that calls": (("good.json", "--filter", "__import__('os')"), "expected COLUMN"),
    "a filter that nothing satisfies": (
        ("good.json", "--filter", "lr > 5"),
        "leaves none of the 2 trials",
    ),
    "an unknown study": (("good.json", "--study", "a5O"), "did you mean a50?"),
    "an unknown section": (("good.json", "--section", "end"), "valid: headline, checklist"),
    "a section that a report lacks": (("good.json", "--section", "candidate"), "has no section"),
    "a folder without runs": (("folder",), "holds no run"),
    "an output that is a folder": (("good.json", "--output", "folder"), "cannot be written"),
    "a page in a file": (("good.json", "--html", "good.json/x.html"), "cannot be written"),
    "a top of zero": (("good.json", "--top", "0"), "not in the range"),
    "a negative ROPE": (("good.json", "--rope", "-1"), "not in the range"),
    "no direction": (("good.json", "--direction", "up"), "is not one of"),
    "different metrics": (("table.csv", "other.csv"), "different metrics"),
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("good.json").write_text(GOOD)
    Path("table.csv").write_text(CSV)
    Path("other.csv").write_text(CSV.replace("acc", "f1"))


def refuse(*arguments: str) -> str:
    """Run the command, see it refuse, and return its sentence."""
    result = CliRunner().invoke(main, [*arguments, "--no-figures"])
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    sentence = result.stderr.strip().splitlines()[-1]
    assert sentence.startswith("Error: ")
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    return sentence


@pytest.mark.parametrize("kind", CONTENTS)
def test_a_bad_file_gets_a_sentence(kind: str) -> None:
    content, message = CONTENTS[kind]
    Path("bad").write_bytes(content)
    sentence = refuse("bad")
    assert message in sentence
    assert "bad" in sentence


@pytest.mark.parametrize("kind", OPTIONS)
def test_a_bad_option_gets_a_sentence(kind: str) -> None:
    arguments, message = OPTIONS[kind]
    assert message in refuse(*arguments)


def test_an_sqlite_file_without_a_study_is_refused() -> None:
    with sqlite3.connect("other.db") as database:
        database.execute("create table t (x)")
    assert "other.db" in refuse("other.db")


@pytest.mark.parametrize(
    "content",
    [
        [ROW],
        [ROW, {**ROW, "number": 1}],
        [ROW, {**ROW, "number": 0}],
        [ROW, {**ROW, "number": 1, "state": "FAIL", "value": None}],
        [{**ROW, "number": i, "value": 0.5 + i % 7 / 100} for i in range(40)],
        [{**ROW, "number": i, "params": {"lr": 10.0 ** -i}} for i in range(30)],
        [{**ROW, "params": {"lr": None}}, {**ROW, "params": {"lr": 1e308}}],
        [{**ROW, "params": {"lr": [1, {"a": 2}]}}, {**ROW, "params": {"lr": True}}],
    ],
    ids=["one", "equal", "same number", "failed", "copies", "wide", "missing", "odd"],
)  # fmt: skip
def test_thin_but_valid_results_get_a_report(content: list[dict[str, object]]) -> None:
    Path("thin.json").write_text(json.dumps(content))
    result = CliRunner().invoke(main, ["thin.json"])
    assert (result.exit_code, result.stderr) == (0, "")
    assert "## Findings" in Path("outputs/reports/thin/report.md").read_text()


@pytest.mark.parametrize("name", ["n" * 300, "n" * 300 + "/x", "x#" + "n" * 300])
def test_no_name_is_too_long_for_a_sentence(name: str) -> None:
    told = CliRunner().invoke(main, [name])
    assert told.exit_code == 2
    assert told.output.startswith("Error: ")
    assert isinstance(told.exception, SystemExit)


@pytest.mark.parametrize("name", ["n" * 250 + ".csv", "x\udcff.csv"])
def test_any_name_that_a_file_can_have_is_reported_on(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_text("lr,acc\n0.1,0.8\n0.01,0.9\n0.1,0.7\n")
    for words in ([name], [name, "--json", "-"], [name, "--output", "y\udcff/z.md"]):
        told = CliRunner().invoke(main, [*words, "--no-figures"])
        assert told.exit_code == 0, told.output


@pytest.mark.parametrize("value", ["nan", "inf", "1" + "0" * 400])
def test_a_rope_is_a_finite_number(value: str) -> None:
    told = CliRunner().invoke(main, ["--rope", value])
    assert told.exit_code == 2
    assert "Invalid value for '--rope'" in told.output


def test_a_folder_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "outputs" / "closed"
    closed.mkdir(parents=True)
    scan = os.scandir

    def refuse(folder: Path) -> object:
        if Path(folder) == closed:
            raise PermissionError(13, "Permission denied")
        return scan(folder)

    monkeypatch.setattr("analysis.runs.run.os.scandir", refuse)
    told = CliRunner().invoke(main, [str(tmp_path / "outputs")])
    assert told.exit_code == 2
    assert "closed: cannot be read: Permission denied" in told.output
