"""A run to search in."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.analysis.synthetic import make_labels, make_study, write_run


@pytest.fixture
def labels(rng: np.random.Generator) -> NDArray[np.int8]:
    return make_labels(rng)


@pytest.fixture
def run(tmp_path: Path, labels: NDArray[np.int8], rng: np.random.Generator) -> Path:
    """Return the folder of a run that has a baseline alone."""
    study = make_study(tmp_path / "tiny", [])
    baseline = {("logistic", 0): 0.8 * labels + rng.normal(size=len(labels))}
    return write_run(tmp_path / "outputs", study, labels, baseline)
