"""Records lie where they should, whole, and nothing finished is lost."""

import errno
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from runner.errors import BatchStopped
from runner.storage.outputs import RunFolder
from tests.runner.conftest import fit, pruned_record, record
from trial_sets.errors import InputError
from trial_sets.records.record import Failure
from trial_sets.records.run_info import read_run_info

Predictions = Callable[[float], bytes]


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
    (folder.fit("A1", 3) / "predictions.npz").write_bytes(predictions(1.0))
    with pytest.raises(InputError, match=r"not the predictions that record\.json speaks of"):
        folder.read_record("A1", 3)


def test_missing_predictions_are_noticed(folder: RunFolder, predictions: Predictions) -> None:
    folder.write_record(record(fit()), predictions(0.0))
    (folder.fit("A1", 3) / "predictions.npz").unlink()
    with pytest.raises(InputError, match="not the predictions"):
        folder.read_record("A1", 3)


def test_a_torn_record_is_named(folder: RunFolder) -> None:
    folder.write_record(record(fit()), None)
    path = folder.fit("A1", 3) / "record.json"
    path.write_text(path.read_text()[:100])
    with pytest.raises(InputError, match=r"record\.json: not valid JSON"):
        folder.read_record("A1", 3)


def test_a_complete_record_without_an_auc_is_refused(folder: RunFolder) -> None:
    folder.write_record(record(fit()), None)
    path = folder.fit("A1", 3) / "record.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "metrics": {}}))
    with pytest.raises(InputError, match=r"a complete record needs metrics\.val_auc"):
        folder.read_record("A1", 3)


def test_a_failure_gives_way_to_a_result(folder: RunFolder) -> None:
    folder.write_record(record(fit(), failure=FAILURE), None)
    folder.write_record(record(fit(), 0.8), None)
    found = folder.read_record("A1", 3)
    assert found is not None
    assert found.metrics == {"val_auc": 0.8}
    assert entries(folder.path / "A1") == ["seed-3"]


def test_a_pruned_record_gives_way_to_a_result_of_its_configuration_alone(
    folder: RunFolder,
) -> None:
    folder.write_record(pruned_record(fit()), None)
    folder.write_record(record(fit(), 0.8), None)
    assert entries(folder.path / "A1") == ["seed-3"]
    for later in (pruned_record(fit(), 0.6), record(fit(), failure=FAILURE), pruned_record(fit())):
        folder.write_record(later, None)
    aside = ["seed-3.superseded-1", "seed-3.superseded-2"]  # the result, and the first pruned one
    assert entries(folder.path / "A1") == ["seed-3", *aside]
    folder.write_record(record(fit(dropout=0.2), 0.8), None)
    assert entries(folder.path / "A1") == ["seed-3", *aside, "seed-3.superseded-3"]


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


def test_a_damaged_record_is_set_aside_and_kept(
    folder: RunFolder, predictions: Predictions
) -> None:
    folder.write_record(record(fit()), predictions(0.0))
    path = folder.fit("A1", 3) / "record.json"
    path.write_text(path.read_text().replace('"val_auc": 0.7', '"val_auc": 0.9'))
    with pytest.raises(InputError, match="not what was written: its sha256 is another"):
        folder.read_record("A1", 3)
    folder.tidy("A1", 3)
    assert folder.read_record("A1", 3) is None
    assert entries(folder.path / "A1") == ["seed-3.damaged-1"]


def test_a_record_of_a_newer_version_is_named(folder: RunFolder) -> None:
    folder.write_record(record(fit()), None)
    path = folder.fit("A1", 3) / "record.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "schema_version": 6}))
    with pytest.raises(InputError, match="schema_version=6, expected 1 to 5"):
        folder.read_record("A1", 3)


def test_a_record_from_before_a_field_was_known_is_read(folder: RunFolder) -> None:
    folder.write_record(record(fit()), None)
    path = folder.fit("A1", 3) / "record.json"
    content = json.loads(path.read_text())
    del content["sha256"], content["provenance"]["attempts"]
    path.write_text(json.dumps(content))
    found = folder.read_record("A1", 3)
    assert found is not None
    assert found.provenance.attempts == 1
    path.write_text(found.sealed().model_dump_json())
    assert folder.read_record("A1", 3) is not None


def test_a_record_that_was_whole_when_the_runner_died_gets_into_its_place(
    folder: RunFolder,
) -> None:
    folder.write_record(record(fit()), None)
    (folder.path / "A1" / "seed-3").rename(folder.path / "A1" / ".seed-3.0123.ready")
    (folder.path / "A1" / ".seed-3.4567.part").mkdir()
    folder.tidy("A1", 3)
    assert folder.read_record("A1", 3) is not None
    assert entries(folder.path / "A1") == ["seed-3"]


def test_a_full_disk_leaves_nothing_behind(
    folder: RunFolder, predictions: Predictions, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write_record(record(fit()), predictions(0.0))

    def refuse(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(BatchStopped, match=r"seed-3: cannot be written: No space left on device$"):
        folder.write_record(record(fit(), 0.9), predictions(1.0))
    monkeypatch.undo()
    assert entries(folder.path / "A1") == ["seed-3"]
    assert folder.read_record("A1", 3) is not None


@pytest.mark.parametrize("link", ["A1", "A1/seed-3"])
def test_a_link_that_leads_out_is_not_followed(
    folder: RunFolder, tmp_path: Path, link: str
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder.path / link).parent.mkdir(parents=True)
    (folder.path / link).symlink_to(tmp_path / "elsewhere")
    for use in (folder.read_record, folder.tidy):
        with pytest.raises(InputError, match="a symbolic link, which is not followed"):
            use("A1", 3)


def test_a_pipe_in_the_place_of_a_record_keeps_nobody_waiting(folder: RunFolder) -> None:
    folder.fit("A1", 3).mkdir(parents=True)
    os.mkfifo(folder.fit("A1", 3) / "record.json")
    with pytest.raises(InputError, match="not a regular file"):
        folder.read_record("A1", 3)


@pytest.mark.parametrize("mask", [0o022, 0o027, 0o077])
def test_files_have_the_modes_that_the_umask_leaves(folder: RunFolder, mask: int) -> None:
    before = os.umask(mask)
    try:
        folder.write_record(record(fit()), None)
    finally:
        os.umask(before)
    path = folder.fit("A1", 3) / "record.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o777 & ~mask


def test_a_result_is_kept_aside_when_running_it_again_failed(folder: RunFolder) -> None:
    folder.write_record(record(fit(), 0.7), None)
    folder.write_record(record(fit(), failure=FAILURE), None)
    assert entries(folder.path / "A1") == ["seed-3", "seed-3.superseded-1"]


def test_what_a_command_wrote_becomes_part_of_its_fits_folder(folder: RunFolder) -> None:
    one = fit()
    work = folder.command_work(*one.id)
    work.mkdir(parents=True)
    (work / "stdout.log").write_text("epoch 1")
    assert folder.list_fits() == []
    place = folder.write_record(record(one), None)
    assert (place / "command" / "stdout.log").read_text() == "epoch 1"
    assert not work.exists()
    assert folder.read_record(*one.id) is not None


def test_what_a_dead_runners_command_wrote_is_removed(folder: RunFolder) -> None:
    one = fit()
    work = folder.command_work(*one.id)
    work.mkdir(parents=True)
    folder.tidy(*one.id)
    assert not work.exists()


def test_a_run_json_that_no_reader_takes_is_not_written(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (example,) = (Path(__file__).parents[3] / "outputs" / "example").glob("*/run.json")
    info = read_run_info(example)
    folder.write_run_info(info)
    monkeypatch.setattr("runner.storage.outputs.MOST_RUN_BYTES", 1_000)
    folder.run_json.unlink()
    with pytest.raises(BatchStopped, match=r"run.json: would have .* split the study, which has"):
        folder.write_run_info(info)
    assert not folder.run_json.exists()
