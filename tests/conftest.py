"""Fixtures that every test folder shares."""

import gc
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

# The processes of a test run share the cores: threads within each only wait for one another.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MKL_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

# The default is fast and always tries the same; HYPOTHESIS_PROFILE=slow tries 10,000 cases each.
settings.register_profile("fast", max_examples=50, derandomize=True, deadline=None, database=None)
settings.register_profile(
    "slow",
    max_examples=10_000,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))

# A shell has what it runs in the background ignore Ctrl-C, and so does all that this starts.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Look for no garbage while tests are found, nor ever after in what that leaves: it stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


TINY_STUDY = {
    "title": "Tiny",
    "seeds": [3, 5],
    "base": {
        "d_model": 8, "n_layers": 1, "n_heads": 2, "d_ff_ratio": 1, "dropout": 0.1,
        "learning_rate": 1e-3, "weight_decay": 0.0, "batch_size": 512, "epochs": 2,
        "context": 16, "patch": 8, "stride": 8,
    },
    "controls": {"K": {"dropout": 0.0}},
}  # fmt: skip
TINY_SET = {
    "title": "Dropout",
    "control": "K",
    "trials": {"A1": {"dropout": 0.2}, "A2": {"dropout": 0.3}},
    "expectations": [
        {"if": "A2 beats A1", "better": ["A2"], "than": ["A1"], "shows": "more", "then": "go on"}
    ],
}
TINY_TWIN = {"title": "Twin", "trials": {"B1": {"dropout": 0.3}}}


@pytest.fixture
def rng() -> np.random.Generator:
    """Return a generator with a fixed seed, so that every test is deterministic."""
    return np.random.default_rng(20260128)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real inputs beside the project, where there is one."""
    folder = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the real inputs beside the project")
    return folder


def write_tiny_study(parent: Path) -> Path:
    """Write the study that `tiny_study` gives; return its folder."""
    folder = parent / "tiny"
    folder.mkdir()
    for name, content in {"study": TINY_STUDY, "A": TINY_SET, "B": TINY_TWIN}.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    return folder


@pytest.fixture
def tiny_study(tmp_path: Path) -> Path:
    """Return the folder of a study that trains in a second; its sets A and B hold A2 = B1."""
    return write_tiny_study(tmp_path)


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Let PyTorch compute in one thread, as a worker does: only so are bits promised."""
    import torch  # noqa: PLC0415  # the tests of data run without it

    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(n_threads)
