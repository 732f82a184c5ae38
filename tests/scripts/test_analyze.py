"""The command ``analyze``, end to end."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scripts.analyze import main
from tests.analysis.readers.optuna.test_sqlite import TWO_STUDIES, V3, store
from trial_sets.records.run_info import read_run_info

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = next((ROOT / "outputs" / "example").iterdir())


def analyze(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the example's run below the working folder's outputs."""
    monkeypatch.chdir(tmp_path)
    ignore = shutil.ignore_patterns("report.*", "figures")
    return shutil.copytree(EXAMPLE, tmp_path / "outputs" / "example" / EXAMPLE.name, ignore=ignore)


def test_the_example_of_a_fresh_clone_gives_a_report_with_figures(example: Path) -> None:
    result = analyze("outputs", "--html", "report.html", "--json", "report.json")
    assert (result.exit_code, result.stderr) == (0, "")
    text = (example / "report.md").read_text()
    links = [line.split("](")[1][:-1] for line in text.splitlines() if line.startswith("![")]
    assert all((example / link).is_file() for link in links)
    assert {"figures/checklist.png", "figures/slice-dropout.png"} <= set(links)
    assert "comes with the project" in text
    assert Path("report.html").read_text().count("data:image/png") == len(links)
    (report,) = json.loads(Path("report.json").read_text())["reports"]
    assert report["run"] == example.name


def test_the_example_is_a_study_of_its_own_and_small() -> None:
    tracked = [p for p in EXAMPLE.rglob("*") if p.name in {"record.json", "predictions.npz"}]
    assert sum(path.stat().st_size for path in tracked) < 2_000_000
    info = read_run_info(EXAMPLE / "run.json")
    assert info.study.name == "example"
    assert info.study.title.startswith("Example")


def test_a_section_is_printed_alone_and_nothing_is_written(example: Path) -> None:
    result = analyze("--section", "checklist")
    assert result.exit_code == 0
    assert result.stdout.startswith("## Checklist\n\n| If ")
    assert "\n## " not in result.stdout[5:]
    assert not (example / "report.md").exists()


def test_json_on_the_standard_output_is_all_there_is(example: Path) -> None:
    result = analyze(example, "--no-figures", "--json", "-")
    (report,) = json.loads(result.stdout)["reports"]
    assert (report["kind"], len(report["checklist"]["rows"])) == ("run", 3)


def test_a_rope_of_ones_own_changes_the_verdicts(example: Path) -> None:
    result = analyze(example, "--section", "checklist", "--rope", "0.2")
    assert result.exit_code == 0
    assert "confirmed" not in result.stdout


def test_a_filter_keeps_to_some_trials(example: Path) -> None:
    result = analyze(example, "--section", "trends", "--filter", "learning_rate == 1e-3")
    assert "### learning_rate" not in result.stdout
    assert "### dropout" in result.stdout


def test_two_hyperparameters_make_a_pair(example: Path) -> None:
    arguments = ("--param", "dropout", "--param", "learning_rate")
    result = analyze(example, "--section", "trends", *arguments)
    assert "### dropout by learning_rate" in result.stdout
    assert "Importance" not in result.stdout


def test_one_unusable_run_does_not_stop_the_others(example: Path) -> None:
    broken = example.with_name("sp500-broken")
    broken.mkdir()
    (broken / "run.json").write_text("{")
    result = analyze("outputs", "--no-figures")
    assert result.exit_code == 1
    assert "sp500-broken" in result.stderr
    assert (example / "report.md").is_file()


def test_a_table_of_another_tool_gets_its_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("grid.csv").write_text("lr,layers,acc\n0.1,2,0.8\n0.01,2,0.9\n0.1,4,0.7\n0.01,4,0.85\n")
    arguments = ("--metric", "acc", "--direction", "maximize", "--no-figures")
    result = analyze("grid.csv", *arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    text = Path("outputs/reports/grid/report.md").read_text()
    assert "### lr" in text
    assert "> - **4 finished trials of 4 distinct configurations from 1 file.**" in text
    assert analyze("grid.csv", *arguments, "--output", "x/mine.md").exit_code == 0
    assert Path("x/mine.md").is_file()


@pytest.mark.parametrize("option", ["--output", "--html"])
def test_a_section_is_printed_and_nothing_else_is_written(example: Path, option: str) -> None:
    result = analyze(example, "--section", "trends", option, "x.md")
    assert result.exit_code == 2
    assert f"--section trends: writes no report: leave out {option}" in result.stderr
    assert not Path("x.md").exists()


def test_a_study_of_a_file_is_chosen_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store(Path("search.db"), TWO_STUDIES)
    asked = ("search.db", "--no-figures", "--json", "-")
    refused = analyze(*asked)
    assert refused.exit_code == 2
    assert "search.db holds 2 studies, s and t; name one with --study" in refused.stderr
    chosen, fragment = analyze(*asked, "--study", "s"), analyze("search.db#s", *asked[1:])
    assert chosen.exit_code == fragment.exit_code == 0, chosen.stderr
    (report,) = json.loads(chosen.stdout)["reports"]
    assert report["study"] is None
    assert {**report, "title": ""} == {**json.loads(fragment.stdout)["reports"][0], "title": ""}
    unknown = analyze(*asked, "--study", "S2")
    assert (unknown.exit_code, unknown.stdout) == (2, "")
    assert unknown.stderr.startswith("Error: search.db holds no study 'S2', nor does the project")


def test_all_studies_of_a_file_get_a_report_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    value = "insert into trial_values values (9, 0, 0.5, 'FINITE');"
    store(Path("search.db"), TWO_STUDIES + value)
    for arguments in (("search.db#all",), ("search.db", "--study", "all")):
        result = analyze(*arguments, "--no-figures", "--json", "r.json")
        assert (result.exit_code, result.stderr) == (0, "")
        reports = json.loads(Path("r.json").read_text())["reports"]
        assert [report["title"] for report in reports] == [
            "Results of search.db#s", "Results of search.db#t"
        ]  # fmt: skip
        assert {path.parent.name for path in Path("outputs/reports").rglob("report.md")} == {
            "search-s", "search-t"
        }  # fmt: skip
    Path("grid.csv").write_text("lr,acc\n0.1,0.8\n0.2,0.9\n")
    both = analyze("search.db#all", "grid.csv", "--no-figures", "--json", "-")
    assert len(json.loads(both.stdout)["reports"]) == 3
    none = analyze("grid.csv#all", "--no-figures")
    assert (none.exit_code, none.stderr) == (2, "Error: grid.csv holds no Optuna study\n")
    one = analyze("search.db#all", "--output", "r.md", "--no-figures")
    assert "--output takes one report, but there are 2" in one.stderr


def test_guesses_stand_beside_the_best_on_the_screen_in_the_report_and_in_the_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text("number,value,params_lr,state\n0,0.9,1,COMPLETE\n1,0.4,2,COMPLETE\n")
    Path("g.csv").write_text("strength,acc,acc_std,note\n0.1,0.7,0.1,x\n0.2,0.9,0.2,y\n")
    shown = " ".join(analyze("t.csv", "--no-figures").stdout.split())
    assert "Best: trial 1, value 0.4000 (assuming that less is better: nothing records it" in shown
    assert "--direction maximize says otherwise" in shown
    report = Path("outputs/reports/t/report.md").read_text()
    assert "value 0.4000 (**assuming that less is better**" in report
    shown = " ".join(analyze("g.csv", "--no-figures", "--json", "g.json").stdout.split())
    assert "Taken as hyperparameters: strength; set aside: acc_std and note" in shown
    (values,) = json.loads(Path("g.json").read_text())["reports"]
    assert values["direction_source"] == "by its name"
    assert "set aside: acc_std and note" in values["assumptions"][0]


def test_the_one_study_of_a_file_is_held_against_one_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store(Path("single.db"), V3)
    result = analyze("single.db", "--no-figures", "--json", "-", "--study", "example")
    (report,) = json.loads(result.stdout)["reports"]
    assert report["study"] == "example"
    wrong = analyze("single.db", "--no-figures", "--study", "exampel")
    assert (wrong.exit_code, wrong.stderr) == (
        2, "Error: there is no study 'exampel': what was read is s; did you mean example?\n"
    )  # fmt: skip


@pytest.mark.parametrize("name", ["a|b.csv", "a`b`.csv", "a <b>.csv", "a\nb.csv", "-.csv"])
def test_hostile_file_names_and_cells_are_escaped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = '"<b>|`x`","a\nb|c",0.8\n"[l](u)",z,0.9\n'
    Path(name).write_text(f'"kind|<i>",other,acc\n{rows * 3}')
    result = analyze(
        "--metric", "acc", "--output", "r.md", "--html", "r.html", "--no-figures", "--", name
    )
    assert (result.exit_code, result.stderr) == (0, "")
    for text in (Path("r.md").read_text(), Path("r.html").read_text()):
        assert "<b>" not in text
        assert "<i>" not in text
        assert 'href="u"' not in text
    assert "[l](u)" not in Path("r.md").read_text()


def test_figures_bear_hostile_names_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text("kind|<i>$x$`/..,acc\n<b>,0.8\nz,0.9\n<b>,0.7\n")
    result = analyze("t.csv", "--param-columns", "kind|<i>$x$`/..", "--output", "r.md")
    assert (result.exit_code, result.stderr) == (0, "")
    assert {path.parent.name for path in tmp_path.rglob("*.png")} == {"figures"}


def test_the_first_round_shows_the_proposals_columns(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = sorted((shared_data / "first_round").glob("*.json"))
    assert analyze(*files, "--no-figures", "--output", "r.md").exit_code == 0
    text = Path("r.md").read_text()
    for param, shares in {
        "dropout": (3.3, 13.3, 56.7, 26.7),
        "learning_rate": (3.3, 20.0, 61.7, 15.0),
        "weight_decay": (13.3, 5.0, 36.7, 45.0),
    }.items():
        table = text.split(f"### {param}\n\n")[1].split("\n\n")[0].splitlines()[2:]
        found = [line.split("|")[4].strip().strip("*") for line in table]
        assert found == [f"{share}%" for share in shares]
    assert "top 60 trials are 22 distinct configurations" in text
    assert "% of top 22 of 111 configurations" in text
    assert "40.9%" in text.split("### dropout\n\n")[1].split("###")[0]


def test_help_answers_without_loading_what_is_heavy() -> None:
    code = (
        "import sys; from scripts.analyze import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "assert not {'numpy', 'pandas', 'matplotlib', 'pydantic', 'torch'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert b"--section" in done.stdout
