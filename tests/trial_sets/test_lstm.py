"""The built-in study of the LSTM holds the facts of the page that it is made from."""

import pytest

from trial_sets.claim import Claim
from trial_sets.configuration import LstmConfiguration
from trial_sets.linting.linter import lint_study
from trial_sets.loading.search_study import SearchStudy, load_search_study
from trial_sets.loading.study_folder import find_study, list_studies, load_study
from trial_sets.study import Study
from trial_sets.tuning.size import measure_size

# name: hidden_size, n_layers, dropout, learning_rate, batch_size
EXAMPLES = {
    "BALANCED": (128, 2, 0.2, 1e-3, 64),
    "A1": (256, 3, 0.3, 5e-4, 32),
    "A2": (64, 1, 0.0, 5e-3, 128),
}
SEARCHED = ("hidden_size", "n_layers", "dropout", "learning_rate", "batch_size")
RECOMMENDED = {
    "hidden_size": (128, 192),
    "n_layers": (2, 2),
    "dropout": (0.1, 0.3),
    "learning_rate": (5e-4, 2e-3),
    "batch_size": (64, 64),
}


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(find_study("lstm"))


@pytest.fixture(scope="module")
def searched() -> SearchStudy:
    return load_search_study(find_study("lstm"))


def test_it_is_built_in_and_foretells_a_number() -> None:
    assert "lstm" in list_studies()
    study = load_study(find_study("lstm"))
    assert (study.task, study.metric.name, study.trainer) == ("regression", "rmse", "lstm")
    assert (study.label.target, study.label.horizon) == ("log_range", 1)


@pytest.mark.parametrize(("name", "values"), EXAMPLES.items())
def test_set_a_is_the_three_examples(study: Study, name: str, values: tuple[float, ...]) -> None:
    configuration = study.find_trial(name).configuration
    assert tuple(getattr(configuration, field) for field in SEARCHED) == values


def test_what_is_not_searched_is_fixed_in_every_trial(study: Study) -> None:
    for trial in study.trials():
        fixed = trial.configuration
        assert isinstance(fixed, LstmConfiguration)
        assert (fixed.optimizer, fixed.gradient_clip, fixed.loss) == ("adam", 1.0, "mse")
        assert (fixed.epochs, fixed.context, fixed.schedule) == (5, 20, "constant")
        assert fixed.patience >= fixed.epochs  # a search of five epochs never stops early


def test_the_space_is_that_of_the_table(searched: SearchStudy) -> None:
    dimensions = searched.space.dimensions
    assert tuple(dimensions) == SEARCHED
    assert dimensions["hidden_size"].values == (64, 128, 192, 256)
    assert dimensions["n_layers"].values == (1, 2, 3)
    assert dimensions["batch_size"].values == (32, 64, 128)
    dropout, rate = dimensions["dropout"], dimensions["learning_rate"]
    assert (dropout.low, dropout.high, dropout.log, dropout.count()) == (0.0, 0.4, False, None)
    assert (rate.low, rate.high, rate.log, rate.count()) == (1e-4, 5e-3, True, None)
    size = measure_size(searched.space)
    assert (size.combinations, size.is_infinite) == (36, True)


def test_the_base_is_the_balanced_one_and_lies_in_the_space(searched: SearchStudy) -> None:
    assert searched.default == dict(zip(SEARCHED, EXAMPLES["BALANCED"], strict=True))
    assert searched.complete(searched.default) == searched.study.base


def test_every_trial_lies_in_the_space(study: Study, searched: SearchStudy) -> None:
    for trial in study.trials():
        values = {name: getattr(trial.configuration, name) for name in SEARCHED}
        assert searched.space.find_fault(values) is None


@pytest.mark.parametrize("field", SEARCHED)
def test_a_claim_of_set_b_says_that_inside_the_recommended_range_beats_outside(
    study: Study, field: str
) -> None:
    (claim,) = (c for c in study.find_set("B").expectations if _varies(study, c, field))
    low, high = RECOMMENDED[field]
    assert claim.better is not None
    assert claim.than is not None
    assert claim.sides == "mean"
    inside = [getattr(study.find_trial(name).configuration, field) for name in claim.better]
    outside = [getattr(study.find_trial(name).configuration, field) for name in claim.than]
    assert all(low <= value <= high for value in inside)
    assert min(outside) < low
    assert max(outside) > high
    on_line = {
        getattr(trial.configuration, field)
        for trial in study.trials()
        if trial.set_name != "A" and _differs_in(study, trial.name) <= {field}
    }
    assert on_line == {*inside, *outside}  # nobody is left out


def _differs_in(study: Study, name: str) -> set[str]:
    own, base = (study.find_trial(one).configuration for one in (name, "BALANCED"))
    return {field for field in SEARCHED if getattr(own, field) != getattr(base, field)}


def _varies(study: Study, claim: Claim, field: str) -> bool:
    return {field} == {f for name in claim.names() for f in _differs_in(study, name)}


def test_the_linter_has_nothing_to_say(study: Study) -> None:
    assert lint_study(study) == ()
