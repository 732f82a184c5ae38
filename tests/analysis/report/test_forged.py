"""What was forged is left out, named or taken for what it is; the report stays."""

import contextlib
import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.report.options import ReportOptions
from analysis.report.run import report_run
from analysis.runs.run import read_run
from tests.analysis.synthetic import claim, make_labels, make_study, write_run
from trial_sets.errors import InputError

N = len(make_labels(np.random.default_rng(0)))
NOTHING = ReportOptions(None, None, (), None, None, None, None)
EMPTY = {"row": "i8", "date": "M8[D]", "label": "i1", "logit": "f4", "logit_last": "f4"}
ARRAYS: dict[str, dict[str, Any]] = {
    "one class": {"label": np.ones(N, dtype=np.int8)},
    "no row": {name: np.array([], dtype=kind) for name, kind in EMPTY.items()},
    "foreign rows": {"row": np.arange(N) + 10**6},
    "one row for all": {"row": np.zeros(N, dtype=int)},
    "rows beyond 64 bits": {"row": np.full(N, 2**64 - 1, dtype=np.uint64)},
    "no time": {"date": np.full(N, np.datetime64("NaT"), dtype="M8[ns]")},
    "dates without a unit": {"date": np.zeros(N, dtype="M8")},
    "beyond double precision": {"logit": np.full(N, 1e300, np.longdouble) * np.longdouble(1e300)},
    "huge logits": {"logit": np.where(np.arange(N) < N / 2, -1e308, 1e308)},
    "texts": {"logit_last": np.full(N, "x")},
}
EPOCHS = {"epoch": np.array([1, 2], np.int32), "epoch_center": np.zeros(2, np.float32)}
ARRAYS |= {
    "epochs of another trial": {**EPOCHS, "epoch_logit": np.zeros((2, N), np.float16)},
    "epochs without rows": {**EPOCHS, "epoch_logit": np.zeros((2, 0), np.float16)},
    "epochs beyond single precision": {
        "epoch": np.array([2]), "epoch_center": np.array([1e308]),
        "epoch_logit": np.linspace(-6e4, 6e4, N).astype(np.float16)[None],
    },
}  # fmt: skip
POINT = {"train_loss": 1e308, "val_loss": -1e308, "val_auc": 1e308, "seconds": 1e308}
FIELDS: dict[str, dict[str, Any]] = {
    "metrics of 1e308": {"metrics": {"val_auc": 1e308, "val_n": 1e308, "train_auc": -1e308}},
    "metrics of odd names": {"metrics": {"val_auc": 0.5, "": 1.0, "x\ud800": 1.0, "trial": 1.0}},
    "seconds of 1e308": {"seconds": 1e308},
    "a count of 400 digits": {"n_parameters": 10**400},
    "an epoch that never was": {"selected_epoch": 10**30},
    "a curve of 1e308": {"curve": [{"epoch": n, **POINT} for n in (1, 2, 10**30)]},
    "a reason with escapes": {"stop_reason": "\x1b[2J\n" * 100},
    "another kind": {"kind": "control"},
    "no configuration": {"configuration": None, "kind": "baseline", "key": "x"},
}


@pytest.fixture
def run(tmp_path: Path, rng: np.random.Generator) -> Path:
    labels = make_labels(rng)
    scores = {
        (name, seed): gain * labels + rng.normal(size=N)
        for name, gain in {"A1": 2.0, "A2": 0.2, "K": 0.5}.items()
        for seed in (0, 1)
    }
    study = make_study(tmp_path / "tiny", [claim("A1 beats A2", ["A1"], ["A2"])])
    return write_run(tmp_path / "outputs", study, labels, scores)


def forge_record(fit: Path, changes: dict[str, Any]) -> None:
    path = fit / "record.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes, "sha256": None}))


def forge_arrays(fit: Path, changes: dict[str, Any]) -> None:
    path, buffer = fit / "predictions.npz", io.BytesIO()
    with np.load(path) as archive:
        np.savez(buffer, **{**dict(archive.items()), **changes})
    path.write_bytes(buffer.getvalue())
    forge_record(fit, {"predictions_sha256": hashlib.sha256(buffer.getvalue()).hexdigest()})


def report(run: Path) -> str:
    found = report_run(read_run(run), NOTHING, None)
    json.dumps(dict(found.data), allow_nan=False)
    return found.render()


@pytest.mark.parametrize("n_forged", [1, 6])
@pytest.mark.parametrize(
    ("forge", "changes"),
    [
        *(pytest.param(forge_arrays, changes, id=name) for name, changes in ARRAYS.items()),
        *(pytest.param(forge_record, changes, id=name) for name, changes in FIELDS.items()),
    ],
)
def test_what_was_forged_never_costs_the_report(
    run: Path, forge: Callable[[Path, dict[str, Any]], None], changes: dict[str, Any], n_forged: int
) -> None:
    fits = sorted(run.glob("*/seed-*"))
    for fit in fits[:n_forged]:
        forge(fit, changes)
    if n_forged < len(fits):
        assert "A1 beats A2" in report(run)
        return
    with contextlib.suppress(InputError):
        report(run)


def test_an_auc_that_is_none_is_named(run: Path) -> None:
    forge_record(run / "A1" / "seed-0", {"metrics": {"val_auc": 1e308}})
    notes = read_run(run).notes
    assert notes == ("Left out: A1/seed-0/record.json: val_auc=1e+308 is no AUC.",)


def test_fits_on_the_rows_that_most_speak_of_are_compared(run: Path) -> None:
    forge_arrays(run / "A1" / "seed-0", ARRAYS["foreign rows"])
    assert "Candidate" in report(run)


def test_a_circle_of_links_hides_no_fit(run: Path) -> None:
    before = len(read_run(run).fits)
    (run / "circle").symlink_to("circle")
    (run / "A1" / "seed-9").symlink_to("seed-9")
    assert len(read_run(run).fits) == before
