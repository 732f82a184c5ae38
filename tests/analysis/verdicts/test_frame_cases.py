"""Other tools' results are set beside a study's claims, and never confirm one."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from analysis.frames.frame import TrialFrame
from analysis.readers.sources import read_trials
from analysis.verdicts.dating import FOREIGN
from analysis.verdicts.frame_cases import find_matching_study, show_claims
from analysis.verdicts.verdict import ROWS_LEFT_OUT, Verdict
from tests.analysis.conftest import MakeTrials
from tests.analysis.synthetic import claim, make_study
from trial_sets.errors import InputError
from trial_sets.loading.study_folder import list_studies, load_study
from trial_sets.study import Study

UNDATED = FOREIGN.reasons[0]


@pytest.fixture
def frame(make_trials: MakeTrials) -> TrialFrame:
    made = make_trials(metric=[0.7, 0.6], params={"dropout": [0.2, 0.35]})
    made.rows["trial"] = ["A1", "A2"]
    return made


@pytest.fixture
def study(tmp_path: Path) -> Study:
    claims = [claim("A1 beats A2", ["A1"], ["A2"]), claim("A3 beats A1", ["A3"], ["A1"])]
    return make_study(tmp_path / "tiny", claims)


def test_every_reason_is_said_where_it_applies(frame: TrialFrame, study: Study) -> None:
    first, second = show_claims(frame, study).rows
    assert first.judgement.verdict is Verdict.PENDING
    assert first.judgement.reasons == (
        "A2 is another configuration than the study's (dropout 0.35 instead of 0.3)",
        UNDATED,
    )
    assert first.case.observation is not None
    assert first.case.observation.difference == pytest.approx(0.1)
    assert second.judgement.reasons[0] == "A3 is not among the results"
    assert second.case.observation is None


def test_a50_is_taken_only_where_its_names_occur(frame: TrialFrame) -> None:
    found = find_matching_study(frame.rows["trial"], None, frame.studies)
    assert found is not None
    assert found.name == "a50"
    frame.rows["trial"] = ["X", "Y"]
    assert find_matching_study(frame.rows["trial"], None, frame.studies) is None


def test_the_name_of_the_study_that_was_read_is_none_of_ours(frame: TrialFrame) -> None:
    read = replace(frame, studies=("example", "resnet-lr"))
    found = find_matching_study(read.rows["trial"], "example", read.studies)
    assert found is not None
    assert found.name == "a50"  # by the trials' names, as without a name
    named = find_matching_study(frame.rows["trial"], "example", frame.studies)
    assert named is not None
    assert named.name == "example"


def test_an_unknown_study_is_answered_with_the_nearest_of_both_kinds(frame: TrialFrame) -> None:
    read = replace(frame, studies=("resnet-lr",))
    for name, nearest in {"resnet_lr": "resnet-lr", "a5O": "a50"}.items():
        message = f"no study '{name}': what was read is resnet-lr; did you mean {nearest}?"
        with pytest.raises(InputError, match=re.escape(message)):
            find_matching_study(read.rows["trial"], name, read.studies)


def test_nothing_of_the_supplementary_results_is_confirmed(shared_data: Path) -> None:
    frame = read_trials([shared_data / "supplementary" / "a50_results.json"])
    study = find_matching_study(frame.rows["trial"], None, frame.studies)
    assert study is not None
    rows = show_claims(frame, study).rows
    assert [row.judgement.verdict for row in rows] == [Verdict.PENDING] * 5
    for row in rows:
        reasons = "; ".join(row.judgement.reasons)
        assert ("no predictions, and no seed is recorded" in reasons) == (row.case.set_name == "A")
        assert ("another configuration" in reasons) == (row.case.set_name != "A")
    first, last = rows[0].case.observation, rows[-1].case.observation
    assert first is not None
    assert f"{first.difference:+.4f}" == "+0.0012"
    assert last is None


@pytest.mark.parametrize("named", [None, "a50"])
def test_the_studies_are_listed_once_and_one_is_loaded_once(
    frame: TrialFrame, named: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed, loaded = list[str](), list[Path]()

    def list_names() -> list[str]:
        listed.append("listed")
        return list_studies()

    def load(folder: Path) -> Study:
        loaded.append(folder)
        return load_study(folder)

    for module in ("analysis.verdicts.frame_cases", "trial_sets.loading.study_folder"):
        monkeypatch.setattr(f"{module}.list_studies", list_names)
    monkeypatch.setattr("analysis.verdicts.frame_cases.load_study", load)
    study = find_matching_study(frame.rows["trial"], named, frame.studies)
    assert study is not None
    show_claims(frame, study)
    assert (len(listed), [folder.name for folder in loaded]) == (1, ["a50"])


def make_seeded(make_trials: MakeTrials, metric: str = "auc", **more: Any) -> TrialFrame:
    """Return three seeds of A1 and A2, the latter better by 0.02, 0.03 and 0.04."""
    made = make_trials(
        metric=[0.70, 0.71, 0.72, 0.72, 0.74, 0.76], params={"dropout": [0.2] * 3 + [0.3] * 3}
    )
    made.rows["trial"] = ["A1"] * 3 + ["A2"] * 3
    made.rows["seed"] = [0, 1, 2] * 2
    return replace(made, metric=metric, **more)


def test_several_seeds_give_an_interval_of_the_seeds_alone(
    make_trials: MakeTrials, tmp_path: Path
) -> None:
    study = make_study(tmp_path / "tiny", [claim("A2 beats A1", ["A2"], ["A1"])])
    (row,) = show_claims(make_seeded(make_trials), study).rows
    assert (row.judgement.verdict, row.judgement.otherwise) == (
        Verdict.UNDATED,
        Verdict.INCONCLUSIVE,
    )
    assert row.judgement.reasons == (UNDATED, ROWS_LEFT_OUT)
    found = row.judgement.inference
    assert found is not None
    assert found.estimate == pytest.approx(0.03)
    reach = stats.t.ppf(0.975, 2) * np.std([0.02, 0.03, 0.04], ddof=1) / np.sqrt(3)
    assert (found.low, found.high) == pytest.approx((0.03 - reach, 0.03 + reach))


def test_results_of_another_metric_say_nothing_of_the_auc(
    make_trials: MakeTrials, tmp_path: Path
) -> None:
    study = make_study(tmp_path / "tiny", [claim("A2 beats A1", ["A2"], ["A1"])])
    frame = make_seeded(make_trials, "val_rmse", direction="minimize")
    (row,) = show_claims(frame, study).rows
    assert row.judgement.verdict is Verdict.PENDING
    assert row.judgement.reasons[0] == "the results hold val_rmse, and the claim is about AUC"
    assert row.case.observation is None
