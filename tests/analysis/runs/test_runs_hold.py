"""Whatever became of a run's files, `analyze` reads the run or says one sentence."""

import contextlib
import hashlib
import io
import json
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.runs.predictions import read_predictions
from analysis.runs.run import read_run
from tests.analysis.synthetic import (
    add_epochs,
    claim,
    make_labels,
    make_study,
    write_arrays,
    write_look,
    write_run,
)
from tests.json_values import any_json
from tests.special import SPECIAL
from trial_sets.errors import InputError
from trial_sets.records.looks import LookLedger
from trial_sets.records.run_info import RunInfo
from trial_sets.task import Task, settle_metric

values = any_json(10**400, "\ud800", "\x1b", 1e308)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, rng = tmp_path_factory.mktemp("any"), np.random.default_rng(0)
    labels = make_labels(rng)
    study = make_study(folder / "tiny", [claim("A1 beats A2", ["A1"], ["A2"])])
    scores = {(name, 0): labels + rng.normal(size=len(labels)) for name in ("A1", "A2")}
    made = write_run(folder / "outputs", study, labels, scores)
    add_epochs(made / "A1" / "seed-0", (1, 2, 3))
    write_look(folder / "outputs", study, "A1", (0,))
    return made


@contextlib.contextmanager
def kept(path: Path) -> Iterator[bytes]:
    """Put a file back afterwards."""
    content = path.read_bytes()
    try:
        yield content
    finally:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.write_bytes(content)


@given(field=st.sampled_from(sorted(RunInfo.model_fields)), value=values)
def test_any_field_of_run_json(run: Path, field: str, value: object) -> None:
    path = run / "run.json"
    with kept(path) as content:
        path.write_text(json.dumps({**json.loads(content), field: value}))
        with contextlib.suppress(InputError):
            read_run(run)


@given(
    content=st.one_of(
        values,
        st.fixed_dictionaries({"looks": st.lists(values, max_size=2)}),
        st.dictionaries(st.sampled_from(sorted(LookLedger.model_fields)), values, max_size=2),
    )
)
def test_any_ledger(run: Path, content: object) -> None:
    path = run.parents[1] / "test-looks.json"
    with kept(path):
        path.write_text(json.dumps(content))
        assert len(read_run(run).fits) == 2


@given(
    place=st.integers(0, 10_000),
    patch=st.binary(max_size=8),
    length=st.integers(0, 8),
)
def test_any_bytes_of_an_archive(run: Path, place: int, patch: bytes, length: int) -> None:
    path = run / "A1" / "seed-0" / "predictions.npz"
    with kept(path) as content:
        place %= len(content)
        path.write_bytes(content[:place] + patch + content[place + length :])
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        with contextlib.suppress(InputError):
            read_predictions(path, digest)


@given(
    name=st.sampled_from(["epoch", "epoch_center", "epoch_logit"]),
    kind=st.sampled_from(["i4", "u8", "f2", "f4", "g", "U2", "?", "M8[D]"]),
    shape=st.lists(st.integers(0, 3), max_size=3),
    fill=st.sampled_from([0, 1, 2]),
)
def test_any_array_in_place_of_those_by_epoch(
    run: Path, name: str, kind: str, shape: list[int], fill: int
) -> None:
    place = run / "A1" / "seed-0"
    with kept(place / "predictions.npz") as content, kept(place / "record.json"):
        with np.load(io.BytesIO(content)) as archive:
            arrays = dict(archive)
        write_arrays(place, {**arrays, name: np.full(shape, fill).astype(kind)})
        (found,) = [fit for fit in read_run(run).fits if fit.record.name == "A1"]
        assert found.predictions is None or found.predictions.by_epoch is None


TASKS: dict[Task, str] = {"binary": "log_loss", "multiclass": "macro_auc", "regression": "r2"}


@given(
    task=st.sampled_from(sorted(TASKS)),
    name=st.sampled_from(
        ["row", "date", "label", "logit", "logit_last", "value", "value_last", "group", "classes",
         "epoch", "epoch_value", "epoch_logit"]
    ),
    kind=st.sampled_from(["i4", "u8", "f2", "f4", "f8", "g", "U2", "?", "M8[D]"]),
    shape=st.lists(st.integers(0, 6), max_size=3),
    fill=st.sampled_from([0, 1, 2, -1, 1e300, float("nan")]),
)  # fmt: skip
def test_any_array_of_any_task(
    archive: Path, task: Task, name: str, kind: str, shape: list[int], fill: float
) -> None:
    arrays: dict[str, Any] = {
        "row": np.arange(6),
        "date": np.full(6, np.datetime64("NaT", "D")),
        "label": np.arange(6) / 7 if task == "regression" else np.array([0, 1, 0, 1, 0, 1]),
        "group": np.arange(6) // 2,
        "classes": np.array(["a", "b", "c"]),
        "value": np.arange(6.0),
        "logit": np.zeros((6, 3), np.float32) if task == "multiclass" else np.arange(6.0),
        "epoch": np.array([1]),
    }
    arrays["epoch_value"] = arrays["value" if task == "regression" else "logit"][None].astype("f4")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the cast to another kind
        arrays[name] = np.full(shape, fill).astype(kind)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    archive.write_bytes(buffer.getvalue())
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()
    metric = settle_metric(task, TASKS[task], None)
    with contextlib.suppress(InputError):
        found = read_predictions(archive, digest, task=task, metric=metric)
        if found.is_scorable:
            assert np.isfinite(found.estimate.values)
            assert found.last is None or np.isfinite(found.last.values)
            found.cross_fit(None)
            found.measure_level(None)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("archive") / "predictions.npz"


@pytest.mark.parametrize("kind", SPECIAL)
@pytest.mark.parametrize(
    "place",
    ["run.json", "A1/seed-0/record.json", "A1/seed-0/predictions.npz", "../../test-looks.json"],
)
def test_what_is_no_file_costs_no_other(run: Path, place: str, kind: str) -> None:
    path = (run / place).resolve()
    with kept(path):
        path.unlink()
        SPECIAL[kind](path)
        try:
            if place == "run.json":
                with pytest.raises(InputError, match=r"run\.json"):
                    read_run(run)
            else:
                found = read_run(run)
                assert "A2" in {fit.record.name for fit in found.fits}
                assert found.notes
        finally:
            (path.with_name("a-pipe")).unlink(missing_ok=True)
