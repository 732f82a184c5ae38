"""From what a worker reports to a record on disk."""

import io
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import version
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.data.dataset import Dataset
from models.epoch_logits import MOST_BYTES, EpochLogits, choose_step
from models.metrics import score_predictions
from runner.batch.ran import Ran
from runner.planning.fit import Fit
from runner.storage.machine import Machine
from runner.storage.outputs import RunFolder
from runner.workers.protocol import FitResult
from runner.workers.sent_logits import SentLogits
from trial_sets.configuration import AnyConfiguration
from trial_sets.records.fit_id import FitId
from trial_sets.records.layout import BASELINE_PREFIX
from trial_sets.records.limits import cap_metrics, thin_curve
from trial_sets.records.record import EpochPoint, Failure, Provenance, Record


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose record it is."""

    kind: Literal["trial", "control", "baseline"]
    names: tuple[str, ...]
    configuration: AnyConfiguration | None
    key: str
    seed: int
    fold: int | None = None

    @classmethod
    def of_fit(cls, fit: Fit) -> "Subject":
        """Return the subject of a trial's or control's record."""
        return cls(fit.kind, fit.names, fit.configuration, fit.key, fit.seed, fit.fold)

    @classmethod
    def of_baseline(cls, fit: FitId) -> "Subject":
        """Return the subject of a baseline's record."""
        key = fit.name.removeprefix(BASELINE_PREFIX)
        return cls("baseline", (fit.name,), None, key, fit.seed, fit.fold)


@dataclass(frozen=True, slots=True)
class SplitLogits:
    """Logits in the order of a dataset's rows."""

    val: Sequence[float]  # at the selected epoch
    val_last: Sequence[float]  # at the last epoch
    train: Sequence[float] = ()
    test: Sequence[float] = ()
    by_epoch: SentLogits | None = None  # those of val


@dataclass(frozen=True, slots=True)
class Training:
    """How the training went, as far as it got."""

    curve: tuple[EpochPoint, ...] = ()
    selected_epoch: int | None = None
    stop_reason: str | None = None
    n_parameters: int | None = None
    seconds: float = 0.0
    peak_memory_mib: float | None = None

    @classmethod
    def of_result(cls, result: FitResult) -> "Training":
        """Return what a worker's result says of it."""
        return cls(
            curve=result.curve,
            selected_epoch=result.selected_epoch,
            stop_reason=result.stop_reason,
            n_parameters=result.n_parameters,
            seconds=result.seconds,
            peak_memory_mib=_mib(result.peak_memory_bytes),
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a fit has shown, as far as it got."""

    predictions: SplitLogits | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)  # beside those of the predictions
    failure: Failure | None = None
    training: Training = Training()

    @classmethod
    def of_result(cls, result: FitResult) -> "Outcome":
        """Return what a worker's result says; divergence is a failure."""
        training = Training.of_result(result)
        if result.stop_reason == "diverged":
            failure = Failure.of("diverged", result.message)
            return cls(failure=failure, training=training)
        if result.val_logits:
            logits = SplitLogits(
                val=result.val_logits,
                val_last=result.val_logits_last,
                train=result.train_logits,
                test=result.test_logits,
                by_epoch=result.epoch_logits,
            )
            return cls(logits, result.metrics, training=training)
        auc = result.metrics.get("val_auc")
        if auc is not None and 0 <= auc <= 1:
            return cls(metrics=result.metrics, training=training)
        message = (
            "the trainer neither saved predictions nor returned val_auc"
            if auc is None
            else f"the trainer returned val_auc={auc:g}, expected a number from 0 to 1"
        )
        return cls(failure=Failure.of("error", message), training=training)


@dataclass(frozen=True, slots=True)
class Recorder:
    """Writes the records of one batch; the parent process alone does."""

    folder: RunFolder
    find_dataset: Callable[[int | None], Dataset]  # that of a fold
    versions: Mapping[str, str]  # of Python and PyTorch, as the workers run them
    machine: Machine | None = None  # what the workers run on
    claims_head: str | None = None  # of the ledger of claims; see `enter_claims`

    def file(self, subject: Subject, outcome: Outcome, ran: Ran, started: datetime) -> Record:
        """Score what a fit predicted and write its record."""
        try:
            scores, predictions, thinned_epochs = self._score_and_pack(subject, outcome)
        except ValueError as error:  # a worker's word for it, that they are so many and finite
            outcome = Outcome(failure=Failure.of("error", str(error)), training=outcome.training)
            scores, predictions, thinned_epochs = {}, None, ()
        training = outcome.training
        metrics, notices = cap_metrics({**scores, **outcome.metrics, **scores}, "val_auc")
        curve, thinned = thin_curve(training.curve, training.selected_epoch)
        record = Record(
            run=self.folder.path.name,
            status="complete" if outcome.failure is None else "failed",
            kind=subject.kind,
            names=subject.names,
            configuration=subject.configuration,
            key=subject.key,
            seed=subject.seed,
            fold=subject.fold,
            metrics=metrics,
            curve=curve,
            selected_epoch=training.selected_epoch,
            stop_reason=training.stop_reason,
            n_parameters=training.n_parameters,
            seconds=training.seconds,
            peak_memory_mib=training.peak_memory_mib,
            failure=outcome.failure,
            notices=(*notices, *thinned, *thinned_epochs),
            claims_head=self.claims_head,
            provenance=self._provenance(ran, started),
        )
        self.folder.write_record(record, predictions)
        return record

    def _provenance(self, ran: Ran, started: datetime) -> Provenance:
        project = {"supplementary-trials": _own_version()}
        return Provenance(
            device=ran.device,
            group_size=ran.group_size,
            micro_batches=ran.micro_batches,
            attempts=ran.attempts,
            started=started.isoformat(timespec="seconds"),
            finished=datetime.now(UTC).isoformat(timespec="seconds"),
            versions={**self.versions, **project},
            platform=f"{platform.system()} {platform.machine()}",
            **({"processor": m.processor, "matmul": m.matmul} if (m := self.machine) else {}),
        )

    def _score_and_pack(
        self, subject: Subject, outcome: Outcome
    ) -> tuple[dict[str, float], bytes | None, tuple[str, ...]]:
        """Return the metrics of predictions, their file, and a notice of epochs left out of it.

        Nothing of them where there are no predictions.
        """
        logits = outcome.predictions
        if logits is None:
            return {}, None, ()
        data = self.find_dataset(subject.fold)
        kept = _receive_by_epoch(data, logits.by_epoch, outcome.training)
        notices = () if kept is None else _note_thinned(kept, outcome.training, subject)
        return _score(data, logits), _pack(data, logits, kept), notices


def _receive_by_epoch(
    data: Dataset, sent: SentLogits | None, training: Training
) -> EpochLogits | None:
    if sent is None:
        return None
    return sent.receive(len(data.val_rows), len(training.curve), training.selected_epoch)


def _score(data: Dataset, logits: SplitLogits) -> dict[str, float]:
    """Return the metrics at the selected and at the last epoch, and the training AUC."""
    metrics: dict[str, float] = {}
    asked = [
        ("val", "", data.val_rows, logits.val),
        ("val", "_last", data.val_rows, logits.val_last),
    ]
    if len(logits.test):
        asked.append(("test", "", data.test_rows, logits.test))
    for split, suffix, rows, values in asked:
        scores = asdict(score_predictions(data.labels[rows], values))
        metrics |= {f"{split}_{name}{suffix}": value for name, value in scores.items()}
    if len(logits.train):
        train = score_predictions(data.labels[data.train_rows], logits.train)
        metrics["train_auc"] = train.auc
    return metrics


def _pack(data: Dataset, logits: SplitLogits, by_epoch: EpochLogits | None) -> bytes:
    """Return predictions.npz: one entry a row of the split, in time order."""
    rows, test_rows = data.val_rows, data.test_rows
    arrays = {
        "row": rows,
        "date": data.dates[rows],
        "label": data.labels[rows],
        "logit": _round_logits(logits.val),
        "logit_last": _round_logits(logits.val_last),
    }
    if by_epoch is not None:
        arrays |= {
            "epoch": by_epoch.epochs,
            "epoch_center": by_epoch.centers,
            "epoch_logit": by_epoch.halves,
        }
    if len(logits.test):
        arrays |= {
            "test_row": test_rows,
            "test_date": data.dates[test_rows],
            "test_label": data.labels[test_rows],
            "test_logit": _round_logits(logits.test),
        }
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _note_thinned(kept: EpochLogits, training: Training, subject: Subject) -> tuple[str, ...]:
    """Return a notice if the log-odds of epochs that were scored are not kept."""
    n_scored = sum(point.val_metric is not None for point in training.curve)
    n_kept, n_rows = kept.halves.shape
    if n_kept >= n_scored:
        return ()
    n_planned = (subject.configuration and subject.configuration.epochs) or n_scored
    step = choose_step(n_planned, n_rows)
    which = f"one of {step}" if step > 1 else "the first"
    return (
        f"of {n_scored:,} epochs the validation log-odds of {n_kept:,} are kept: {which}, with the "
        f"selected and the last, since those of a fit come to {MOST_BYTES // 10**6} MB at most",
    )


def _round_logits(logits: Sequence[float]) -> NDArray[np.float32]:
    """Return log-odds in single precision."""
    exact = np.asarray(logits, dtype=np.float64)
    if (np.abs(exact) > np.finfo(np.float32).max).any():
        raise ValueError("a log-odds value is beyond single precision, in which they are kept")
    return exact.astype(np.float32)


@lru_cache(maxsize=1)
def _own_version() -> str:
    """Return this project's version; its metadata is read once, not once a record."""
    return version("supplementary-trials")


def _mib(size_bytes: int | None) -> float | None:
    """Return a size in MiB."""
    return None if size_bytes is None else round(size_bytes / 1024**2, 1)
