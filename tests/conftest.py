"""Fixtures that every test folder shares."""

import numpy as np
import pytest


@pytest.fixture
def rng() -> np.random.Generator:
    """Return a generator with a fixed seed, so that every test is deterministic."""
    return np.random.default_rng(20260128)
