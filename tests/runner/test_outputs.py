"""Records lie where they should, whole, and nothing finished is lost."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from runner.outputs import RunFolder
from tests.runner.conftest import fit, record
from trial_sets.errors import TrialSetError
from trial_sets.record import Failure

Predictions = Callable[[float], dict[str, np.ndarray]]


def entries(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


FAILURE = Failure(kind="error", message="no luck")


def test_a_record_comes_back_as_it_was_written(folder: RunFolder, predictions: Predictions) -> None:
    folder.write_record(record(fit()), predictions(0.5))
    found = folder.read_record("A1", 3)
    assert found is not None
    assert found.model_copy(update={"predictions_sha256": None, "sha256": None}) == record(fit())
    with np.load(folder.fit("A1", 3) / "predictions.npz", allow_pickle=False) as arrays:
        assert arrays["logit"].tolist() == [0.5, 1.5, 2.5, 3.5]


def test_a_fit_without_a_record_is_none(folder: RunFolder) -> None:
    assert folder.read_record("A1", 3) is None


def test_only_the_two_files_are_left_behind(folder: RunFolder, predictions: Predictions) -> None:
    folder.write_record(record(fit()), predictions(0.0))
    assert entries(folder.path / "A1") == ["seed-3"]
    assert entries(folder.fit("A1", 3)) == ["predictions.npz", "record.json"]


def test_predictions_that_were_changed_are_not_trusted(
    folder: RunFolder, predictions: Predictions
) -> None:
    folder.write_record(record(fit()), predictions(0.0))
    np.savez(folder.fit("A1", 3) / "predictions.npz", **predictions(1.0))
    with pytest.raises(TrialSetError, match=r"not the predictions that record\.json speaks of"):
        folder.read_record("A1", 3)


def test_missing_predictions_are_noticed(folder: RunFolder, predictions: Predictions) -> None:
    folder.write_record(record(fit()), predictions(0.0))
    (folder.fit("A1", 3) / "predictions.npz").unlink()
    with pytest.raises(TrialSetError, match="not the predictions"):
        folder.read_record("A1", 3)


def test_a_torn_record_is_named(folder: RunFolder) -> None:
    folder.write_record(record(fit()), None)
    path = folder.fit("A1", 3) / "record.json"
    path.write_text(path.read_text()[:100])
    with pytest.raises(TrialSetError, match=r"record\.json: not valid JSON"):
        folder.read_record("A1", 3)


def test_a_complete_record_without_an_auc_is_refused(folder: RunFolder) -> None:
    folder.write_record(record(fit()), None)
    path = folder.fit("A1", 3) / "record.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "metrics": {}}))
    with pytest.raises(TrialSetError, match=r"a complete record needs metrics\.val_auc"):
        folder.read_record("A1", 3)


def test_a_failure_gives_way_to_a_result(folder: RunFolder) -> None:
    folder.write_record(record(fit(), failure=FAILURE), None)
    folder.write_record(record(fit(), 0.8), None)
    found = folder.read_record("A1", 3)
    assert found is not None
    assert found.metrics == {"val_auc": 0.8}
    assert entries(folder.path / "A1") == ["seed-3"]


def test_a_result_of_another_configuration_is_kept_aside(folder: RunFolder) -> None:
    folder.write_record(record(fit(dropout=0.1), 0.7), None)
    folder.write_record(record(fit(dropout=0.2), 0.8), None)
    folder.write_record(record(fit(dropout=0.3), 0.9), None)
    assert entries(folder.path / "A1") == [
        "seed-3",
        "seed-3.superseded-1",
        "seed-3.superseded-2",
    ]
    old = json.loads((folder.path / "A1" / "seed-3.superseded-1" / "record.json").read_text())
    assert old["metrics"] == {"val_auc": 0.7}
