"""What a run lacks for an expectation, in words."""

from pathlib import Path

import numpy as np
import pytest

from analysis.runs.run import Run, read_run
from analysis.verdicts.gaps import Found, list_differences, list_gaps, write_field
from tests.analysis.synthetic import Scores, make_labels, make_study, prune_fit, write_run
from trial_sets.configuration import Configuration
from trial_sets.records.record import Failure


@pytest.fixture
def run(tmp_path: Path, rng: np.random.Generator) -> Run:
    """Return a run of A1 with two seeds, A2 with one that failed, and A3 without predictions."""
    labels = make_labels(rng, 60)
    scores: Scores = {
        ("A1", 0): rng.normal(size=60),
        ("A1", 1): rng.normal(size=60),
        ("A2", 0): rng.normal(size=60),
        ("A2", 1): Failure(kind="diverged", message="loss is\nnan"),
        ("A3", 0): 0.7,
    }
    study = make_study(tmp_path / "tiny", [])
    return read_run(write_run(tmp_path / "outputs", study, labels, scores))


def find(run: Run, *names: str, **changes: object) -> dict[str, Found]:
    found = {}
    for name in names:
        configuration = run.info.study.find_trial(name).configuration.model_copy(update=changes)
        found[name] = (configuration, run.list_fits(configuration.key))
    return found


def test_a_whole_claim_lacks_nothing(run: Run) -> None:
    assert list_gaps(run, find(run, "A1"), (0, 1)) == ()


def test_every_gap_has_its_words(run: Run) -> None:
    assert list_gaps(run, find(run, "A1", "A2", "A3"), (0, 1, 2)) == (
        "A1 lacks seed 2",
        "A2 seed 1 failed (diverged: loss is nan)",
        "A2 lacks seed 2",
        "A3 lacks seed 1",
        "A3 lacks seed 2",
    )


def test_a_pruned_fit_is_lacking(run: Run) -> None:
    prune_fit(run.folder / "A1" / "seed-1")
    found = read_run(run.folder)
    assert list_gaps(found, find(found, "A1"), (0, 1)) == ("A1 seed 1 was pruned",)


def test_trials_that_were_not_run_are_named_together_and_first(run: Run) -> None:
    assert list_gaps(run, find(run, "A2", "A4", "K"), (0, 1)) == (
        "A4 and K were not run",
        "A2 seed 1 failed (diverged: loss is nan)",
    )
    assert list_gaps(run, find(run, "K"), (0,)) == ("K was not run",)


def test_another_configuration_of_the_name_is_told_apart(run: Run) -> None:
    assert list_gaps(run, find(run, "A1", dropout=0.25), (0,)) == (
        "A1 was run as another configuration (dropout 0.2 instead of 0.25)",
    )


def test_differences_are_written_as_people_write_them(run: Run) -> None:
    found = run.info.study.find_trial("A1").configuration
    expected: Configuration = found.model_copy(
        update={"learning_rate": 5e-5, "d_model": 128, "optimizer": "adamw"}
    )
    said = list_differences(found, expected)
    for part in ("d_model 8 instead of 128", "learning_rate 1e-3 instead of 5e-5"):
        assert part in said


@pytest.mark.parametrize(
    ("value", "text"), [(True, "True"), (128, "128"), (0.0, "0.0"), (1e-4, "1e-4"), ("x", "x")]
)
def test_a_field_is_written_by_its_type(value: object, text: str) -> None:
    assert write_field(value) == text
