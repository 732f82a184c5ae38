import numpy as np
import pytest

from analysis.findings.evidence import gather_evidence
from analysis.findings.rules import RULES, find
from analysis.report.sections.findings import render_findings
from tests.analysis.conftest import MakeTrials


def test_each_rule_is_registered_once() -> None:
    assert len(set(RULES)) == len(RULES)


def test_without_a_finished_trial_only_the_states_are_reported(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[np.nan] * 2, params={"a": [1, 2]}, state=["failed", "running"])
    (finding,) = find(gather_evidence(frame))
    assert finding.sentence.startswith("0 of 2 trials finished (1 failed and 1 running)")


@pytest.mark.parametrize("n", [1, 2, 3, 15, 40])
@pytest.mark.parametrize("is_equal", [True, False])
def test_any_number_of_trials_is_judged_without_a_warning(
    make_trials: MakeTrials, rng: np.random.Generator, n: int, is_equal: bool
) -> None:
    metric = [0.7] * n if is_equal else rng.uniform(size=n)
    params = {
        "a": rng.choice([1, 2], n),
        "lr": rng.uniform(size=n),
        "opt": rng.choice(["x", "y"], n),
    }
    for finding in find(gather_evidence(make_trials(metric=metric, params=params))):
        assert finding.sentence.endswith(".")
        assert "nan" not in finding.sentence


def test_frames_without_hyperparameters_are_judged(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.7] * 20, params={})
    assert {finding.rule for finding in find(gather_evidence(frame))} == {"narrow range"}


def test_findings_are_escaped_in_markdown(make_trials: MakeTrials) -> None:
    params = {"a|`<b>\n": [1, 2, 3] * 10, "salt": range(30)}
    frame = make_trials(metric=range(30), params=params)
    text = render_findings(find(gather_evidence(frame)))
    assert r"a\|\`&lt;b&gt;" in text
    assert all(line.startswith("- ") for line in text.splitlines())
