"""The report on a run: known text for a known run, and nothing hostile comes through."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from analysis.report.document import SECTION_TITLES, Report
from analysis.report.formats.html import render_html
from analysis.report.options import ReportOptions
from analysis.report.run import report_run
from analysis.runs.run import read_run
from analysis.verdicts import judged_looks
from tests.analysis.synthetic import claim, make_labels, make_study, write_run
from trial_sets.errors import InputError
from trial_sets.records.record import Failure

GOLDEN = Path(__file__).with_name("golden.md")
HOSTILE = "|x`y` <script>alert(1)</script> [a](http://b) ![c](d) **e** $f$ \\"


def write(outputs: Path, rng: np.random.Generator, text: str = "A1 beats A2") -> Path:
    labels = make_labels(rng)
    common = rng.normal(size=len(labels))
    gains = {"A1": 3.0, "A2": 0.2, "A3": 0.2, "K": 0.3}
    scores = {
        (name, seed): gain * labels + common + rng.normal(size=len(labels))
        for name, gain in gains.items()
        for seed in (0, 1)
    }
    failed = {("A4", 0): Failure(kind="diverged", message=text)}
    baseline = {("logistic", 0): 5.0 * labels + common}
    claims = [
        claim(text, ["A1"], ["A2"]),
        claim("A2 beats A1", ["A2"], ["A1"]),
        claim("A2 beats A3", ["A2"], ["A3"]),
        claim("A4 beats K", ["A4"], ["K"]),
    ]
    study = make_study(outputs.parent / "tiny", claims)
    return write_run(outputs, study, labels, {**scores, **failed, **baseline})


def report(folder: Path) -> Report:
    return report_run(read_run(folder), ReportOptions())


def test_a_known_run_gives_the_known_report(
    tmp_path: Path, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = report(write(Path("outputs"), rng).relative_to(".")).render()
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_looks_that_cannot_be_entered_are_a_caveat(
    tmp_path: Path, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(judged_looks, "open_claims", refuse)
    assert (
        "This look at the claims is not counted, and settles none: it cannot be entered in the "
        "ledger of claims (Read-only file system)."
    ) in report(write(tmp_path, rng)).render()


def test_another_metric_judges_all_and_confirms_nothing(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    """In the headline, the checklist, the methods and the JSON."""
    folder = write(tmp_path / "outputs", rng)
    other = report_run(read_run(folder), ReportOptions(metric="log_loss", rope=0.01))
    texts = {section.name: section.text for section in other.sections}
    for name in ("headline", "checklist", "methods"):
        assert "on the validation log loss (minimized), as asked" in texts[name]
    assert (other.data["verdict_metric"], other.data["metric"]) == ("val_log_loss", "val_log_loss")
    verdicts = [row["judgement"]["verdict"] for row in other.data["checklist"]["rows"]]
    assert "confirmed" not in verdicts
    assert "Gain [95 %]" in texts["checklist"]


def test_another_metric_needs_a_rope_in_its_units(tmp_path: Path, rng: np.random.Generator) -> None:
    run = read_run(write(tmp_path / "outputs", rng))
    with pytest.raises(InputError, match="--metric log_loss needs --rope, in units of log loss"):
        report_run(run, ReportOptions(metric="log_loss"))


def test_a_rope_of_half_a_share_or_more_is_refused(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    run = read_run(write(tmp_path / "outputs", rng))
    with pytest.raises(InputError, match=r"--rope 0.5: a half or more of the whole range of AUC"):
        report_run(run, ReportOptions(rope=0.5))


def test_one_metric_needs_no_words(tmp_path: Path, rng: np.random.Generator) -> None:
    one = report(write(tmp_path / "outputs", rng))
    assert "as asked" not in one.render()
    assert (one.data["verdict_metric"], one.data["metric"]) == ("val_auc", "val_auc")


def test_the_sections_stand_in_the_declared_order(tmp_path: Path, rng: np.random.Generator) -> None:
    found = report(write(tmp_path / "outputs", rng))
    of_searches = {"regret", "importance", "interactions", "diagnoses", "unfinished", "stops"}
    assert list(found.names) == [name for name in SECTION_TITLES if name not in of_searches]


def test_hostile_texts_are_shown_and_nothing_more(tmp_path: Path, rng: np.random.Generator) -> None:
    found = report(write(tmp_path / "outputs", rng, HOSTILE))
    text, page = found.render(), render_html(found.title, found.render(), tmp_path)
    assert "<script" not in text
    assert "<script" not in page
    assert "http\u2060://b" in page
    assert 'href="http' not in page
    assert 'src="d"' not in page
    table = [line for line in text.splitlines() if line.startswith("|")]
    checklist = [line.replace("\\|", "") for line in table[:6]]
    assert {line.count("|") for line in checklist} == {9}


def test_the_same_run_gives_the_same_bytes(tmp_path: Path, rng: np.random.Generator) -> None:
    folder = write(tmp_path / "outputs", rng)
    first, second = report(folder), report(folder)
    assert first.render() == second.render()  # and so are the pages made of them


def test_the_json_holds_no_nan_and_the_same_verdicts(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    data = json.loads(json.dumps(report(write(tmp_path / "outputs", rng)).data, allow_nan=False))
    verdicts = [row["judgement"]["verdict"] for row in data["checklist"]["rows"]]
    assert verdicts == ["confirmed", "refuted", "inconclusive", "pending"]
    assert data["candidate"]["against"]["names"] == ["A1", "A2", "A3"]


def test_figures_are_embedded_in_the_page(tmp_path: Path, rng: np.random.Generator) -> None:
    found = report_run(read_run(write(tmp_path / "outputs", rng)), ReportOptions(), tmp_path)
    page = render_html(found.title, found.render(), tmp_path)
    assert page.count("data:image/png;base64,") == found.render().count("](figures/") > 2
    assert 'src="figures' not in page
