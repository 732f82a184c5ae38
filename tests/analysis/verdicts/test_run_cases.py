"""Expectations are judged on the configurations that were declared, or the reason is said."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.runs.run import Run, read_run
from analysis.statistics.comparisons.inference import infer_difference
from analysis.verdicts.checklist import Advice, Checklist
from analysis.verdicts.run_cases import judge_run
from analysis.verdicts.verdict import ROWS_LEFT_OUT, ClaimTest, Refutation, Verdict
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
    assert row.judgement.inference == infer_difference(contrast)
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
    assert isinstance(row.case.test, ClaimTest)
    assert row.case.test.n_seeds == 1
    assert row.advice.command is not None
    assert "--set A --seeds 5" in row.advice.command


def test_holm_counts_the_claims_that_are_pending(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    scores = score(rng, labels, {"A1": 1.0, "A2": 0.6})
    pending = [claim(f"A3 beats {name}", ["A3"], [name]) for name in ("A4", "K")]
    alone = judge(tmp_path / "one", labels, scores).rows[0]
    three = judge(tmp_path / "three", labels, scores, A1_BEATS_A2, *pending).rows[0]
    assert alone.judgement.p_holm is not None
    assert three.judgement.p_holm == pytest.approx(min(1.0, 3 * alone.judgement.p_holm))


@pytest.mark.parametrize(
    ("drop", "replace", "reason"),
    [
        ([("A2", 0), ("A2", 1), ("A2", 2)], {}, "A2 was not run"),
        ([("A2", 1)], {}, "A2 lacks seed 1"),
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


def test_no_seed_is_left_out_of_those_that_were_to_run(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    scores = score(rng, labels, {"A1": 3.0, "A2": 0.2})
    kept = {key: value for key, value in scores.items() if key[1] != SEEDS[1]}
    (row,) = judge(tmp_path, labels, kept).rows
    assert row.judgement.verdict is Verdict.PENDING
    missing = tuple(f"{name} lacks seed {SEEDS[1]}" for name in ("A1", "A2"))
    assert row.judgement.reasons == missing
    first = {key: value for key, value in scores.items() if key[1] in SEEDS[:2]}
    (row,) = judge(tmp_path / "fewer", labels, first).rows
    assert row.case.seeds == SEEDS[:2]


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
        "it was never fixed",
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
    assert row.judgement.reasons == ("there is no trial 'Z9'; valid: A1, A2, A3, A4, K",)


def test_the_last_epoch_is_judged_beside_the_selected_one(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    (row,) = judge(tmp_path, labels, score(rng, labels, {"A1": 3.0, "A2": 0.2})).rows
    assert isinstance(row.case.test, ClaimTest)
    assert row.case.test.last_epoch == row.judgement.inference


def test_a_mistake_of_ours_in_a_contrast_is_not_taken_for_missing_rows(
    tmp_path: Path, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr("analysis.verdicts.claim_test.contrast_weighted", fail)
    labels = make_labels(rng)
    pairs = [(name, seed) for name in ("A1", "A2") for seed in (0, 1)]
    scores = {pair: rng.normal(size=len(labels)) for pair in pairs}
    study = make_study(tmp_path / "tiny", [claim("A2 beats A1", ["A2"], ["A1"])])
    run = read_run(write_run(tmp_path / "outputs", study, labels, scores))
    with pytest.raises(ValueError, match="a bug"):
        judge_run(run)


def test_a_trainer_without_predictions_is_judged_over_its_seeds_alone(
    tmp_path: Path, labels: NDArray[np.int8]
) -> None:
    scores = {
        ("A1", seed): 0.72 + gain for seed, gain in zip(SEEDS, (0.02, 0.03, 0.04), strict=True)
    } | {("A2", seed): 0.72 for seed in SEEDS}
    (row,) = judge(tmp_path, labels, scores).rows
    assert row.judgement.verdict is Verdict.INCONCLUSIVE
    assert row.judgement.reasons == (ROWS_LEFT_OUT,)
    assert row.judgement.inference is not None
    assert row.judgement.inference.estimate == pytest.approx(0.03)
    assert row.advice.command is None


def test_a_mean_is_told_as_every_trial_too(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    scores = score(rng, labels, {"A1": 3.0, "A2": 3.0, "A3": 0.2})
    mean = claim("A1 beats A2 and A3", ["A1"], ["A2", "A3"])
    (row,) = judge(tmp_path, labels, scores, mean).rows
    assert row.judgement.verdict is Verdict.CONFIRMED
    assert row.every is not None
    assert row.every.verdict is not Verdict.CONFIRMED


def test_every_reference_has_to_be_beaten(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    scores = score(rng, labels, {"A1": 3.0, "A2": 3.0, "A3": 0.2})
    every = {"better": ["A1"], "than": ["A2", "A3"]}
    (row,) = judge(tmp_path, labels, scores, every).rows
    assert row.judgement.verdict is not Verdict.CONFIRMED
    assert row.judgement.inference is not None
    assert len(row.judgement.inference.contrasts) == 2
    assert row.every is None


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ({"any_of": ["A1", "A2"], "than": ["A3"]}, Verdict.CONFIRMED),
        ({"any_of": ["A2", "A3"], "than": ["A1"]}, Verdict.REFUTED),
        ({"falls_with": "dropout", "among": ["A1", "A2", "A3"]}, Verdict.CONFIRMED),
        ({"rises_with": "dropout", "among": ["A1", "A2", "A3"]}, Verdict.REFUTED),
        ({"equal": ["A1", "A3"], "within": 0.01}, Verdict.REFUTED),
    ],
)
def test_each_form_is_judged(
    tmp_path: Path,
    rng: np.random.Generator,
    labels: NDArray[np.int8],
    told: dict[str, object],
    verdict: Verdict,
) -> None:
    scores = score(rng, labels, {"A1": 3.0, "A2": 1.5, "A3": 0.2})
    (row,) = judge(tmp_path, labels, scores, told).rows
    assert row.judgement.verdict is verdict


def test_a_cost_is_judged_over_seeds(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    scores = score(rng, labels, {"A1": 1.0, "A2": 1.0})
    cheaper = {"better": ["A1"], "than": ["A2"], "metric": "seconds", "ratio": True, "by": 0.1}
    run = read(tmp_path, labels, scores, cheaper)
    for fit in run.folder.glob("A*/seed-*"):
        record = json.loads((fit / "record.json").read_text())
        slow = 40.0 if fit.parent.name == "A2" else 20.0
        record["seconds"] = slow + 0.1 * int(fit.name.removeprefix("seed-")) * (slow / 20)
        (fit / "record.json").write_text(json.dumps(record))
    (row,) = judge_run(read_run(run.folder)).rows
    found = row.judgement.inference
    assert found is not None
    assert found.estimate == pytest.approx(np.log(2))
    assert row.judgement.reasons == (
        "the difference is the same on every seed: its error cannot be estimated",
    )


def test_a_metric_that_no_record_holds_is_answered_with_those_that_are(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.int8]
) -> None:
    scores = score(rng, labels, {"A1": 1.0, "A2": 1.0})
    told = {"better": ["A1"], "than": ["A2"], "metric": "val_brier", "by": 0.1}
    (row,) = judge(tmp_path, labels, scores, told).rows
    assert row.judgement.verdict is Verdict.PENDING
    assert row.judgement.reasons[0].startswith("A1 has no val_brier in every record; they hold ")
    assert "seconds" in row.judgement.reasons[0]
    assert row.advice == Advice(), "no command gives a record what its trainer does not record"


@pytest.mark.parametrize(
    ("better", "verdict"), [("A1", Verdict.CONFIRMED), ("A2", Verdict.REFUTED)]
)
def test_a_count_of_parameters_has_no_error(
    tmp_path: Path,
    rng: np.random.Generator,
    labels: NDArray[np.int8],
    better: str,
    verdict: Verdict,
) -> None:
    scores = score(rng, labels, {"A1": 1.0, "A2": 1.0})
    than = "A2" if better == "A1" else "A1"
    told = {"better": [better], "than": [than], "metric": "n_parameters", "ratio": True, "by": 0.1}
    run = read(tmp_path, labels, scores, told)
    for fit in run.folder.glob("A*/seed-*"):
        record = json.loads((fit / "record.json").read_text())
        record["n_parameters"] = 1000 if fit.parent.name == "A1" else 2000
        (fit / "record.json").write_text(json.dumps(record))
    (row,) = judge_run(read_run(run.folder)).rows
    assert row.judgement.verdict is verdict
    assert row.judgement.p_holm == (0 if verdict is Verdict.CONFIRMED else 1)
