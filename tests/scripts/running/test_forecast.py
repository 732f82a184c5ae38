"""``--dry-run`` says what the planned folds, seeds and rows can find about each claim."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from runner.planning.plan import make_plan
from runner.planning.request import Request
from scripts.run_supplementary import main
from scripts.running.plan_power import forecast_plan
from tests.analysis.synthetic import make_labels, write_run


def show(tiny_study: Path, output: Path, *more: str) -> str:
    arguments = ["--study", str(tiny_study), "--set", "A", "--dry-run", "--output", str(output)]
    done = CliRunner().invoke(main, [*arguments, *more], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    return done.stdout


def test_one_seed_confirms_nothing_and_the_plan_says_so(tiny_study: Path, tmp_path: Path) -> None:
    said = show(tiny_study, tmp_path)
    assert (
        "Power on 488 validation rows, at Holm's first step, one look at the end; error: that of "
        "the reference"
    ) in said
    assert (
        "A2 beats A1: nothing can be confirmed or refuted: one seed: the interval covers rows only"
    ) in said


def test_more_folds_find_smaller_differences(tiny_study: Path, tmp_path: Path) -> None:
    found = [
        json.loads(show(tiny_study, tmp_path, "--seeds", "2", "--folds", folds, "--json"))["power"]
        for folds in ("1", "4")
    ]
    assert [power["rows"] for power in found] == [488, 1952]
    (one,), (four,) = (power["claims"] for power in found)
    assert four["detectable"] < one["detectable"] / 1.5
    assert (four["truth"], four["limits"]) == (pytest.approx(0.01), [])
    assert (four["folds"], four["seeds"], four["fits"]) == (None, None, None)
    assert (
        "not decidable on these rows: no plan does both with 80 % each; the largest, "
        in (four["text"])
    )


def test_a_claim_without_its_trials_is_not_forecast(tiny_study: Path, tmp_path: Path) -> None:
    request = Request(study=str(tiny_study), trials=("A1",), seeds=2, output=tmp_path)
    assert forecast_plan(make_plan(request)).power.claims == ()


def test_trials_that_an_override_makes_equal_are_not_forecast(
    tiny_study: Path, tmp_path: Path
) -> None:
    path = tiny_study / "A.json"
    told = json.loads(path.read_text())
    told["trials"] = {"A1": {"epochs": 2}, "A2": {"epochs": 3}}
    path.write_text(json.dumps(told))
    assert "A2 beats A1: nothing can be confirmed" in show(tiny_study, tmp_path)
    assert "Power on" not in show(tiny_study, tmp_path, "--epochs", "2")


def test_a_large_difference_has_a_cheap_plan(tiny_study: Path, tmp_path: Path) -> None:
    path = tiny_study / "study.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "rope": 0.05}))
    request = Request(study=str(tiny_study), sets=("A",), seeds=2, output=tmp_path)
    (claim,) = forecast_plan(make_plan(request)).power.claims
    assert claim.folds is not None
    assert claim.seeds is not None
    assert claim.fits == 2 * claim.folds * claim.seeds
    assert claim.seconds is not None
    assert f"{claim.fits} fits of its trials, at most about" in claim.text
    assert claim.confirms < 1


def test_the_error_is_taken_from_fits_on_these_data(tiny_study: Path, tmp_path: Path) -> None:
    request = Request(study=str(tiny_study), sets=("A",), seeds=2, output=tmp_path)
    plan = make_plan(request)
    rng = np.random.default_rng(3)
    labels = make_labels(rng)
    scores = {
        (name, seed): labels + rng.standard_normal(labels.size)
        for name in ("A1", "A2", "K")
        for seed in (3, 5)
    }
    folder = write_run(tmp_path, plan.info.study, labels, scores)
    info = json.loads((folder / "run.json").read_text())
    info["data"]["fingerprint"] = plan.info.data.fingerprint
    (folder / "run.json").write_text(json.dumps(info))
    (claim,) = forecast_plan(make_plan(request)).power.claims
    assert claim.error_from.startswith(f"that of the claim's own trials in {folder.name}, from one")
