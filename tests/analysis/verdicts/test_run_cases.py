"""Expectations are judged on the configurations that were declared, or the reason is said."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.runs.run import Run, read_run
from analysis.verdicts.checklist import Checklist
from analysis.verdicts.run_cases import judge_run
from analysis.verdicts.verdict import Refutation, Verdict
from tests.analysis.scored import contrast_scores
from tests.analysis.synthetic import Scores, claim, make_labels, make_study, write_fit, write_run
from trial_sets.records.record import Failure

SEEDS = (0, 1, 2)
A1_BEATS_A2 = claim("A1 beats A2", ["A1"], ["A2"])


@pytest.fixture
def labels(rng: np.random.Generator) -> NDArray[np.int8]:
    return make_labels(rng)


def score(
    rng: np.random.Generator, labels: NDArray[np.int8], gains: dict[str, float], spread: float = 1.0
) -> dict[tuple[str, int], NDArray[np.float64]]:
    """Return scores of which a share of the noise is common to all trials and seeds."""
    common = rng.normal(size=len(labels))
    return {
        (name, seed): gain * labels + common + spread * rng.normal(size=len(labels))
        for name, gain in gains.items()
        for seed in SEEDS
    }


def read(
    tmp_path: Path, labels: NDArray[np.int8], scores: Scores, *claims: dict[str, object]
) -> Run:
    study = make_study(tmp_path / "tiny", list(claims) or [A1_BEATS_A2])
    return read_run(write_run(tmp_path / "outputs", study, labels, scores))


def judge(
    tmp_path: Path, labels: NDArray[np.int8], scores: Scores, *claims: dict[str, object]
) -> Checklist:
    return judge_run(read(tmp_path, labels, scores, *claims))


def test_a_large_difference_is_confirmed(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    scores = score(rng, labels, {"A1": 3.0, "A2": 0.2})
    (row,) = judge(tmp_path, labels, scores).rows
    assert row.judgement.verdict is Verdict.CONFIRMED
    assert row.advice.command is None
    contrast = contrast_scores(
        labels,
        np.stack([[scores["A1", seed].astype(np.float32) for seed in SEEDS]]),
        np.stack([[scores["A2", seed].astype(np.float32) for seed in SEEDS]]),
        horizon_rows=1,
    )
    assert row.judgement.contrast == contrast
    assert row.case.observation is not None
    assert row.case.observation.difference == pytest.approx(contrast.estimate, abs=1e-12)


def test_a_large_difference_the_other_way_is_refuted_as_reversed(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    (row,) = judge(tmp_path, labels, score(rng, labels, {"A1": 0.2, "A2": 3.0})).rows
    assert row.judgement.verdict is Verdict.REFUTED
    assert row.judgement.refutation is Refutation.REVERSED


def test_trials_that_hardly_differ_are_refuted_as_equivalent(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    scores = score(rng, labels, {"A1": 1.0, "A2": 1.0}, spread=0.02)
    (row,) = judge(tmp_path, labels, scores).rows
    assert row.judgement.refutation is Refutation.EQUIVALENT


def test_noisy_trials_are_inconclusive_and_say_what_would_decide(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    (row,) = judge(tmp_path, labels, score(rng, labels, {"A1": 1.0, "A2": 1.0}, spread=3)).rows
    assert row.judgement.verdict is Verdict.INCONCLUSIVE
    assert row.judgement.detectable is not None
    assert row.advice.text


def test_one_seed_is_inconclusive_and_provisional_however_large_the_difference(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    scores = score(rng, labels, {"A1": 3.0, "A2": 0.2})
    (row,) = judge(tmp_path, labels, {k: v for k, v in scores.items() if k[1] == 0}).rows
    assert row.judgement.verdict is Verdict.INCONCLUSIVE
    assert row.judgement.contrast is not None
    assert row.judgement.contrast.is_provisional
    assert row.advice.command is not None
    assert "--set A --seeds 5" in row.advice.command


def test_holm_counts_the_claims_that_are_pending(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    scores = score(rng, labels, {"A1": 1.0, "A2": 0.6})
    pending = claim("A3 beats A4", ["A3"], ["A4"])
    alone = judge(tmp_path / "one", labels, scores).rows[0]
    three = judge(tmp_path / "three", labels, scores, A1_BEATS_A2, pending, pending).rows[0]
    assert alone.judgement.p_holm is not None
    assert three.judgement.p_holm == pytest.approx(min(1.0, 3 * alone.judgement.p_holm))


@pytest.mark.parametrize(
    ("drop", "replace", "reason"),
    [
        ([("A2", 0), ("A2", 1), ("A2", 2)], {}, "A2 was not run"),
        ([("A2", 1)], {}, "A2 lacks seed 1"),
        ([], {("A2", 1): 0.7}, "A2 seed 1 has no predictions"),
        (
            [],
            {("A2", 1): Failure(kind="diverged", message="NaN in\nepoch 3")},
            "A2 seed 1 failed (diverged: NaN in epoch 3)",
        ),
    ],
)
def test_what_a_claim_lacks_is_said_and_the_command_completes_it(
    tmp_path: Path,
    rng: np.random.Generator,
    labels: NDArray[np.int8],
    drop: list[tuple[str, int]],
    replace: dict[tuple[str, int], float | Failure],
    reason: str,
) -> None:
    scores = score(rng, labels, {"A1": 3.0, "A2": 0.2})
    kept = {key: value for key, value in scores.items() if key not in drop}
    (row,) = judge(tmp_path, labels, {**kept, **replace}).rows
    assert row.judgement.verdict is Verdict.PENDING
    assert row.judgement.reasons == (reason,)
    assert row.advice.command is not None
    assert "--set A --seeds 3" in row.advice.command
    assert (row.case.observation is None) == (len(drop) == 3)


def test_a_name_that_ran_as_another_configuration_is_not_judged(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    run_folder = read(tmp_path, labels, score(rng, labels, {"A1": 3.0, "A2": 0.2})).folder
    content = json.loads((run_folder / "run.json").read_text())
    content["study"]["sets"][0]["trials"][1]["configuration"]["dropout"] = 0.35
    (run_folder / "run.json").write_text(json.dumps(content))
    (row,) = judge_run(read_run(run_folder)).rows
    assert row.judgement.reasons == (
        "A2 was run as another configuration (dropout 0.3 instead of 0.35)",
    )


def test_fits_on_other_rows_are_not_compared(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    study = make_study(tmp_path / "tiny", [A1_BEATS_A2])
    folder = write_run(tmp_path / "outputs", study, labels, {("A1", 0): rng.normal(size=600)})
    write_fit(folder, study, labels[:500], "A2", 0, rng.normal(size=500))
    (row,) = judge_run(read_run(folder)).rows
    assert row.judgement.reasons == ("the fits were scored on different rows",)


def test_rows_of_one_class_cannot_be_judged(tmp_path: Path, rng: np.random.Generator) -> None:
    labels = np.zeros(600, dtype=np.int8)
    labels[0] = 1
    (row,) = judge(tmp_path, labels, score(rng, labels, {"A1": 1.0, "A2": 1.0})).rows
    assert row.judgement.verdict is Verdict.PENDING
    assert "1 positive" in row.judgement.reasons[0]


def test_a_claim_about_an_unknown_name_is_not_judged(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    run_folder = read(tmp_path, labels, score(rng, labels, {"A1": 3.0, "A2": 0.2})).folder
    content = json.loads((run_folder / "run.json").read_text())
    content["study"]["sets"][0]["expectations"][0]["than"] = ["Z9"]
    (run_folder / "run.json").write_text(json.dumps(content))
    (row,) = judge_run(read_run(run_folder)).rows
    assert row.judgement.reasons == ("Z9: no trial of the study has this name",)


def test_the_last_epoch_is_judged_beside_the_selected_one(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    (row,) = judge(tmp_path, labels, score(rng, labels, {"A1": 3.0, "A2": 0.2})).rows
    assert row.case.last_epoch == row.judgement.contrast


def test_a_mistake_of_ours_in_a_contrast_is_not_taken_for_missing_rows(
    tmp_path: Path, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr("analysis.verdicts.run_cases.contrast_trials", fail)
    labels = make_labels(rng)
    pairs = [(name, seed) for name in ("A1", "A2") for seed in (0, 1)]
    scores = {pair: rng.normal(size=len(labels)) for pair in pairs}
    study = make_study(tmp_path / "tiny", [claim("A2 beats A1", ["A2"], ["A1"])])
    run = read_run(write_run(tmp_path / "outputs", study, labels, scores))
    with pytest.raises(ValueError, match="a bug"):
        judge_run(run)
