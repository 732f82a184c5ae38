"""Reports of every task: the metric's own name, numbers and direction in every text."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from numpy.typing import NDArray

from analysis.findings.evidence import gather_evidence
from analysis.report.document import Report
from analysis.report.illustrations import plan_figures
from analysis.report.options import ReportOptions
from analysis.report.run import prepare_frame, report_run
from analysis.report.sections.checklist import choose_yardstick
from analysis.runs.run import Run, read_run
from analysis.verdicts.run_cases import judge_run
from tests.analysis.synthetic import Scores, claim, make_study, write_run
from trial_sets.loading.study_folder import load_study

CLAIMS = [claim("A1 beats A2", ["A1"], ["A2"]), claim("A3 beats A1", ["A3"], ["A1"])]
NUMBERS = {"task": "regression", "rope": 0.5, "label": {"column": "y"}}
ERRORS = {"A1": 40, "A2": 60, "A3": 60, "K": 62}


def report(run: Run) -> Report:
    return report_run(run, ReportOptions())


def predict(rng: np.random.Generator, labels: NDArray[np.float64]) -> Scores:
    scores: Scores = {
        (name, seed): labels + rng.normal(0, error, len(labels))
        for name, error in ERRORS.items()
        for seed in (0, 1)
    }
    ridge = labels + rng.normal(0, 50, len(labels))
    return {**scores, ("ridge", 0): ridge, ("mean", 0): np.full(len(labels), 150.0)}


@pytest.fixture
def numbers(tmp_path: Path, rng: np.random.Generator) -> Run:
    """Return a regression with a clear best trial A1."""
    labels = rng.normal(150, 75, 600)
    study = make_study(tmp_path / "tiny", CLAIMS, **NUMBERS)
    return read_run(write_run(tmp_path / "outputs", study, labels, predict(rng, labels)))


def list_texts(figure: Figure) -> list[str]:
    return [found.get_text() for found in figure.findobj(Text)]


def read_rows(text: str, head: str) -> list[list[str]]:
    """Return the cells of the table whose head begins so."""
    lines = text[text.index(f"| {head}") :].split("\n\n", maxsplit=1)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_a_regression_never_speaks_of_auc(numbers: Run) -> None:
    found = report(numbers)
    assert "AUC" not in found.render()
    assert "AUC" not in json.dumps(found.data)
    for word in ("DeLong", "logit", "positive rows", "of a class", "both classes"):
        assert word not in found.render()


def test_no_figure_of_a_regression_speaks_of_auc(numbers: Run) -> None:
    checklist = judge_run(numbers)
    sketches = plan_figures(
        gather_evidence(prepare_frame(numbers, 0.5)),
        checklist=checklist,
        run=numbers,
        yardstick=choose_yardstick(checklist),
    )
    texts = [text for sketch in sketches for text in (sketch.caption, *list_texts(sketch.draw()))]
    assert len(sketches) >= 4
    assert not [text for text in texts if "AUC" in text]
    assert any(text.startswith("gain in RMSE (to the right: less of it)") for text in texts)
    assert {"validation RMSE", "RMSE"} <= set(texts)


def test_the_lowest_error_is_on_top_and_gains_are_positive(numbers: Run) -> None:
    text = report(numbers).render()
    standing = read_rows(text, "Trial   |   Mean validation RMSE")
    assert standing[0][0] == "A1"
    values = [float(row[1]) for row in standing]
    assert values == sorted(values)
    against = read_rows(text, "Set A")
    assert against[0][0] == "**A1**"
    assert against[0][2].startswith("+")
    baselines = read_rows(text, "Baseline")
    assert [row[0] for row in baselines] == ["ridge regression", "mean (a constant)"]
    checklist = read_rows(text, "If")
    assert [row[2] for row in checklist] == ["**confirmed**", "refuted (reversed)"]
    assert checklist[0][3].startswith("+")
    assert "| Gain [95 %]" in text


def test_a_regression_is_told_in_its_own_units(numbers: Run) -> None:
    text = report(numbers).render()
    best = np.mean([fit.score for fit in numbers.trained if "A1" in fit.record.names])
    ridge = next(fit.score for fit in numbers.baselines if fit.record.key == "ridge")
    assert f"> - Best trial: A1, validation RMSE {best:.2f} on 600 validation rows, mean " in text
    assert (
        f"The best baseline, ridge regression, has {ridge:.2f}, {ridge - best:.2f} more than A1."
    ) in text
    assert "> - Smallest difference of RMSE that this batch could have detected" in text
    assert "the estimate is at least the ROPE, 0.5 RMSE, or the claim's own margin" in text
    assert "the one with the lowest validation RMSE, so that every validation RMSE here is" in text
    assert "their squared errors, by the delta method through the root, with the variance" in text
    assert " Min RMSE |" in text
    assert "| RMSE, minimized, ROPE 0.5 " in text


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("random", "through the root; without an order in time no autocorrelation counts, and the "
         "rows are independent"),
        ("groups", "summed within each group; without an order in time no autocorrelation counts, "
         "and the groups are independent"),
    ],
)  # fmt: skip
def test_rows_without_time_have_neither_dates_nor_cosines(
    tmp_path: Path, rng: np.random.Generator, kind: str, sentence: str
) -> None:
    labels = rng.normal(150, 75, 600)
    split = {"kind": kind} | ({"column": "shop"} if kind == "groups" else {})
    study = make_study(tmp_path / "tiny", CLAIMS, **NUMBERS, split=split)
    groups = rng.integers(0, 90, 600) if kind == "groups" else None
    folder = write_run(tmp_path / "outputs", study, labels, predict(rng, labels), groups=groups)
    text = report(read_run(folder)).render()
    assert sentence in text
    assert "cosine" not in text
    assert " to 2016" not in text
    assert "| Context" not in text
    assert "test period" not in text


def test_folds_without_time_tell_of_their_overlap(tmp_path: Path, rng: np.random.Generator) -> None:
    labels = rng.normal(150, 75, 600)
    study = make_study(tmp_path / "tiny", CLAIMS, **NUMBERS, split={"kind": "random"})
    folder = write_run(tmp_path / "outputs", study, labels, predict(rng, labels), n_folds=4)
    text = report(read_run(folder)).render()
    assert "1/k + n(validation)/n(training) rather than 1/k (Nadeau and Bengio 2003)" in text
    assert "in time order" not in text


def test_classes_are_told_by_their_counts(tmp_path: Path, rng: np.random.Generator) -> None:
    labels = np.repeat(np.arange(3, dtype=np.int32), 200)
    gains = {"A1": 3.0, "A2": 1.0, "A3": 1.0, "K": 1.1}
    scores: Scores = {
        (name, seed): gain * np.eye(3)[labels] + rng.normal(size=(600, 3))
        for name, gain in gains.items()
        for seed in (0, 1)
    }
    about = {"task": "multiclass", "rope": 0.01, "label": {"column": "y"}}
    study = make_study(tmp_path / "tiny", CLAIMS, **about, split={"kind": "stratified"})
    found = report(read_run(write_run(tmp_path / "outputs", study, labels, scores)))
    text = found.render()
    assert "on 600 validation rows, 3 classes of 200" in text
    assert "Mean validation macro F1" in text
    assert "the influence of each row on the counts of its classes, by the delta method" in text
    assert "AUC" not in text
    assert "AUC" not in json.dumps(found.data)
    assert read_rows(text, "Trial")[0][0] == "A1"


def test_numbers_alone_rest_on_seeds_and_settle_nothing(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    about = {"task": "none", "rope": 0.01, "metric": {"name": "energy_error"}}
    study = make_study(tmp_path / "tiny", CLAIMS, **about)
    scores: Scores = {
        (name, seed): mean + 0.001 * rng.normal()
        for name, mean in {"A1": 0.3, "A2": 0.41, "A3": 0.39, "K": 0.4}.items()
        for seed in (0, 1, 2)
    }
    folder = write_run(tmp_path / "outputs", study, rng.normal(size=600), scores)
    text = report(read_run(folder)).render()
    assert "> - **Of 2 expected outcomes: 2 inconclusive.**" in text
    assert "> - Best trial: A1, mean validation energy" in text
    assert "No predictions were kept, so that the seeds are the only evidence" in text
    assert [row[0] for row in read_rows(text, "Trial")] == ["A1", "A3", "K", "A2"]
    assert "AUC" not in text


def make_free(folder: Path) -> Any:
    """Write a study of a trainer of one's own, whose parameters are not a network's."""
    folder.mkdir(parents=True)
    study = {
        "title": "Trees", "task": "regression", "rope": 0.5, "seeds": [0, 1], "split":
        {"kind": "random"}, "controls": {"K": {"rate": 0.5}},
        "parameters": {
            "rate": {"type": "float", "low": 0.001, "high": 1.0, "log": True},
            "exact": {"type": "bool"},
            "loss": {"choices": ["squared", "absolute"]},
            "horizon": {"type": "int", "low": 1},
        },
        "base": {"rate": 0.1, "exact": True, "loss": "squared", "horizon": 3},
    }  # fmt: skip
    trials = {
        "A1": {"rate": 0.01}, "A2": {"rate": 0.1}, "A3": {"exact": False},
        "A4": {"loss": "absolute"}, "A5": {"horizon": 9},
    }  # fmt: skip
    one = {"title": "Rate", "control": "K", "trials": trials, "expectations": CLAIMS}
    (folder / "study.json").write_text(json.dumps(study))
    (folder / "A.json").write_text(json.dumps(one))
    return load_study(folder)


def test_parameters_of_ones_own_stand_under_their_names_and_no_networks(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    study, labels = make_free(tmp_path / "tiny"), rng.normal(150, 75, 600)
    errors = {"A1": 40, "A2": 60, "A3": 62, "A4": 60, "A5": 61, "K": 63}
    scores: Scores = {
        (name, seed): labels + rng.normal(0, error, 600)
        for name, error in errors.items()
        for seed in (0, 1)
    }
    run = read_run(write_run(tmp_path / "outputs", study, labels, scores))
    text = report(run).render()
    for name in ("rate", "exact", "loss", "horizon"):
        assert f"\n### {name}" in text
    for name in ("d\\_model", "d_model", "n_heads", "dropout", "patch", "revin"):
        assert name not in text
    assert [row[0] for row in read_rows(text, "exact")] == ["False", "**True**"]
    assert prepare_frame(run, 0.5).spaces["rate"].is_log
