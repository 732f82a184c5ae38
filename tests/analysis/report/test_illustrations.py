"""The figures of a report: which there are, and where they are put."""

from pathlib import Path

import pytest
from matplotlib.figure import Figure

from analysis.findings.evidence import gather_evidence
from analysis.report.illustrations import Sketch, draw_figures, illustrate, plan_figures
from analysis.runs.run import Run
from analysis.runs.run_frame import frame_run
from analysis.verdicts.run_cases import judge_run
from tests.analysis.conftest import MakeTrials
from trial_sets.errors import InputError


def list_stems(sketches: tuple[Sketch, ...]) -> list[tuple[str, str]]:
    return [(sketch.section, sketch.stem) for sketch in sketches]


def test_a_run_has_a_forest_trends_curves_and_costs(run: Run) -> None:
    evidence = gather_evidence(frame_run(run))
    assert list_stems(plan_figures(evidence, (), judge_run(run), run)) == [
        ("checklist", "checklist"),
        ("trends", "slice-dropout"),
        ("health", "curves-a"),
        ("cost", "cost"),
    ]


def test_two_hyperparameters_are_shown_with_their_pair_alone(make_trials: MakeTrials) -> None:
    params = {name: [1, 2, 1, 2] for name in "abc"}
    evidence = gather_evidence(make_trials(metric=[0.5, 0.6, 0.7, 0.8], params=params))
    assert list_stems(plan_figures(evidence, ("a", "b"))) == [
        ("trends", "slice-a"), ("trends", "slice-b"), ("pair", "pair-a-b"),
    ]  # fmt: skip
    assert list_stems(plan_figures(evidence))[-1] == ("trends", "parallel")


def test_a_figure_with_nothing_to_draw_is_left_out(tmp_path: Path) -> None:
    def fail() -> Figure:
        raise InputError("nothing to draw")

    steps: list[str] = []
    sketches = (
        Sketch("cost", "empty", "Nothing", fail),
        Sketch("cost", "plain", "A figure", Figure, "lr"),
    )
    (image,) = draw_figures(sketches, tmp_path, lambda: steps.append("drawn"))
    assert (image.section, image.path, image.caption, image.param) == (
        "cost", "figures/plain.png", "A figure", "lr",
    )  # fmt: skip
    assert (tmp_path / image.path).is_file()
    assert len(steps) == 2


def test_without_a_folder_nothing_is_planned(
    make_trials: MakeTrials, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("analysis.report.illustrations.plan_figures")
    evidence = gather_evidence(make_trials(metric=[0.5, 0.6], params={"a": [1, 2]}))
    assert illustrate(None, evidence) == ()
