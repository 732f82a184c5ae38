"""What ``analyze`` makes of the searches of a run."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from scripts.analyze import main
from tests.analysis.searched import Told, draw_trials, write_search
from tests.analysis.synthetic import claim, make_labels, make_study, write_run
from trial_sets.records.record import Failure


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def analyze(*words: str) -> Result:
    return CliRunner().invoke(main, [*words, *([] if "-h" in words else ["--no-figures"])])


def write(*, has_trials: bool, names: tuple[str, ...] = ("tuned",)) -> list[Path]:
    """Write a run with baselines, with or without trials of its own, and its searches."""
    rng = np.random.default_rng(0)
    labels = make_labels(rng)
    study = make_study(Path("tiny"), [claim("A1 beats A2", ["A1"], ["A2"])])
    scores: dict[tuple[str, int], Any] = {("logistic", 0): 0.8 * labels + rng.normal(size=600)}
    if has_trials:
        scores |= {(name, 0): labels + rng.normal(size=600) for name in ("A1", "A2")}
    run = write_run(Path("outputs"), study, labels, scores)
    return [write_search(run, draw_trials(rng, 12, labels), name=name, labels=labels)
            for name in names]  # fmt: skip


def test_a_run_that_holds_searches_alone_has_their_reports() -> None:
    (folder,) = write(has_trials=False)
    result = analyze()
    assert result.exit_code == 0
    assert "Tiny: search tuned in data-00000000" in result.output
    assert (folder / "report.md").is_file()
    assert not (folder.parent / "report.md").exists()


def test_a_run_with_searches_has_its_report_beside_theirs() -> None:
    one, two = write(has_trials=True, names=("one", "two"))
    assert analyze("outputs").exit_code == 0
    assert (one.parent / "report.md").read_text().startswith("# Tiny: data-00000000")
    for folder in (one, two):
        assert (folder / "report.md").read_text().startswith(f"# Tiny: search {folder.name[8:]} in")


@pytest.mark.parametrize("form", ["plain", "slash", "absolute", "here"])
def test_a_searchs_folder_alone_is_reported_on(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = (path.absolute() for path in write(has_trials=True, names=("one", "two")))
    named = {"plain": str(one.relative_to(Path.cwd())), "slash": f"{one}/", "absolute": str(one),
             "here": "."}[form]  # fmt: skip
    if form == "here":
        monkeypatch.chdir(one)
    assert analyze(named).exit_code == 0
    assert (one / "report.md").is_file()
    assert not (two / "report.md").exists()
    assert not (one.parent / "report.md").exists()


def test_a_section_is_printed_of_the_reports_that_have_it() -> None:
    write(has_trials=True)
    result = analyze("outputs", "--section", "regret")
    assert result.exit_code == 0
    assert result.output.count("## Regret") == 1
    assert analyze("outputs", "--section", "headline").output.count("> - ") > 6
    assert analyze("outputs", "--section", "checklist").output.count("## Checklist") == 1


def test_a_section_that_none_has_is_refused() -> None:
    write(has_trials=False, names=("one", "two"))
    result = analyze("outputs", "--section", "checklist")
    assert result.exit_code == 2
    assert "--section checklist: none of the 2 reports has it" in result.output


def test_one_file_is_of_the_run_or_of_the_search_that_is_named() -> None:
    (folder,) = write(has_trials=True)
    assert analyze(str(folder.parent), "--output", "run.md").exit_code == 0
    assert Path("run.md").read_text().startswith("# Tiny: data-00000000")
    assert analyze(str(folder), "--output", "search.md", "--html", "search.html").exit_code == 0
    assert Path("search.md").read_text().startswith("# Tiny: search tuned")
    assert "Exploratory" in Path("search.html").read_text()


def test_the_json_holds_runs_and_searches() -> None:
    write(has_trials=True)
    content = json.loads(analyze("outputs", "--json", "-").output)
    assert [one["kind"] for one in content["reports"]] == ["run", "search"]
    assert {one["schema_version"] for one in content["reports"]} == {3}


def test_a_search_that_cannot_be_read_costs_its_own_report_alone() -> None:
    one, two = write(has_trials=True, names=("one", "two"))
    (one / "search.json").write_text("{")
    result = analyze("outputs")
    assert result.exit_code == 1
    assert (two / "report.md").is_file()
    assert re.search(r"search\.json", result.output)


def test_a_search_behind_a_link_is_not_followed(tmp_path: Path) -> None:
    (folder,) = write(has_trials=False)
    elsewhere = tmp_path / "elsewhere"
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)
    result = analyze(str(folder))
    assert result.exit_code == 2
    assert "a symbolic link, which is not followed" in result.output
    assert not (elsewhere / "report.md").exists()


def test_a_search_of_which_all_failed_is_no_error() -> None:
    (folder,) = write(has_trials=True)
    values = {"learning_rate": 1e-3, "batch_size": 64, "dropout": 0.1}
    failure = Failure(kind="error", message="no such column")
    told = Told(values, status="failed", failure=failure)
    failed = write_search(folder.parent, [told], name="failed")
    assert analyze(str(failed)).exit_code == 0
    assert "no such column" in (failed / "report.md").read_text()
