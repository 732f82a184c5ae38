"""Runs are found and read; what cannot be trusted is named and left out."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from analysis.runs.run import count_records, find_runs, read_run
from tests.analysis.synthetic import (
    N_ROWS,
    add_epochs,
    make_labels,
    make_study,
    write_look,
    write_run,
)
from trial_sets.errors import InputError
from trial_sets.records.record import parse_record


@pytest.fixture
def folder(tmp_path: Path, rng: np.random.Generator) -> Path:
    labels = make_labels(rng)
    scores = {(name, seed): rng.normal(size=len(labels)) for name in ("A1", "K") for seed in (0, 1)}
    study = make_study(tmp_path / "tiny", [])
    return write_run(tmp_path / "outputs", study, labels, {**scores, ("logistic", 0): labels + 0.0})


def test_every_run_below_a_folder_is_found(folder: Path) -> None:
    other = folder.with_name("data-11111111")
    shutil.copytree(folder, other)
    assert find_runs(folder.parent.parent) == (folder, other)
    assert find_runs(folder) == (folder,)


def test_neither_links_nor_hidden_folders_are_entered(folder: Path) -> None:
    (folder.parent.parent / "link").symlink_to(folder)
    shutil.copytree(folder, folder.parent.parent / ".hidden")
    assert find_runs(folder.parent.parent) == (folder,)


def test_records_come_with_their_predictions(folder: Path) -> None:
    run = read_run(folder)
    assert [(fit.record.name, fit.record.seed) for fit in run.fits] == [
        ("A1", 0), ("A1", 1), ("K", 0), ("K", 1), ("baseline-logistic", 0),
    ]  # fmt: skip
    assert all(fit.predictions is not None for fit in run.fits)
    assert run.baselines[0].score == 1.0
    assert run.notes == ()


def test_a_torn_record_is_left_out_and_named(folder: Path) -> None:
    path = folder / "A1" / "seed-0" / "record.json"
    path.write_text(path.read_text()[:100])
    run = read_run(folder)
    assert len(run.fits) == 4
    assert "A1/seed-0/record.json: not valid JSON" in run.notes[0]


def test_a_record_in_the_wrong_place_is_left_out(folder: Path) -> None:
    shutil.copytree(folder / "A1" / "seed-0", folder / "A1" / "seed-9")
    assert (
        "A1/seed-9/record.json: the record says that it is A1/seed-0" in read_run(folder).notes[0]
    )


def test_a_record_whose_key_is_not_its_configurations_is_left_out(folder: Path) -> None:
    path = folder / "A1" / "seed-0" / "record.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"key": "0" * 12}))
    assert "key 000000000000 is not its configuration's" in read_run(folder).notes[0]


def test_a_metric_that_is_not_that_of_the_predictions_is_named(folder: Path) -> None:
    path = folder / "A1" / "seed-0" / "record.json"
    record = parse_record(path.read_text(), "record.json")
    said = record.model_copy(update={"metrics": {**record.metrics, "val_auc": 0.98765}})
    path.write_text(said.sealed().model_dump_json(by_alias=True))
    run = read_run(folder)
    (note,) = run.notes
    assert note.startswith("A1/seed-0: the record says val_auc=0.9877, and its predictions come")
    assert run.fits[0].predictions is not None
    assert run.fits[0].predictions.estimate.values == pytest.approx(record.metrics["val_auc"])


def test_a_ledger_that_was_changed_is_named(folder: Path) -> None:
    study = make_study(folder.parent.parent / "tiny", [])
    write_look(folder.parent.parent, study, "A1", (0, 1))
    path = folder.parent.parent / "test-looks.json"
    assert read_run(folder).notes == ()
    path.write_text(path.read_text().replace('"A1"', '"K"'))
    assert "looks at test periods is not what was written: entry 1" in read_run(folder).notes[0]


def test_untrusted_predictions_leave_the_metrics(folder: Path) -> None:
    path = folder / "A1" / "seed-0" / "predictions.npz"
    path.write_bytes(path.read_bytes()[:-1])
    run = read_run(folder)
    assert run.fits[0].predictions is None
    assert np.isfinite(run.fits[0].score)
    assert "A1/seed-0/predictions.npz is not the file" in run.notes[0]


def test_scores_by_epoch_that_belong_to_the_record_are_kept(folder: Path) -> None:
    add_epochs(folder / "A1" / "seed-0", (1, 2, 3))
    run = read_run(folder)
    assert run.notes == ()
    found = run.fits[0].predictions
    assert found is not None
    assert found.epochs is not None
    assert found.epochs.tolist() == [1, 2, 3]
    assert found.score_epoch(2) == pytest.approx(run.fits[0].score, abs=1e-12)


@pytest.mark.parametrize(
    ("epochs", "why"),
    [
        ((1, 3), "the selected epoch is not among them"),
        ((1, 2), r"the record says val_auc=0\.\d{4}, and those of epoch 2 come to 0\.5000"),
    ],
)
def test_scores_by_epoch_that_do_not_show_the_choice_are_left_out(
    folder: Path, epochs: tuple[int, ...], why: str
) -> None:
    add_epochs(folder / "A1" / "seed-0", epochs, {2: np.zeros(N_ROWS)})
    run = read_run(folder)
    assert len(run.notes) == 1
    assert re.fullmatch(f"A1/seed-0: taken as without scores by epoch: {why}.", run.notes[0])
    found = run.fits[0].predictions
    assert found is not None
    assert (found.epochs, found.by_epoch) == (None, None)
    assert found.last_scores is not None


@pytest.mark.parametrize(
    "name", ["seed-0.superseded-1", "seed-0.damaged-1", ".seed-0.1234.part", "seed-00", "seed-²"]
)
def test_what_is_no_fits_folder_is_passed_over(folder: Path, name: str) -> None:
    (folder / "A1" / "seed-0").rename(folder / "A1" / name)
    run = read_run(folder)
    assert (len(run.fits), run.notes) == (4, ())
    assert count_records(folder) == 4


def test_a_link_among_the_fits_is_named_and_not_followed(folder: Path) -> None:
    (folder / "A1").rename(folder.parent / "elsewhere")
    (folder / "A1").symlink_to(folder.parent / "elsewhere")
    run = read_run(folder)
    assert [fit.record.name for fit in run.fits] == ["K", "K", "baseline-logistic"]
    assert "A1: a symbolic link, which is not followed" in run.notes[0]


def test_a_run_without_a_usable_record_is_refused(folder: Path) -> None:
    for path in folder.glob("*/seed-*/record.json"):
        path.write_text("{}")
    with pytest.raises(InputError, match="holds no record that can be used"):
        read_run(folder)


def test_a_run_json_of_another_form_is_refused(folder: Path) -> None:
    (folder / "run.json").write_text("[]")
    with pytest.raises(InputError, match=r"run\.json"):
        read_run(folder)
