"""An option may change a field everywhere."""

import pytest

from tests.trial_sets.conftest import make_study
from trial_sets.errors import InputError
from trial_sets.linting.linter import lint_study
from trial_sets.loading.overriding import override_study


def test_trials_controls_and_base_are_overridden_together() -> None:
    study = make_study({"A1": {"dropout": 0.3, "epochs": 9}}, (["A1"], ["K"]))
    changed = override_study(study, {"epochs": 2})
    assert {trial.configuration.epochs for trial in changed.trials()} == {2}
    assert changed.base is not None
    assert changed.base.epochs == 2
    assert lint_study(changed) == ()
    assert study.sets[0].trials[0].configuration.epochs == 9


def test_a_study_without_a_base_stays_without() -> None:
    study = make_study({"A1": {}}).model_copy(update={"base": None})
    assert override_study(study, {"epochs": 2}).base is None


def test_an_override_that_a_trial_cannot_bear_is_refused() -> None:
    study = make_study({"A1": {"patch": 40}})
    with pytest.raises(InputError, match=r"trial A1, overridden: patch=40 is longer than con"):
        override_study(study, {"context": 20})
