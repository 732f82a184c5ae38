"""A run to search in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.searches.reading import read_search
from analysis.searches.search import Search
from tests.analysis.searched import Told, write_search
from tests.analysis.synthetic import make_labels, make_study, write_run
from trial_sets.records.layout import RunLayout


@pytest.fixture
def labels(rng: np.random.Generator) -> NDArray[np.int8]:
    return make_labels(rng)


@pytest.fixture
def run(tmp_path: Path, labels: NDArray[np.int8], rng: np.random.Generator) -> Path:
    """Return the folder of a run that has a baseline alone."""
    study = make_study(tmp_path / "tiny", [])
    baseline = {("logistic", 0): 0.8 * labels + rng.normal(size=len(labels))}
    return write_run(tmp_path / "outputs", study, labels, baseline)


@pytest.fixture
def make_search() -> Callable[..., Search]:
    """Return a function that makes a search of trials with the curves and records given."""

    def make(*told: Told, run: Path, labels: NDArray[Any] | None = None, **info: Any) -> Search:
        write_search(run, told, labels=labels, **info)
        return read_search(RunLayout(run).of_search("tuned"))

    return make
