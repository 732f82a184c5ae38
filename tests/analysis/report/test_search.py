import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.report.document import SECTION_TITLES, Report
from analysis.report.options import ReportOptions
from analysis.report.search import report_search
from analysis.searches.reading import read_search
from tests.analysis.searched import Told, draw_trials, write_search
from tests.analysis.synthetic import make_labels, make_study, write_run
from trial_sets.errors import InputError
from trial_sets.records.layout import RunLayout
from trial_sets.records.record import Failure
from trial_sets.records.search_info import SearchStop

GOLDEN = Path(__file__).with_name("golden_search.md")
HOSTILE = "|x`y` <script>alert(1)</script> [a](http://b) ![c](d) **e** $f$ \\"
NAMES = list(SECTION_TITLES)


def write_whole(outputs: Path, rng: np.random.Generator, text: str = "loss is nan") -> Path:
    """Write a search of 26 trials in which there is one of every state but lost."""
    labels = make_labels(rng)
    study = make_study(outputs.parent / "tiny", [])
    baseline = {("logistic", 0): 0.8 * labels + rng.normal(size=len(labels))}
    run = write_run(outputs, study, labels, baseline)
    told = draw_trials(rng, 26, labels)
    told[0].said = {"default": True}
    told[3] = Told(told[3].values, status="pruned", curve=((0.9, 0.9), (0.85, 0.88)))
    failure = Failure(kind="diverged", message=text)
    told[5] = Told(told[5].values, status="failed", failure=failure, curve=((9.0, 9.0),))
    told[7] = Told(told[2].values, told[2].score, status="repeated", said={"fit": "trial-00002"})
    told[8] = Told(told[8].values, status="infeasible", said={"infeasible": text})
    told[9] = Told(told[9].values, 0.7, status="foreign", said={"foreign": text})
    told[25] = Told(told[25].values, status="running")
    told[4].curve = ((0.9, 0.9), (0.6, 0.7), (0.4, 0.6), (0.3, 0.63), (0.2, 0.75))
    return write_search(
        run,
        told,
        labels=labels,
        default=told[0].values,
        pruner="median",
        fixed={"epochs": 9},
        study_from="old.db",
        stops=(
            SearchStop(
                rule="no-better=15",
                n_ended=24,
                at="2026-01-28T13:00:00+00:00",
                sentence="none of the last 15 trials was better",
            ),
        ),
    )


def report(folder: Path, options: ReportOptions | None = None) -> Report:
    search = read_search(RunLayout(folder.parent).of_search("tuned"))
    return report_search(search, options or ReportOptions())


def test_a_known_search_gives_the_known_report(
    tmp_path: Path, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = report(write_whole(Path("outputs"), rng)).render()
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_its_sections_are_those_of_a_search_in_order(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    found = report(write_whole(tmp_path / "outputs", rng))
    others = {"checklist", "candidate"}
    assert list(found.names) == [name for name in NAMES if name not in others]


def test_what_a_search_finds_is_called_exploratory(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    folder = write_whole(tmp_path / "outputs", rng)
    assert report(folder).render_section("headline").startswith("> - **Exploratory.** What a")
    assert not (tmp_path / "outputs" / "claims.jsonl").exists() or all(
        "look" not in json.loads(line)
        for line in (tmp_path / "outputs" / "claims.jsonl").read_text().splitlines()
    )


def test_its_values_are_json_of_one_version(tmp_path: Path, rng: np.random.Generator) -> None:
    data = report(write_whole(tmp_path / "outputs", rng)).data
    text = json.dumps(data, allow_nan=False)
    assert data["kind"] == "search"
    assert data["schema_version"] == 3
    assert [one["state"] for one in json.loads(text)["trials"]].count("complete") == 20
    assert data["lead"]["best"].startswith("trial-")
    assert data["order"]["curve"]["best"] == sorted(data["order"]["curve"]["best"])


def test_names_from_files_are_no_markup(tmp_path: Path, rng: np.random.Generator) -> None:
    text = report(write_whole(tmp_path / "outputs", rng, HOSTILE)).render()
    assert "<script>" not in text
    assert re.search(r"(?<!\\)\]\(http", text) is None


def test_options_shape_its_tables(tmp_path: Path, rng: np.random.Generator) -> None:
    folder = write_whole(tmp_path / "outputs", rng)
    options = ReportOptions(n_top=5, params=("learning_rate", "dropout"), metric="log_loss")
    text = report(folder, options).render()
    assert "% of Top 5" in text
    assert "### batch_size" not in text
    assert "--metric changes nothing here" in text
    with pytest.raises(InputError, match="--param epochs: not a hyperparameter"):
        report(folder, ReportOptions(params=("epochs",)))


def test_figures_are_drawn_beside_it(tmp_path: Path, rng: np.random.Generator) -> None:
    folder = write_whole(tmp_path / "outputs", rng)
    search = read_search(RunLayout(folder.parent).of_search("tuned"))
    text = report_search(search, ReportOptions(params=("dropout",)), folder).render()
    drawn = {path.stem for path in (folder / "figures").glob("*.png")}
    assert drawn == {"regret", "importance", "slice-dropout", "curves", "cost"}
    assert all(f"](figures/{name}.png)" in text for name in drawn)


def test_a_search_without_a_result_says_why(tmp_path: Path, rng: np.random.Generator) -> None:
    labels: NDArray[np.int8] = make_labels(rng)
    run = write_run(tmp_path / "outputs", make_study(tmp_path / "tiny", []), labels, {})
    values = {"learning_rate": 1e-3, "batch_size": 64, "dropout": 0.1}
    told = Told(values, status="failed", failure=Failure(kind="error", message="no such column"))
    found = report(write_search(run, [told]))
    assert "No trial is complete" in found.render_section("headline")
    assert "trial-00000 (100.0%): error: no such column" in found.render_section("unfinished")
    assert "mend what failed" in found.render_section("next")


def test_a_loss_is_better_where_it_is_less(tmp_path: Path, rng: np.random.Generator) -> None:
    labels = rng.normal(size=300)
    study = make_study(tmp_path / "numbers", [], task="regression", metric={"name": "rmse"},
                       rope=0.01)  # fmt: skip
    run = write_run(tmp_path / "outputs", study, labels, {("ridge", 0): 0.5 * labels})
    told = [
        Told(
            {"learning_rate": 1e-3, "batch_size": 64, "dropout": round(0.01 * n, 2)},
            1.0,
            labels * (0.9 - 0.02 * n) + 0.1 * rng.normal(size=300),
        )
        for n in range(8)
    ]
    text = report(write_search(run, told, labels=labels)).render()
    assert "Best trial: trial-00000, validation RMSE 0.14" in text
    assert "| 1                 |        0 |" in text
    assert "Later trials are worse than earlier ones (rank correlation of result and order" in text
