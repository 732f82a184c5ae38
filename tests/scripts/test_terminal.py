"""Whatever stands in notes, titles, claims, names and messages, a terminal and a log stay whole."""

import ast
import io
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from rich.console import Console

from runner.batch.events import FitElsewhere, FitEnded, FitRetried, FitStarted
from runner.batch.tracker import Tracker
from runner.summaries.results import ResultSummary
from scripts import analyze, run_supplementary
from scripts.running.live import LiveTable, LogFile, PlainLines
from scripts.running.result_table import print_results
from scripts.text import align, mark, say, say_error
from tests.analysis.synthetic import claim, make_labels, make_study, write_run
from tests.import_graph import ROOT
from tests.runner.conftest import fit, record
from trial_sets.records.record import Failure
from trial_sets.task import AUC

EVIL = "x\x1b[2Jy\x1b]0;owned\x07\x9b31m\u202ez\nforged line [red]\r"
SLY = "x\x9b2Jy \u202ez \u2028owned [red]"  # what a study's file may hold
ACTS = "\x1b\x07\x9b\u202e\r"


def refuse_acting(text: str) -> None:
    assert not [sign for sign in ACTS if sign in text]
    assert "\nforged" not in text


def test_a_list_of_a_hostile_study_is_harmless(tiny_study: Path) -> None:
    for path in tiny_study.glob("*.json"):
        content = json.loads(path.read_text())
        content["title"] = SLY
        for trial in content.get("trials", {}).values():
            trial["note"] = SLY
        for expected in content.get("expectations", []):
            expected |= {"if": SLY, "shows": SLY, "then": SLY}
        path.write_text(json.dumps(content))
    for words in ([], ["--json"]):
        told = CliRunner().invoke(
            run_supplementary.main, ["--study", str(tiny_study), "--list", *words]
        )
        assert told.exit_code == 0, told.output
        assert "owned" in told.output
        refuse_acting(told.output)


@pytest.mark.parametrize(
    "words", [["--study", EVIL], ["--trials", f"{EVIL}.json"], ["--data", f"{EVIL}.csv"]]
)
def test_an_error_about_a_hostile_name_is_one_harmless_line(words: list[str]) -> None:
    told = CliRunner().invoke(run_supplementary.main, [*words, "--dry-run"])
    assert told.exit_code == 2
    refuse_acting(told.output)
    assert len(told.output.splitlines()) == 1


def test_a_report_on_a_hostile_study_is_harmless(tmp_path: Path, rng: np.random.Generator) -> None:
    labels = make_labels(rng)
    scores = {
        (name, seed): gain * labels + rng.normal(size=len(labels))
        for name, gain in {"A1": 2.0, "A2": 0.2}.items()
        for seed in (0, 1)
    }
    study = make_study(tmp_path / "tiny", [claim(SLY, ["A1"], ["A2"])])
    study = study.model_copy(update={"title": EVIL})
    run = write_run(tmp_path, study, labels, scores)
    page = tmp_path / "page.html"
    words = [str(run), "--no-figures", "--html", str(page), "--json", "-"]
    for chosen in (words, words[:-2], [*words[:2], "--section", "checklist"]):
        told = CliRunner().invoke(analyze.main, chosen)
        assert told.exit_code == 0, told.output
        assert "owned" in told.output
        refuse_acting(told.output)
    for path in (page, run / "report.md"):
        refuse_acting(path.read_text())
    assert "<title>x?[2Jy" in page.read_text()


def test_a_line_of_the_log_cannot_be_forged(tmp_path: Path) -> None:
    one = fit("A1")
    tracker = Tracker([one], [1.0])
    screen, log = io.StringIO(), LogFile(tmp_path / "progress.log")
    lines = PlainLines(tracker, [screen, log])
    failure = Failure(kind="error", message=EVIL)
    events = (
        FitStarted(one, EVIL),
        FitRetried(one, failure),
        FitElsewhere(one, EVIL),
        FitEnded(one, record(one, failure=failure)),
    )
    for event in events:
        lines(event)
    log.close()
    said = (tmp_path / "progress.log").read_text()
    assert said == screen.getvalue()
    refuse_acting(said)
    assert len(said.splitlines()) == len(events)


def test_the_live_table_shows_names_as_they_are() -> None:
    one = fit(f"A1 [bold]{EVIL}")
    console = Console(file=io.StringIO(), width=200)
    console.print(LiveTable(Tracker([one], [1.0])))
    said = console.file.getvalue()  # type: ignore[attr-defined]
    refuse_acting(said)
    assert "A1 [bold]x" in said


def test_results_are_shown_as_they_are() -> None:
    results = ResultSummary(
        study=EVIL, run=EVIL, folder=EVIL, lines=(), baselines={EVIL: 0.5},
        failed_baselines={EVIL: EVIL}, complete=0, failed=0, test_looks=None, metric=AUC,
    )  # fmt: skip
    console = Console(file=io.StringIO(), width=200)
    print_results(results, console)
    refuse_acting(console.file.getvalue())  # type: ignore[attr-defined]


def test_the_ways_to_print_are_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    say(EVIL.replace("\n", " "))
    say_error(EVIL)
    said = capsys.readouterr()
    refuse_acting(said.out + said.err)
    refuse_acting(mark(EVIL) + align([["head"], [EVIL]]))


def list_calls(path: Path) -> set[str]:
    """Return what a module calls, as ``name`` or ``object.name``, and what it imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            found.add(ast.unparse(node.func))
        if isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_nothing_else_prints_and_escapes() -> None:
    modules = [path for path in (ROOT / "scripts").rglob("*.py") if path.name != "text.py"]
    for path in modules:
        assert not {"print", "rich.markup.escape"} & list_calls(path), path
    echoing = {path.name for path in modules if "click.echo" in list_calls(path)}
    assert echoing == {"analyze.py", "endings.py", "version.py"}, "fixed texts alone"
