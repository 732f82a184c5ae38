"""The tidy tables hold what the records hold."""

import gc
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import analysis.exports.stored_fits as module
from analysis.exports.run_tables import write_run_tables
from analysis.exports.stored_fits import StoredFits
from analysis.exports.table_files import TableForm
from analysis.runs.run import read_run
from tests.analysis.searched import Told, write_search
from tests.analysis.synthetic import make_labels, make_study, write_fit, write_run
from trial_sets.errors import InputError
from trial_sets.records.layout import RunLayout
from trial_sets.records.record import Failure

KEY = ["trial", "seed", "fold", "scored_on"]


def read(folder: Path, form: TableForm, name: str) -> pd.DataFrame:
    path = folder / f"{name}.{form}"
    return pd.read_csv(path) if form == "csv" else pd.read_parquet(path)


def export(run: Path, folder: Path, form: TableForm = "csv", search: str = "") -> dict[str, int]:
    folder.mkdir()
    layout = RunLayout(run).of_search(search) if search else RunLayout(run)
    return write_run_tables(StoredFits.of_layout(layout), folder, form)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_every_fit_epoch_and_prediction_has_a_row(
    form: TableForm, tmp_path: Path, rng: np.random.Generator
) -> None:
    study, labels = make_study(tmp_path / "tiny", []), make_labels(rng)
    scores: dict[tuple[str, int], Any] = {
        ("A1", 0): labels + rng.normal(size=len(labels)),
        ("A2", 1): Failure(kind="error", message="no"),
        ("logistic", 0): 0.8,
    }
    run = write_run(tmp_path / "outputs", study, labels, scores)
    counts = export(run, tmp_path / "tables", form)
    fits, curves, rows = (read(tmp_path / "tables", form, name) for name in counts)
    assert [len(fits), len(curves), len(rows)] == list(counts.values())
    assert fits["trial"].tolist() == ["A1", "A2", "baseline-logistic"]
    assert fits["state"].tolist() == ["complete", "failed", "complete"]
    assert fits["dropout"].tolist()[:2] == [0.2, 0.3]
    assert fits["duration_s"].tolist() == [4.0] * 3
    found = read_run(run)
    first = found.fits[0]
    assert fits["val_auc"].iloc[0] == first.record.score
    own = curves[curves["trial"] == "A1"]
    assert own["epoch"].tolist() == [p.epoch for p in first.record.curve]
    assert own["val_loss_nats"].tolist() == [p.val_loss for p in first.record.curve]
    assert len(rows) == len(labels)
    assert first.predictions is not None
    np.testing.assert_array_equal(rows["logit"], first.predictions.scores)
    np.testing.assert_array_equal(rows["label"], labels)
    np.testing.assert_array_equal(
        pd.to_datetime(rows["date"]).to_numpy("datetime64[us]"),
        first.predictions.dates.astype("datetime64[us]"),
    )


def test_test_rows_are_there_only_where_a_run_has_them(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    study, labels = make_study(tmp_path / "tiny", []), make_labels(rng)
    scores = {("A1", 0): labels + rng.normal(size=len(labels))}
    run = write_run(tmp_path / "outputs", study, labels, scores)
    export(run, tmp_path / "before")
    assert set(read(tmp_path / "before", "csv", "predictions")["scored_on"]) == {"validation"}
    write_fit(run / "_test", study, labels, "A1", 0, labels + 0.0, split="test")
    export(run, tmp_path / "after")
    fits = read(tmp_path / "after", "csv", "fits")
    assert fits["scored_on"].tolist() == ["validation", "test"]
    assert fits["test_auc"].tolist()[1] == 1.0
    rows = read(tmp_path / "after", "csv", "predictions")
    np.testing.assert_array_equal(rows[rows["scored_on"] == "test"]["logit"], labels)


def test_folds_are_rows_of_their_own(tmp_path: Path, rng: np.random.Generator) -> None:
    study, labels = make_study(tmp_path / "tiny", [], folds=2), make_labels(rng)
    scores = {("A1", 0): labels + rng.normal(size=len(labels))}
    run = write_run(tmp_path / "outputs", study, labels, scores, n_folds=2)
    export(run, tmp_path / "tables")
    fits = read(tmp_path / "tables", "csv", "fits")
    assert fits["fold"].tolist() == [1, 2]
    rows = read(tmp_path / "tables", "csv", "predictions")
    assert not rows.duplicated([*KEY, "row"]).any()
    assert rows.merge(fits, on=KEY)["trial"].tolist() == ["A1"] * len(labels)


def test_the_classes_have_a_column_each(tmp_path: Path, rng: np.random.Generator) -> None:
    study = make_study(
        tmp_path / "tiny", [], task="multiclass", rope=0.01, label={"column": "kind"},
        base={**BASE_OF_CLASSES}, split={"kind": "fractions", "val": 0.2, "test": 0.2},
    )  # fmt: skip
    labels = rng.integers(0, 3, 300)
    run = write_run(tmp_path / "outputs", study, labels, {("A1", 0): rng.normal(size=(300, 3))})
    export(run, tmp_path / "tables")
    rows = read(tmp_path / "tables", "csv", "predictions")
    names = [name for name in rows.columns if name.startswith("logit_")]
    found = read_run(run).fits[0].predictions
    assert found is not None
    np.testing.assert_array_equal(rows[names], found.scores)


BASE_OF_CLASSES = {
    "d_model": 8, "n_layers": 1, "n_heads": 2, "d_ff_ratio": 1, "dropout": 0.1,
    "learning_rate": 1e-3, "weight_decay": 0.0, "epochs": 9, "min_delta": 0.001,
}  # fmt: skip


def test_a_searchs_tables_hold_its_runs_baselines(tmp_path: Path, rng: np.random.Generator) -> None:
    study, labels = make_study(tmp_path / "tiny", []), make_labels(rng)
    run = write_run(tmp_path / "outputs", study, labels, {("logistic", 0): 0.8, ("A1", 0): 0.7})
    values = {"learning_rate": 1e-3, "batch_size": 64, "dropout": 0.2}
    write_search(run, [Told(values, 0.6)])
    export(run, tmp_path / "tables", search="tuned")
    fits = read(tmp_path / "tables", "csv", "fits")
    assert fits["trial"].tolist() == ["trial-00000", "baseline-logistic"]
    assert fits["search"].tolist() == ["tuned", "tuned"]


def test_a_run_without_records_is_refused_and_nothing_is_left(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    study = make_study(tmp_path / "tiny", [])
    run = write_run(tmp_path / "outputs", study, make_labels(rng), {})
    with pytest.raises(InputError, match="no record that can be used"):
        export(run, tmp_path / "tables")
    assert not list((tmp_path / "tables").iterdir())


def test_no_fit_is_kept_while_they_are_written(
    tmp_path: Path, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of all fits that were read at most the last two are alive at once."""
    study, labels = make_study(tmp_path / "tiny", []), make_labels(rng)
    scores = {("A1", seed): labels + rng.normal(size=len(labels)) for seed in range(6)}
    run = write_run(tmp_path / "outputs", study, labels, scores)
    alive: list[weakref.ref[Any]] = []
    most = 0
    plain = module.read_fits

    def read_watched(*args: Any, **options: Any) -> Any:
        nonlocal most
        for fit in plain(*args, **options):
            if fit.predictions is not None:
                gc.collect()
                alive.append(weakref.ref(fit.predictions))
                most = max(most, sum(one() is not None for one in alive))
            yield fit

    monkeypatch.setattr(module, "read_fits", read_watched)
    export(run, tmp_path / "tables")
    assert len(alive) == 6
    assert most <= 2
