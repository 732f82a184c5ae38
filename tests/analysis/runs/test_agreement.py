"""A record that cannot be is left out, and one that its predictions do not bear out is noted."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.runs.run import Run, measure_overlap, read_run
from tests.analysis.synthetic import (
    N_ROWS,
    claim,
    make_study,
    measure_metric,
    write_arrays,
    write_run,
)
from trial_sets.records.run_info import DataSummary

RMSE: dict[str, Any] = {"task": "regression", "metric": {"name": "rmse"}, "rope": 0.01}


@pytest.fixture
def labels(rng: np.random.Generator) -> NDArray[np.float64]:
    return rng.normal(50, 0.02, size=N_ROWS)


def write(tmp_path: Path, rng: np.random.Generator, labels: Any, **told: Any) -> Path:
    """Write a run of two trials whose predictions miss by some 0.004."""
    study = make_study(
        tmp_path / "tiny", [claim("A1 beats A2", ["A1"], ["A2"])], **{**RMSE, **told}
    )
    scores = {(n, 0): labels + 0.004 * rng.normal(size=len(labels)) for n in ("A1", "A2")}
    return write_run(tmp_path / "outputs", study, labels, scores)


def change(folder: Path, **changes: Any) -> None:
    path = folder / "A1" / "seed-0" / "record.json"
    record = json.loads(path.read_text())
    record["metrics"] |= changes.pop("metrics", {})
    path.write_text(json.dumps({**record, **changes, "sha256": None}))


def test_a_loss_of_small_numbers_is_compared_relative_to_itself(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.float64]
) -> None:
    folder = write(tmp_path, rng, labels)
    assert read_run(folder).notes == ()
    change(folder, metrics={"val_rmse": 0.00405})
    (note,) = read_run(folder).notes
    assert note.startswith("A1/seed-0: the record says val_rmse=0.00405, and its predictions come")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"metrics": {"val_rmse": -0.1}}, "val_rmse=-0.1 is no RMSE"),
        ({"metrics": {"val_r2": 1.5}}, "val_r2=1.5 is no R squared"),
        ({"metrics": {"test_mae": -1.0}}, "test_mae=-1 is no MAE"),
        (
            {"metrics": {"val_mae": 0.1}, "metric": "val_mae"},
            "its metric is val_mae, and the run's val_rmse",
        ),
        (
            {"metric": "val_mae", "status": "pruned", "stop_reason": "pruned"},
            "its metric is val_mae, and the run's val_rmse",
        ),
    ],
)
def test_what_a_metric_cannot_be_is_left_out(
    tmp_path: Path,
    rng: np.random.Generator,
    labels: NDArray[np.float64],
    changes: dict[str, Any],
    message: str,
) -> None:
    folder = write(tmp_path, rng, labels)
    change(folder, **changes)
    run = read_run(folder)
    assert run.notes == (f"Left out: A1/seed-0/record.json: {message}.",)
    assert [fit.record.name for fit in run.fits] == ["A2"]


def add_epochs(folder: Path, values: NDArray[np.float64]) -> None:
    fit = folder / "A1" / "seed-0"
    with np.load(fit / "predictions.npz") as archive:
        arrays = dict(archive)
    write_arrays(fit, {**arrays, "epoch": np.array([1, 2]), "epoch_value": values.astype("f4")})


def test_values_by_epoch_are_cross_fitted(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.float64]
) -> None:
    folder = write(tmp_path, rng, labels)
    with np.load(folder / "A1" / "seed-0" / "predictions.npz") as archive:
        chosen = archive["value"]
    add_epochs(folder, np.stack([labels + 1, chosen]))
    run = read_run(folder)
    assert run.notes == ()
    found = run.fits[0].predictions
    assert found is not None
    crossed, level = found.cross_fit(1), found.measure_level(1)
    assert crossed is not None
    halves = np.arange(N_ROWS) // 40 % 2 == 0
    expected = [measure_metric("rmse", labels[h], chosen[h]) for h in (halves, ~halves)]
    assert float(crossed.values) == pytest.approx(-np.mean(expected), rel=1e-3)
    assert level == pytest.approx(-measure_metric("rmse", labels, chosen), rel=1e-3)


def test_values_of_another_epoch_are_doubted(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.float64]
) -> None:
    folder = write(tmp_path, rng, labels)
    add_epochs(folder, np.stack([labels, labels]))
    run = read_run(folder)
    assert run.fits[0].predictions is not None
    assert run.fits[0].predictions.epochs is None
    assert "taken as without scores by epoch: the record says val_rmse=0.00" in run.notes[0]


def test_predictions_of_a_study_without_a_task_are_not_read(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.float64]
) -> None:
    folder = write(tmp_path, rng, labels)
    run_json = json.loads((folder / "run.json").read_text())
    run_json["study"]["task"] = "none"
    (folder / "run.json").write_text(json.dumps(run_json))
    run = read_run(folder)
    assert run.notes == ()
    assert [fit.predictions for fit in run.fits] == [None, None]


def shares(run: Run, rows: dict[int, tuple[int, int]]) -> float | None:
    """Measure the overlap of folds that train and validate on so many rows."""
    split = run.info.data.splits["validation"]
    folds = [
        {
            "number": number,
            "train": split.model_copy(update={"rows": train}) if train else None,
            "validation": split.model_copy(update={"rows": val}) if val else None,
        }
        for number, (train, val) in rows.items()
    ]
    data = DataSummary.model_validate({**run.info.data.model_dump(), "folds": tuple(folds)})
    return measure_overlap(run.info.model_copy(update={"data": data}))


def test_folds_overlap_as_their_rows_say_or_as_equal_ones_do(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.float64]
) -> None:
    free = read_run(write(tmp_path / "free", rng, labels, split={"kind": "random"}))
    assert measure_overlap(free.info) is None
    assert shares(free, {1: (80, 20), 2: (60, 30)}) == pytest.approx((1 / 4 + 1 / 2) / 2)
    assert shares(free, {1: (0, 0), 2: (0, 0), 3: (0, 0)}) == pytest.approx(1 / 2)
    assert shares(read_run(write(tmp_path / "dated", rng, labels)), {1: (80, 20)}) is None


def test_groups_of_rows_in_time_order_do_not_count(
    tmp_path: Path, rng: np.random.Generator, labels: NDArray[np.float64]
) -> None:
    groups = np.arange(N_ROWS) // 10
    for name, told, is_grouped in (
        ("dated", {}, False),
        ("shops", {"split": {"kind": "groups", "column": "shop"}}, True),
    ):
        study = make_study(tmp_path / name / "tiny", [], **{**RMSE, **told})
        scores = {("A1", 0): labels + rng.normal(size=N_ROWS)}
        run = read_run(write_run(tmp_path / name / "out", study, labels, scores, groups=groups))
        found = run.fits[0].predictions
        assert found is not None
        n_rows = found.estimate.influences.size
        assert n_rows == (N_ROWS // 10 if is_grouped else N_ROWS)
