"""What ``analyze`` plans, writes and prints once its options are read."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.readers.options import ReadOptions
from scripts.analyzing.reporting import Reporting, write_reports, write_text
from tests.analysis.synthetic import claim, make_labels, make_study, write_run
from trial_sets.errors import InputError

CSV = "lr,layers,acc\n0.1,2,0.8\n0.01,2,0.9\n0.1,4,0.7\n0.01,4,0.85\n"
NOTHING: dict[str, Any] = {
    "metric": None, "param_columns": None, "direction": None, "filter_text": None, "study": None,
    "n_top": None, "rope": None, "params": (), "output": None, "html": None, "json_file": None,
    "section": None, "figures": False,
}  # fmt: skip


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def ask(*inputs: str, **options: Any) -> Reporting:
    return Reporting.of_options(inputs, NOTHING | options)


def write_outputs() -> Path:
    """Write a run of two trials with three seeds below the working folder's outputs."""
    rng = np.random.default_rng(0)
    labels = make_labels(rng)
    scores = {
        (name, seed): gain * labels + rng.normal(size=len(labels))
        for name, gain in {"A1": 2.0, "A2": 0.2}.items()
        for seed in (0, 1, 2)
    }
    study = make_study(Path("tiny"), [claim("A1 beats A2", ["A1"], ["A2"])])
    return write_run(Path("outputs"), study, labels, scores)


def break_beside(run: Path) -> Path:
    broken = run.with_name("data-broken")
    broken.mkdir()
    (broken / "run.json").write_text("{")
    return broken


def test_folders_hold_runs_and_all_else_is_a_file() -> None:
    Path("outputs").mkdir()
    asked = ask("outputs", "grid.csv", "sqlite:///study.db#b")
    assert asked.folders == (Path("outputs"),)
    assert asked.files == ("grid.csv", "sqlite:///study.db#b")


def test_what_was_said_of_files_and_of_reports_is_handed_on() -> None:
    asked = ask(metric="acc", param_columns=" lr, layers ,", params=("lr", "lr"), rope=0.01)
    assert asked.reading == ReadOptions("acc", ("lr", "layers"), None)
    assert (asked.report.metric, asked.report.params, asked.report.rope) == ("acc", ("lr",), 0.01)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"section": "tredns"}, "--section tredns: there is none; valid: headline, checklist, "),
        ({"params": ("a", "b", "c")}, "--param was given 3 times; two make a pair"),
    ],
)
def test_options_that_mean_nothing_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        ask(**options)


@pytest.mark.parametrize(
    ("files", "place"),
    [
        (("grid.csv",), "outputs/reports/grid/report.md"),
        (("grid.csv", "more of it.csv"), "outputs/reports/grid-and-1-more/report.md"),
        (("more of it.csv",), "outputs/reports/more-of-it/report.md"),
    ],
)
def test_files_share_a_report_named_after_the_first(files: tuple[str, ...], place: str) -> None:
    for name in files:
        Path(name).write_text(CSV)
    assert write_reports(ask(*files, metric="acc"))
    title = Path(place).read_text().splitlines()[0]
    assert title == f"# Results of {', '.join(files)}"


def test_a_run_has_its_report_in_its_folder_and_its_values_as_json() -> None:
    run = write_outputs()
    assert write_reports(ask("outputs", json_file="values.json"))
    assert (run / "report.md").read_text().startswith("# Tiny: data-00000000\n")
    values = json.loads(Path("values.json").read_text())
    (report,) = values["reports"]
    assert values["schema_version"] == report["schema_version"] == 3
    assert list(report)[:4] == ["title", "schema_version", "kind", "run"]
    (row,) = report["checklist"]["rows"]
    assert row["judgement"]["verdict"] == "confirmed"
    assert (row["sentence"], row["command"], row["advice"]) == ("A1 beats A2", None, "")


def test_json_on_the_standard_output_stands_there_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_outputs()
    write_reports(ask("outputs", json_file="-"))
    assert [one["kind"] for one in json.loads(capsys.readouterr().out)["reports"]] == ["run"]


def test_a_section_is_printed_and_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    run = write_outputs()
    assert write_reports(ask("outputs", section="next"))
    assert capsys.readouterr().out.startswith("## Next steps\n\n")
    assert not (run / "report.md").exists()


def test_a_run_that_cannot_be_read_is_named_and_the_others_are_reported(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = write_outputs()
    break_beside(run)
    assert not write_reports(ask("outputs"))
    assert "data-broken" in capsys.readouterr().err
    assert (run / "report.md").is_file()


def test_without_any_run_that_can_be_read_the_command_fails() -> None:
    run = write_outputs()
    break_beside(run)
    (run / "run.json").write_text("{")
    with pytest.raises(InputError, match="none of the 2 runs could be read"):
        write_reports(ask("outputs"))


@pytest.mark.parametrize("option", ["output", "html"])
def test_one_place_takes_one_report(option: str) -> None:
    break_beside(write_outputs())
    message = f"--{option} takes one report, but there are 2; name one run"
    with pytest.raises(InputError, match=message):
        write_reports(ask("outputs", **{option: Path("here")}))


def test_a_folder_without_a_run_is_refused() -> None:
    Path("empty").mkdir()
    with pytest.raises(InputError, match=r"empty holds no run \(no run.json below it\)"):
        write_reports(ask("empty"))


def test_a_text_is_written_whole_and_its_folders_are_made() -> None:
    write_text(Path("a/b/c.md"), "Text\n")
    write_text(Path("a/b/c.md"), "Other\n")
    assert Path("a/b/c.md").read_text() == "Other\n"
    assert [path.name for path in Path("a/b").iterdir()] == ["c.md"]


@pytest.mark.parametrize("place", ["a", "file/a"])
def test_what_cannot_be_written_leaves_nothing_behind(place: str) -> None:
    Path("a").mkdir()
    Path("file").write_text("")
    with pytest.raises(InputError, match=f"{place} cannot be written: "):
        write_text(Path(place), "Text\n")
    assert sorted(path.name for path in Path().iterdir()) == ["a", "file"]


def plant(link: Path) -> Path:
    """Let a link of somebody's lead to a file or folder elsewhere."""
    elsewhere = Path("elsewhere")
    elsewhere.mkdir(exist_ok=True)
    link.symlink_to(elsewhere.resolve())
    return elsewhere


def test_a_report_is_not_written_through_a_link() -> None:
    run = write_outputs()
    precious = Path("precious")
    precious.write_text("precious")
    for name in ("report.md", ".report.md.partial"):
        (run / name).symlink_to(precious.resolve())
    assert write_reports(ask("outputs"))
    assert precious.read_text() == "precious"
    assert not (run / "report.md").is_symlink()


def test_figures_are_not_drawn_through_a_link() -> None:
    run = write_outputs()
    elsewhere = plant(run / "figures")
    message = "figures: cannot be written: a symbolic link, which is not followed"
    with pytest.raises(InputError, match=message):
        write_reports(ask("outputs", figures=True))
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize("place", ["reports", "reports/grid"])
def test_a_folder_of_reports_is_no_link(place: str) -> None:
    Path("grid.csv").write_text(CSV)
    folder = Path("outputs") / place
    folder.parent.mkdir(parents=True)
    elsewhere = plant(folder)
    with pytest.raises(InputError, match=f"{place}: a symbolic link, which is not followed"):
        write_reports(ask("grid.csv"))
    assert not list(elsewhere.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_device_is_written_to_and_not_replaced() -> None:
    Path("grid.csv").write_text(CSV)
    with pytest.raises(InputError, match="/dev/full cannot be written: No space left"):
        write_reports(ask("grid.csv", json_file="/dev/full"))
    assert Path("/dev/full").is_char_device()
