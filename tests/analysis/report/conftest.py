"""A run that every section can speak of."""

from pathlib import Path

import numpy as np
import pytest

from analysis.runs.run import Run, read_run
from tests.analysis.synthetic import Scores, claim, make_labels, make_study, write_run
from trial_sets.records.record import Failure


@pytest.fixture
def run(tmp_path: Path, rng: np.random.Generator) -> Run:
    """Return a run with a clear best trial A1, one that failed, and a baseline that beats none."""
    labels = make_labels(rng)
    common = rng.normal(size=len(labels))
    scores: Scores = {
        ("A4", 0): Failure(kind="diverged", message="loss is |nan|"),
        ("logistic", 0): rng.normal(size=len(labels)),
    } | {
        (name, seed): gain * labels + common + rng.normal(size=len(labels))
        for name, gain in {"A1": 3.0, "A2": 0.2, "K": 0.3}.items()
        for seed in (0, 1)
    }
    claims = [claim("A1 beats A2", ["A1"], ["A2"]), claim("A3 beats A1", ["A3"], ["A1"])]
    study = make_study(tmp_path / "tiny", claims)
    return read_run(write_run(tmp_path / "outputs", study, labels, scores))
