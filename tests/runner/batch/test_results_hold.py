"""Whatever a worker says of a fit, its record is read as it was written, or it is no message."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from analysis.runs.predictions import read_predictions
from models.data.dataset import Dataset
from runner.batch.ran import Ran
from runner.batch.recording import Outcome, Recorder, Subject
from runner.storage.outputs import RunFolder
from runner.workers.protocol import FitResult, Said
from tests.runner.conftest import fit

STARTED = datetime(2026, 1, 28, 12, tzinfo=UTC)
numbers = st.one_of(
    st.floats(),
    st.integers(-3, 3),
    st.sampled_from([10**400, 2**63, 1e308, -1e308, 1e39, 5e-324]),
)
values = st.one_of(st.none(), st.booleans(), numbers, st.text(st.characters(), max_size=4))
logits = st.one_of(
    st.lists(st.floats(-9, 9), min_size=4, max_size=4), st.lists(numbers, max_size=5)
)
texts = st.one_of(
    st.sampled_from(["AQAAAA==", "AAAAAA==", "AAAAAAAAAAA=", "AAD/fwAAAAA=", "AA8ADwAPAA8=", "*"]),
    st.text(st.characters(), max_size=4),
)
points = st.fixed_dictionaries(
    {
        name: numbers | st.none()
        for name in ("epoch", "train_loss", "val_loss", "val_auc", "seconds")
    }
)
# What may stand in a result beside what its model says; most of it is refused.
FIELDS = {
    "curve": st.lists(points, max_size=2),
    "selected_epoch": values,
    "stop_reason": st.sampled_from(
        ["patience", "epochs", "diverged", "pruned", "finished", "bored"]
    ),
    "train_logits": logits,
    "val_logits": logits,
    "val_logits_last": logits,
    "test_logits": logits,
    "epoch_logits": st.fixed_dictionaries(dict.fromkeys(["epochs", "centers", "halves"], texts)),
    "metrics": st.dictionaries(
        st.sampled_from(["val_auc", "x", "", "\x1b", "\ud800", "y" * 300]), numbers, max_size=3
    ),
    "n_parameters": values,
    "seconds": values,
    "peak_memory_bytes": values,
    "message": st.text(st.characters(), max_size=20),
}
PLAIN = {"event": "result", "index": 0, "curve": [], "selected_epoch": None,
         "stop_reason": "finished", "metrics": {"val_auc": 0.5}, "n_parameters": 10,
         "seconds": 1.5, "peak_memory_bytes": 3}  # fmt: skip


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Recorder:
    data = Dataset(
        name="made", fingerprint="0", tier="own", feature_names=("x",),
        features=np.zeros((14, 1), dtype=np.float32),
        labels=np.array([0, 1] * 7, dtype=np.int8),
        dates=np.datetime64("2020-01-01", "ns") + np.arange(14) * np.timedelta64(1, "D"),
        context=1, train_rows=np.arange(4), val_rows=np.arange(4, 8),
        test_rows=np.arange(8, 12), notices=(), label="made",
    )  # fmt: skip
    folder = RunFolder(tmp_path_factory.mktemp("any") / "outputs" / "tiny" / "made-00000000")
    return Recorder(folder, lambda _: data, {"python": "3.11"})


@given(said=st.fixed_dictionaries({}, optional=FIELDS))
def test_any_result(recorder: Recorder, said: dict[str, object]) -> None:
    line = json.dumps({"token": "", "pid": 1, "message": {**PLAIN, **said}})
    try:
        result = Said.model_validate_json(line).message
    except ValidationError:
        return  # then the worker has crashed
    assert isinstance(result, FitResult)
    written = recorder.file(Subject.of_fit(fit()), Outcome.of_result(result), Ran("cpu"), STARTED)
    found = recorder.folder.read_record("A1", 3)
    assert found is not None
    assert (found.status, found.metrics, found.curve) == (
        written.status, written.metrics, written.curve,
    )  # fmt: skip
    if found.predictions_sha256 is not None:
        path: Path = recorder.folder.fit("A1", 3) / "predictions.npz"
        predictions = read_predictions(path, found.predictions_sha256)
        assert (predictions.last_scores is None) == (not said.get("val_logits_last"))
        assert (predictions.epochs is None) == ("epoch_logits" not in said)
        assert found.status in {"complete", "pruned"}
