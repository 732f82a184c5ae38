"""The linter finds what a study leaves open, and is silent about a clean one."""

from typing import Any

import pytest

from tests.trial_sets.conftest import make_study
from trial_sets.linting.linter import lint_study
from trial_sets.linting.remark import Remark
from trial_sets.loading.study_folder import find_study, load_study

CLEAN: dict[str, dict[str, Any]] = {"A1": {"dropout": 0.2}, "A2": {"dropout": 0.3}}
CONTRAST = (["A1"], ["K", "A2"])


def test_the_built_in_study_leaves_exactly_six_things_open() -> None:
    findings = lint_study(load_study(find_study("a50")))
    assert [(finding.where, finding.what) for finding in findings] == [
        (
            'set A, "the mean of A3 and A4 beats the mean of A1 and A2"',
            "the claim leaves out A5 (dropout 0.55) and A6 (dropout 0.6), where all else is equal",
        ),
        (
            'set B, "the mean of B2 and B3 beats B1"',
            "the claim leaves out B4 (learning_rate 0.00012) and B5 (learning_rate 0.00015), "
            "where all else is equal",
        ),
        (
            'set C, "the mean of C2 and C3 beats C1"',
            "the claim leaves out C4 (weight_decay 0.002), where all else is equal",
        ),
        ("set D", "nothing is expected of the trials, so the checklist has no row for them"),
        (
            'set E, "E1 beats E2"',
            "the claim leaves out A4 (n_layers 6), where all else is equal",
        ),
        (
            "trials C2 = F2",
            "one configuration under several names is one fit, and no evidence twice",
        ),
    ]


def test_nothing_is_found_in_a_clean_study() -> None:
    assert lint_study(make_study(CLEAN, CONTRAST)) == ()


def test_a_set_without_expectations_is_found() -> None:
    (finding,) = lint_study(make_study(CLEAN))
    assert str(finding) == (
        "set A: nothing is expected of the trials, so the checklist has no row for them; "
        "write in `expectations` which trials should beat which"
    )


def test_a_set_without_a_control_is_found() -> None:
    (finding,) = lint_study(make_study(CLEAN, CONTRAST, control=None))
    assert (finding.where, finding.mend) == (
        "set A",
        "name one of the study's controls in `control`",
    )


def test_a_trial_that_repeats_a_control_is_found() -> None:
    (finding,) = lint_study(make_study({**CLEAN, "A0": {}}, CONTRAST))
    assert finding.where == "trials A0 = K"


@pytest.mark.parametrize(
    ("base", "what"),
    [
        (None, "its base is not a full configuration"),
        ({"epochs": 7}, "no trial or control runs the base"),
    ],
)
def test_a_base_that_is_missing_or_does_not_run_is_found(
    base: dict[str, Any] | None, what: str
) -> None:
    study = make_study(CLEAN, CONTRAST)
    assert study.base is not None
    other = base and study.base.model_copy(update=base)
    (finding,) = lint_study(study.model_copy(update={"base": other}))
    assert finding.where == "study small"
    assert finding.what.startswith(what)


def test_a_finding_reads_as_one_sentence() -> None:
    assert str(Remark("set A", "it is so", "do this")) == "set A: it is so; do this"
