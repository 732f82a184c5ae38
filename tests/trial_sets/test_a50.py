"""The built-in study holds the facts of the proposal."""

import pytest

from trial_sets.loading.study_folder import find_study, load_study
from trial_sets.study import Study

# name: d_model, n_layers, n_heads, d_ff_ratio, dropout, learning_rate, weight_decay
PROPOSED = {
    "A1": (128, 6, 8, 4, 0.35, 5e-5, 1e-4),
    "A2": (128, 6, 8, 4, 0.40, 5e-5, 1e-4),
    "A3": (128, 6, 8, 4, 0.45, 5e-5, 1e-4),
    "A4": (128, 6, 8, 4, 0.50, 5e-5, 1e-4),
    "A5": (128, 6, 8, 4, 0.55, 5e-5, 1e-4),
    "A6": (128, 6, 8, 4, 0.60, 5e-5, 1e-4),
    "B1": (128, 6, 8, 4, 0.5, 7e-5, 1e-4),
    "B2": (128, 6, 8, 4, 0.5, 8e-5, 1e-4),
    "B3": (128, 6, 8, 4, 0.5, 9e-5, 1e-4),
    "B4": (128, 6, 8, 4, 0.5, 1.2e-4, 1e-4),
    "B5": (128, 6, 8, 4, 0.5, 1.5e-4, 1e-4),
    "C1": (128, 6, 8, 4, 0.5, 1e-4, 3e-4),
    "C2": (128, 6, 8, 4, 0.5, 1e-4, 5e-4),
    "C3": (128, 6, 8, 4, 0.5, 1e-4, 7e-4),
    "C4": (128, 6, 8, 4, 0.5, 1e-4, 2e-3),
    "D1": (80, 2, 8, 2, 0.5, 5e-4, 1e-5),
    "D2": (112, 2, 8, 2, 0.5, 5e-4, 1e-5),
    "D3": (96, 3, 8, 2, 0.5, 5e-4, 1e-5),
    "D4": (96, 2, 4, 2, 0.5, 5e-4, 1e-5),
    "E1": (128, 5, 8, 4, 0.5, 5e-5, 1e-4),
    "E2": (128, 7, 8, 4, 0.5, 5e-5, 1e-4),
    "E3": (144, 6, 8, 4, 0.5, 5e-5, 1e-4),
    "E4": (128, 6, 4, 4, 0.5, 5e-5, 1e-4),
    "F1": (128, 6, 8, 4, 0.45, 8e-5, 5e-4),
    "F2": (128, 6, 8, 4, 0.50, 1e-4, 5e-4),
    "F3": (128, 5, 8, 4, 0.50, 1e-4, 1e-3),
    "F4": (144, 6, 8, 4, 0.45, 8e-5, 5e-4),
    "F5": (128, 7, 8, 4, 0.50, 8e-5, 1e-3),
    "F6": (96, 2, 8, 2, 0.50, 1e-4, 1e-3),
}
CONTROLS = {
    "T5": (128, 6, 8, 4, 0.3, 5e-5, 1e-4),
    "T15": (96, 2, 8, 2, 0.5, 5e-4, 1e-5),
}
SEARCHED = (
    "d_model", "n_layers", "n_heads", "d_ff_ratio", "dropout", "learning_rate", "weight_decay"
)  # fmt: skip


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(find_study("a50"))


@pytest.mark.parametrize(("name", "values"), (PROPOSED | CONTROLS).items())
def test_every_trial_resolves_to_the_proposed_values(
    study: Study, name: str, values: tuple[float, ...]
) -> None:
    configuration = study.find_trial(name).configuration
    assert tuple(getattr(configuration, field) for field in SEARCHED) == values


def test_29_trials_are_28_configurations_because_c2_is_f2(study: Study) -> None:
    trials = [trial for trial in study.trials() if not trial.is_control]
    assert [trial.name for trial in trials] == list(PROPOSED)
    assert len({trial.configuration for trial in trials}) == 28
    assert study.names_of(study.find_trial("F2").configuration) == ("C2", "F2")


def test_every_trial_has_a_note(study: Study) -> None:
    assert all(trial.note for trial in study.trials())


def test_the_first_rounds_fixed_settings_are_the_defaults(study: Study) -> None:
    trial = study.find_trial("T5").configuration
    assert (trial.context, trial.patch, trial.stride, trial.revin) == (80, 16, 8, True)
    assert (trial.optimizer, trial.schedule, trial.epochs) == ("adam", "constant", 50)
    assert (trial.patience, trial.min_delta) == (10, 0.001)


@pytest.mark.parametrize(("d_model", "batch_size"), [("D1", 128), ("A1", 64), ("E3", 64)])
def test_batch_size_follows_the_width(study: Study, d_model: str, batch_size: int) -> None:
    assert study.find_trial(d_model).configuration.batch_size == batch_size


def test_five_outcomes_are_expected_and_d_has_none(study: Study) -> None:
    claims = {
        trial_set.name: (claim.words, claim.better, claim.than, claim.sides)
        for trial_set, claim in study.expectations()
    }
    assert claims == {
        "A": ("A3-A4 beat A1-A2", ("A3", "A4"), ("A1", "A2"), "mean"),
        "B": ("B2-B3 beat B1", ("B2", "B3"), ("B1",), "mean"),
        "C": ("C2-C3 beat C1", ("C2", "C3"), ("C1",), "mean"),
        "E": ("E1 beats E2", ("E1",), ("E2",), "mean"),
        "F": ("F1-F2 beat the current best", ("F1", "F2"), ("T5",), "mean"),
    }


def test_set_d_is_held_against_trial_15_and_the_others_against_trial_5(study: Study) -> None:
    controls = {trial_set.name: trial_set.control for trial_set in study.sets}
    assert controls == {"A": "T5", "B": "T5", "C": "T5", "D": "T15", "E": "T5", "F": "T5"}


def test_rope_and_seeds_are_declared(study: Study) -> None:
    assert study.rope == 0.005
    assert study.seeds == tuple(range(10))
