from pathlib import Path

import numpy as np
import pytest

from analysis.findings.evidence import gather_evidence
from analysis.frames.frame import TrialFrame
from analysis.proposal.constraints import was_run
from analysis.proposal.round_plan import RoundPlan, choose_new_seeds, plan_round
from analysis.proposal.round_set import CONTROL
from analysis.proposal.study_files import draft_round
from analysis.readers.sources import read_trials
from tests.analysis.conftest import MakeTrials
from trial_sets.errors import InputError
from trial_sets.loading.study_folder import BUILT_IN, load_study
from trial_sets.writing.study_draft import assemble_draft


def plan(frame: TrialFrame, rope: float | None = None) -> RoundPlan:
    return plan_round(gather_evidence(frame, rope=rope))


@pytest.fixture
def first_round(shared_data: Path) -> RoundPlan:
    names = ("a50_2m.json", "a50_20m.json", "a50_200m.json")
    return plan(read_trials([shared_data / "first_round" / name for name in names]))


def list_values(plan: RoundPlan, param: str) -> set[object]:
    """Return the values of a hyperparameter that its own set tries."""
    return {
        trial.values[param]
        for one in plan.sets
        if one.title.startswith(f"{param}:")
        for trial in one.trials.values()
    }


def test_the_first_rounds_gaps_and_edges_are_tried(first_round: RoundPlan) -> None:
    assert list_values(first_round, "dropout") - {0.5} == {0.4, 0.6}
    (gap, lead, beyond) = sorted(list_values(first_round, "learning_rate"))  # type: ignore[type-var]
    assert 5e-5 < gap < lead == 1e-4 < beyond < 5e-4  # type: ignore[operator]
    (inside, lead, above) = sorted(list_values(first_round, "weight_decay"))  # type: ignore[type-var]
    assert 1e-4 < inside < lead == 1e-3 < above  # type: ignore[operator]
    assert list_values(first_round, "d_model") == {112, 144}


def test_what_stands_out_is_tried_beside_the_base_that_has_another(first_round: RoundPlan) -> None:
    (dropout,) = (one for one in first_round.sets if one.title.startswith("dropout"))
    (trial,) = (one for one in dropout.trials.values() if one.values["dropout"] == 0.5)
    assert trial.note == "The value that stands out, a hunch; the base has 0.3"
    assert dropout.claims[0]["shows"] == "dropout of 0.4, 0.5 or 0.6 is better than the base's 0.3"


def test_a_batch_size_that_follows_from_the_width_is_said(first_round: RoundPlan) -> None:
    width = {t.values["d_model"]: t.note for one in first_round.sets for t in one.trials.values()}
    assert width[112].endswith("; batch_size follows, 128 (the base has 64)")
    assert "batch_size" not in width[144] + width[128]  # 64, as the base's


def test_the_phases_that_there_are_are_numbered_from_one(first_round: RoundPlan) -> None:
    phases = dict.fromkeys(one.phase for one in first_round.sets)
    assert list(phases) == [
        "1: around the winner",
        "2: architecture",
        "3: combine the winners",
        "4: validate the best",
    ]


def test_every_set_has_a_control_and_a_claim_and_new_trials(first_round: RoundPlan) -> None:
    settled, draft = draft_round(first_round, "next", "the first round")
    study, remarks = assemble_draft("next", draft)
    assert remarks == ()
    assert all(one.control == CONTROL and one.expectations for one in study.sets)
    assert [one.name for one in study.sets] == ["A", "B", "C", "D", "E", "F", "V"]
    for one in settled.sets:
        tried = [was_run(settled.evidence, trial.values) for trial in one.trials.values()]
        assert all(tried) if one.name == "V" else not any(tried)


def test_the_winners_are_combined_and_ought_to_be_worth_it(first_round: RoundPlan) -> None:
    (combined,) = (one for one in first_round.sets if one.name == "F")
    assert combined.trials["F1"].values["dropout"] == 0.5
    assert combined.trials["F1"].values["learning_rate"] == 1e-4
    assert combined.claims[0]["by"] == 0.005


def test_the_best_five_run_again_with_seeds_that_no_fit_had(make_trials: MakeTrials) -> None:
    rng = np.random.default_rng(0)
    params = {"lr": 10 ** rng.uniform(-5, -2, 40), "depth": rng.choice([1.0, 2.0, 3.0], 40)}
    frame = make_trials(metric=rng.normal(0.7, 0.01, 40), params=params, seed=[7] * 40)
    made = plan(frame)
    assert [one.name for one in made.sets] == ["V"]
    assert (len(made.sets[0].trials), made.seeds) == (4, (8, 9, 10))


def test_the_rate_follows_the_root_of_the_batch(make_trials: MakeTrials) -> None:
    rng = np.random.default_rng(0)
    batch = np.repeat([32.0, 64, 256], 16)
    lr = np.resize([1e-4, 2e-4], 48)
    metric = 0.7 - 0.02 * np.abs(np.log2(batch / 100)) + rng.normal(0, 0.001, 48)
    params = {"batch_size": batch, "lr": lr, "salt": np.resize(np.arange(8.0), 48)}
    made = plan(make_trials(metric=metric, params=params))
    (one,) = (s for s in made.sets if s.title.startswith("batch_size"))
    base = made.base.values
    for trial in one.trials.values():
        ratio = float(trial.values["batch_size"]) / float(base["batch_size"])
        assert trial.values["lr"] == pytest.approx(float(base["lr"]) * ratio**0.5, rel=0.01)
        assert "lr follows by the root of the batch" in trial.note


def test_heads_follow_a_width_that_they_do_not_divide(make_trials: MakeTrials) -> None:
    width = np.repeat([48.0, 64, 96, 128], 16)
    heads = np.resize([4.0, 6.0, 8.0, 16.0], 64)
    heads[width != 48] = np.resize([4.0, 8.0, 16.0], 48)
    rng = np.random.default_rng(0)
    fixed = {"n_layers": 2.0, "d_ff_ratio": 2.0, "dropout": 0.1, "learning_rate": 1e-4}
    params = {
        "d_model": width,
        "n_heads": heads,
        "weight_decay": np.resize([0.0, 1e-4], 64),
        **{name: np.full(64, value) for name, value in fixed.items()},
    }
    metric = 0.75 - 0.001 * np.abs(width - 110) + 0.002 * (heads == 16) + rng.normal(0, 1e-4, 64)
    made = plan(make_trials(metric=metric, params=params))
    assert made.base.terms.trainer == "patch_transformer"
    trials = [trial for one in made.sets for trial in one.trials.values()]
    assert all(made.base.terms.find_fault(trial.values) is None for trial in trials)
    assert any(float(trial.values["d_model"]) not in set(width) for trial in trials)


def test_a_baseline_that_beats_every_trial_comes_first(make_trials: MakeTrials) -> None:
    rng = np.random.default_rng(0)
    n = 30
    params = {
        "d_model": [64.0] * n + [None],
        "n_layers": [2.0] * n + [None],
        "n_heads": [4.0] * n + [None],
        "d_ff_ratio": [2.0] * n + [None],
        "dropout": [*rng.choice([0.1, 0.3, 0.5], n), None],
        "learning_rate": [*(10 ** rng.uniform(-5, -3, n)), None],
        "weight_decay": [1e-4] * n + [None],
    }
    frame = make_trials(
        metric=[*rng.normal(0.7, 0.005, n), 0.85],
        params=params,
        role=["trial"] * n + ["baseline"],
        positives=[76] * (n + 1),
        negatives=[346] * (n + 1),
    )
    made = plan(frame)
    assert made.reference is not None
    assert made.reference.startswith("A baseline trial beats all 30 tuned configurations")
    assert [(one.name, one.title) for one in made.sets] == [
        ("A", "What the baseline has: RevIN off"),
        ("V", "The best 5 again, with 3 new seeds each"),
    ]
    _, draft = draft_round(made, "next", "trials")
    assert draft.sets["A"]["trials"]["A1"]["revin"] is False
    assert assemble_draft("next", draft)[1] == ()


def test_without_a_finished_trial_there_is_nothing_to_go_from(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[None, None], params={"lr": [1e-3, 1e-4]}, state=["failed"] * 2)
    with pytest.raises(InputError, match="no trial with hyperparameters finished"):
        plan(frame)


def test_a_guessed_rope_is_said_to_be_one(make_trials: MakeTrials) -> None:
    metric = [3.0, 2.0, 1.0, 2.5]
    made = plan(make_trials(metric=metric, name="loss", params={"lr": [1e-3, 1e-4, 1e-5, 1e-2]}))
    assert (made.rope, made.is_rope_said) == (0.2, False)
    assert plan(made.evidence.frame, rope=0.5).rope == 0.5


def test_new_seeds_are_such_as_a_study_may_have(make_trials: MakeTrials) -> None:
    params = {"lr": [1e-3, 1e-4, 1e-5]}
    frame = make_trials(metric=[0.7, 0.6, 0.5], params=params, seed=[1, 2**32 - 1, 3])
    assert choose_new_seeds(frame) == (0, 2, 4)


def test_a_round_after_a_round_counts_on(make_trials: MakeTrials) -> None:
    study = load_study(BUILT_IN / "example")
    frame = make_trials(metric=[0.6, 0.7], params={"dropout": [0.1, 0.2]})
    titles = []
    for _ in range(2):
        made = plan_round(gather_evidence(frame), study, fixed=study.base.settings)
        _, draft = draft_round(made, "next", "some results")
        titles.append(draft.content["title"])
        study = study.model_copy(update={"title": titles[-1]})
    assert titles == [f"{load_study(BUILT_IN / 'example').title}, round {n}" for n in (2, 3)]


def test_one_configuration_is_no_round(make_trials: MakeTrials) -> None:
    with pytest.raises(InputError, match="trial T0 is the only configuration that finished"):
        plan(make_trials(metric=[0.7], params={"lr": [1e-3]}))


@pytest.mark.parametrize("n", [5, 12, 40, 200])
@pytest.mark.parametrize("n_causes", [0, 1, 2])
def test_whatever_is_proposed_is_a_study_without_open_points(
    make_trials: MakeTrials, n: int, n_causes: int
) -> None:
    rng = np.random.default_rng(n)
    decay = np.where(rng.random(n) < 0.3, 0, 10 ** rng.uniform(-6, -2, n))
    params = {
        "lr": 10 ** rng.uniform(-5, -1, n),
        "depth": rng.integers(1, 9, n).astype(float),
        "opt": rng.choice(["a", "b", "c"], n),
        "flag": rng.choice(["True", "False"], n),
        "wd": decay,
        "shift": rng.normal(size=n),
        "batch_size": rng.choice([16.0, 32, 64], n),
        "constant": np.full(n, 3.0),
    }
    causes = (-np.abs(np.log10(params["lr"]) + 3), -0.2 * np.abs(params["depth"] - 9))
    metric = rng.normal(0, 0.1, n) + sum(causes[:n_causes])
    made = plan(make_trials(metric=metric, params=params, name="score\x07 of x"))
    settled, draft = draft_round(made, "next", "trials\n\x1b of x")
    study, remarks = assemble_draft("next", draft)
    assert remarks == ()
    assert bool(settled.moves) == settled.signal.is_shown
    assert draft.space is not None
    assert draft.space.dimensions.keys() <= study.parameters.keys()
