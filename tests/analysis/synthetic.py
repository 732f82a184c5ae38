"""Runs written by hand through the record schema, as the runner would have left them."""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.epoch_logits import halve_logits
from trial_sets.claims.binding import bind_claims
from trial_sets.loading.study_folder import load_study
from trial_sets.records.claim_file import open_claims
from trial_sets.records.claim_ledger import read_claims
from trial_sets.records.claim_lines import ClaimLine, ScoredLine, list_trial_keys
from trial_sets.records.fit_id import FitId
from trial_sets.records.looks import HoldoutLook, LookLedger
from trial_sets.records.record import EpochPoint, Failure, Provenance, Record
from trial_sets.records.run_info import (
    DataSummary,
    FoldSummary,
    RunInfo,
    SplitSummary,
    describe_validation,
)
from trial_sets.study import Study

N_ROWS = 600
BASE = {
    "d_model": 8, "n_layers": 1, "n_heads": 2, "d_ff_ratio": 1, "dropout": 0.1,
    "learning_rate": 1e-3, "weight_decay": 0.0, "epochs": 9,
    "min_delta": 0.001,
}  # fmt: skip
PROVENANCE = Provenance(
    device="cpu",
    group_size=1,
    started="2026-01-28T12:00:00+00:00",
    finished="2026-01-28T12:01:00+00:00",
    versions={"python": "3.11"},
    platform="test",
)
Scores = Mapping[tuple[str, int], NDArray[np.float64] | Failure | float]


def make_study(folder: Path, expectations: list[dict[str, Any]], **study: object) -> Study:
    """Write and load a study of trials A1 to A4, dropout 0.2 to 0.5, and a control K."""
    folder.mkdir(parents=True, exist_ok=True)
    head = {"title": "Tiny", "seeds": [0, 1, 2, 3, 4, 5], "base": BASE, **study}
    head.setdefault("controls", {"K": {"dropout": 0.6}})
    trials = {f"A{i}": {"dropout": round(0.1 + i / 10, 1)} for i in range(1, 5)}
    one = {"title": "Dropout", "control": "K", "trials": trials, "expectations": expectations}
    (folder / "study.json").write_text(json.dumps(head))
    (folder / "A.json").write_text(json.dumps(one))
    return load_study(folder)


def claim(text: str, better: list[str], than: list[str]) -> dict[str, Any]:
    """Return an expectation as a set's file holds it, about the means of several."""
    more = {"sides": "mean"} if len(better) + len(than) > 2 else {}
    return {"if": text, "better": better, "than": than, "shows": "S", "then": "T", **more}


def make_labels(rng: np.random.Generator, n: int = N_ROWS) -> NDArray[np.int8]:
    return (rng.random(n) < 0.3).astype(np.int8)


def write_run(
    outputs: Path,
    study: Study,
    labels: NDArray[Any],
    scores: Scores,
    *,
    n_folds: int = 1,
    groups: NDArray[np.int64] | None = None,
) -> Path:
    """Write a run's folder, of any task; a float is a result without predictions.

    With folds the rows are cut into as many equal parts, a fold each; a result that is no array
    is that of every fold. Those of rows without order train on each other's rows.
    """
    folder = outputs / study.name / "data-00000000"
    folder.mkdir(parents=True)
    n, split = len(labels), summarise_split(study, labels)
    part = split.model_copy(update={"rows": n // n_folds})
    train = part if study.is_ordered else part.model_copy(update={"rows": n - n // n_folds})
    folds = [FoldSummary(number=k, train=train, validation=part) for k in range(1, n_folds + 1)]
    info = RunInfo(
        run=folder.name,
        study=study,
        data=DataSummary(
            name="sp500",
            fingerprint="f" * 64,
            tier="a50",
            label="rises",
            features=3,
            context=80,
            splits={"train": split, "validation": split, "test": split},
            folds=tuple(folds) if n_folds > 1 else (),
        ),
        overrides={},
        precision="fp32",
        training_version=1,
    )
    (folder / "run.json").write_text(info.model_dump_json(by_alias=True))
    fix_claims(outputs, info)
    for (name, seed), result in scores.items():
        if n_folds == 1:
            write_fit(folder, study, labels, name, seed, result, groups=groups)
            continue
        for k, rows in enumerate(np.array_split(np.arange(n), n_folds), 1):
            one = result[rows] if isinstance(result, np.ndarray) else result
            some = None if groups is None else groups[rows]
            write_fit(folder, study, labels[rows], name, seed, one, fold=k, groups=some)
    return folder


def prune_fit(fit: Path) -> None:
    """Let the record in a fit's folder be one that a search has pruned."""
    content = json.loads((fit / "record.json").read_text())
    content |= {"status": "pruned", "stop_reason": "pruned"}
    (fit / "record.json").write_text(json.dumps(content))


def summarise_split(study: Study, labels: NDArray[Any]) -> SplitSummary:
    """Return what a run says of its validation rows."""
    first, last = ("2015-01-02", "2016-12-30") if study.is_ordered else ("", "")
    split = SplitSummary(rows=len(labels), positives=None, first=first, last=last)
    if study.task == "binary":
        return split.model_copy(update={"positives": int((labels == 1).sum())})
    if study.task == "multiclass":
        names, counts = np.unique(labels, return_counts=True)
        pairs = zip(names, counts, strict=True)
        return split.model_copy(update={"classes": {f"class {k}": int(c) for k, c in pairs}})
    mean, deviation = float(np.mean(labels)), float(np.std(labels))
    return split.model_copy(update={"mean": mean, "deviation": deviation})


def fix_claims(outputs: Path, info: RunInfo) -> None:
    """Enter a study's claims in the ledger, and that its trials are about to be scored."""
    study, rows = info.study, describe_validation(info.data)
    entered = {"time": "2026-01-28T11:00:00+00:00", "study": study.name, "rows": rows}
    claims = [
        ClaimLine.model_validate(
            {
                **entered,
                "sentence": bound.sentence,
                "digest": bound.digest(study.rope),
                "declared": bound.digest(study.rope),
                "question": bound.question(),
                "rope": study.rope,
                "looks": study.looks,
                "claiming": list_trial_keys(bound.claiming),
                "references": list_trial_keys(bound.references),
            }
        )
        for bound in bind_claims(study)
    ]
    scored = ScoredLine.model_validate(
        {
            **entered,
            "run": info.run,
            "trials": tuple({key.key: key for key in list_trial_keys(study.trials())}.values()),
            "claims": tuple(one.declared for one in claims),
        }
    )
    with open_claims(outputs / "claims.jsonl") as ledger:
        ledger.add(*claims, scored)


def read_head(folder: Path) -> str | None:
    """Return the head of the ledger beside a run, as records are written with it."""
    path = folder.parent.parent / "claims.jsonl"
    return read_claims(path).head


def write_fit(
    folder: Path,
    study: Study,
    labels: NDArray[Any],
    name: str,
    seed: int,
    result: NDArray[np.float64] | Failure | float,
    *,
    split: str = "val",
    fold: int | None = None,
    groups: NDArray[np.int64] | None = None,
) -> None:
    """Write one record with its predictions; a name that is no trial's is a baseline."""
    trials = {trial.name: trial for trial in study.trials()}
    trial = trials.get(name)
    configuration = None if trial is None else trial.configuration
    place = folder / FitId(name if trial else f"baseline-{name}", seed, fold).place
    place.mkdir(parents=True)
    digest, metrics, metric = None, {}, study.metric
    if isinstance(result, float):
        metrics = {metric.key(): result}
    elif not isinstance(result, Failure):
        prefix = "test_" if split == "test" else ""
        other = np.zeros_like(result) if prefix else result
        first = 100 + 10_000 * ((fold or 1) - 1)  # no row validates in two folds
        arrays = tabulate(labels, other, "", study=study, groups=groups, first_row=first)
        arrays |= tabulate(labels, result, prefix, study=study, groups=groups, first_row=first)
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **arrays)
        (place / "predictions.npz").write_bytes(buffer.getvalue())
        digest = hashlib.sha256(buffer.getvalue()).hexdigest()
        value = measure_metric(metric.name, labels, result)
        metrics = {metric.key(): value, metric.key(suffix="_last"): 0.5}
        metrics |= {metric.key("test"): value} if prefix else {}
        metrics |= {"val_n": float(len(labels)), "val_n_positive": float((labels == 1).sum())}
        metrics |= {"val_min_probability": 0.1, "val_max_probability": 0.7}
    is_control = trial is not None and trial.is_control
    record = Record(
        status="failed" if isinstance(result, Failure) else "complete",
        kind="baseline" if trial is None else "control" if is_control else "trial",
        names=(f"baseline-{name}",) if trial is None else study.names_of(trial.configuration),
        configuration=configuration,
        key=name if configuration is None else configuration.key,
        seed=seed,
        fold=fold,
        metric=metric.key(),
        metrics=metrics,
        curve=() if trial is None else make_curve(),
        selected_epoch=None if trial is None else 2,
        stop_reason=None if trial is None else "patience",
        seconds=4.0,
        predictions_sha256=digest,
        failure=result if isinstance(result, Failure) else None,
        provenance=PROVENANCE,
        claims_head=None if trial is None else read_head(folder),
    )
    (place / "record.json").write_text(record.model_dump_json(by_alias=True))


def add_epochs(
    fit: Path, epochs: Sequence[int], logits: Mapping[int, NDArray[np.float64]] | None = None
) -> None:
    """Add the log-odds of some epochs to a fit's predictions.

    The selected epoch is 2. An epoch of which none are given has those that the fit has.
    """
    with np.load(fit / "predictions.npz") as archive:
        arrays = dict(archive)
    halved = [halve_logits((logits or {}).get(epoch, arrays["logit"])) for epoch in epochs]
    arrays["epoch"] = np.array(epochs, dtype=np.int32)
    arrays["epoch_center"] = np.array([center for center, _ in halved], dtype=np.float32)
    arrays["epoch_logit"] = np.stack([halves for _, halves in halved])
    write_arrays(fit, arrays)


def write_arrays(fit: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a fit's predictions.npz anew, and its checksum into the record."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    (fit / "predictions.npz").write_bytes(buffer.getvalue())
    path = fit / "record.json"
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()
    changes = {"predictions_sha256": digest, "sha256": None}
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def write_look(outputs: Path, study: Study, name: str, seeds: tuple[int, ...]) -> None:
    """Count a look at the test period for one trial."""
    look = HoldoutLook(
        run="data-00000000",
        trial=name,
        key=study.find_trial(name).configuration.key,
        data="f" * 64,
        name="data",
        first="2015-01-02",
        last="2016-12-30",
        seeds=seeds,
        started="2026-01-29T12:00:00+00:00",
        finished="2026-01-29T12:30:00+00:00",
    )
    ledger = outputs / "test-looks.json"
    ledger.write_text(LookLedger().added(look).model_dump_json())


def tabulate(
    labels: NDArray[Any],
    scores: NDArray[np.float64],
    prefix: str,
    *,
    study: Study | None = None,
    groups: NDArray[np.int64] | None = None,
    first_row: int = 100,
) -> dict[str, NDArray[Any]]:
    """Return the columns of predictions.npz; of two classes in time order without a study."""
    n, is_number = len(labels), study is not None and study.task == "regression"
    is_ordered = study is None or study.is_ordered
    name, kind = ("value", np.float64) if is_number else ("logit", np.float32)
    columns = {
        "row": np.arange(first_row, first_row + n),
        "date": np.datetime64("2015-01-02") + np.arange(n)
        if is_ordered
        else np.full(n, np.datetime64("NaT", "D")),
        "label": labels,
        name: scores.astype(kind),
    }
    columns |= {} if prefix else {f"{name}_last": scores.astype(kind)}
    columns |= {} if groups is None else {"group": groups}
    if scores.ndim > 1:
        columns["classes"] = np.array([f"class {k}" for k in range(scores.shape[1])])
    return {prefix + column: values for column, values in columns.items()}


def measure_metric(name: str, labels: NDArray[Any], scores: NDArray[np.float64]) -> float:
    """Compute a metric by its definition, as records hold it."""
    if name == "auc":
        return measure_auc(labels, scores)
    if name in {"rmse", "mse", "r2"}:
        squared = float(np.mean((scores - labels) ** 2))
        spread = float(np.var(labels)) or 1.0
        return {"rmse": squared**0.5, "mse": squared, "r2": 1 - squared / spread}[name]
    if name == "log_loss":
        return float(np.mean(np.logaddexp(0, np.where(labels == 1, -scores, scores))))
    told = scores.astype(np.float32).argmax(axis=1)
    hits = [np.sum((told == k) & (labels == k)) for k in range(scores.shape[1])]
    sizes = [np.sum(told == k) + np.sum(labels == k) for k in range(scores.shape[1])]
    return float(np.mean([2 * hit / size for hit, size in zip(hits, sizes, strict=True)]))


def make_curve() -> tuple[EpochPoint, ...]:
    losses = (0.7, 0.6, 0.55)
    return tuple(
        EpochPoint(epoch=i, train_loss=loss, val_loss=0.6, val_metric=0.6 + i / 100, seconds=1.0)
        for i, loss in enumerate(losses, 1)
    )


def measure_auc(labels: NDArray[np.int8], scores: NDArray[np.float64]) -> float:
    """Count the pairs one by one, in the precision of predictions.npz."""
    rounded = scores.astype(np.float32)
    gaps = rounded[labels == 1][:, None] - rounded[labels == 0][None, :]
    return float(np.mean((gaps > 0) + 0.5 * (gaps == 0)))
