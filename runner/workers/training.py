"""Inside a worker: from a job to the trainer and back to messages."""

import platform
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import torch
from numpy.typing import NDArray

from models.data.dataset import Dataset, load_dataset
from models.network.matmul import choose_path, measure_speeds, permit_tf32, read_vendor, use_path
from models.settings import GroupSettings, ReplicaSettings
from models.training.range_test import run_range_test
from models.training.results import EpochReport, EpochScores, ReplicaResult
from models.training.trainer import train_group
from models.training.windows import TrainingData
from runner.translation import Question, group_settings, replica_settings
from runner.workers.fault_words import classify_error, describe_error
from runner.workers.protocol import (
    CudaDevice,
    EpochDone,
    FitResult,
    Job,
    JobDone,
    JobError,
    Measured,
    Probed,
    RangeTested,
    Ready,
    Send,
    unquote_path,
)
from runner.workers.sent_logits import SentLogits, SentValues
from trial_sets.records.record import EpochPoint, FailureKind


def describe_machine() -> Ready:
    """Return what PyTorch sees here."""
    cuda = [torch.cuda.get_device_properties(i) for i in range(torch.cuda.device_count())]
    return Ready(
        versions={"python": platform.python_version(), "torch": str(torch.__version__)},
        processor=f"{read_vendor() or 'unknown'}, {torch.backends.cpu.get_cpu_capability()}",
        cuda=tuple(CudaDevice(name=p.name, memory_bytes=p.total_memory) for p in cuda),
        mps=torch.backends.mps.is_available(),
        matmul=choose_path(),
        platform=f"{platform.system()} {platform.machine()}",
    )


def classify(error: BaseException) -> FailureKind:
    """Return the class of fault that an exception of the training stands for."""
    return cast(FailureKind, classify_error(error, describe_error(error)))


def probe_device(device: str) -> Probed:
    """Try a small computation on a device."""
    try:
        computes = float(torch.ones(8, device=device).sum()) == 8.0
    except RuntimeError:  # whatever is the matter with it
        computes = False
    return Probed(computes=computes)


def measure_processor() -> Measured:
    """Try the ways to multiply matrices on this processor."""
    return Measured(gflops=measure_speeds())


def run_job(job: Job, send: Send) -> JobDone | JobError:
    """Train a group and return how that has ended; whatever the training raises is told."""
    try:
        _train(job, send)
    except BaseException as error:  # noqa: BLE001 - whatever a library raises
        return JobError.of(error, classify(error))
    return JobDone()


def _train(job: Job, send: Send) -> None:
    """Train a group and send each epoch and each result as it comes."""
    group, replicas, series = _prepare(job)

    def report(news: EpochReport) -> bool:
        return send(EpochDone(index=news.replica, point=_point(news.scores)))

    for result in train_group(group, replicas, series, torch.device(job.device), report):
        send(_message(result))


def run_range_test_job(job: Job) -> RangeTested | JobError:
    """Test the learning rates of a job's one fit; whatever the training raises is told."""
    try:
        group, (replica,), series = _prepare(job)
        curve = run_range_test(group, replica, series, torch.device(job.device))
    except BaseException as error:  # noqa: BLE001 - whatever a library raises
        return JobError.of(error, classify(error))
    return RangeTested(rates=curve.rates, losses=curve.losses)


def _prepare(job: Job) -> tuple[GroupSettings, list[ReplicaSettings], TrainingData]:
    """Return what a job trains: the group, its replicas, and the data."""
    data = _load(Path(unquote_path(job.data)))
    assert job.trainer is None, "a function of one's own runs in a host"
    use_path(choose_path())
    permit_tf32(permitted=job.precision == "tf32")
    question = Question(len(data.feature_names), data.task, job.metric, len(data.classes))
    settings = {
        group_settings(c, question, job.micro_batches, job.precision) for c in job.configurations
    }
    assert len(settings) == 1, "the fits of a group share architecture, batch size and budget"
    replicas = [
        replica_settings(configuration, seed)
        for configuration, seed in zip(job.configurations, job.seeds, strict=True)
    ]
    extra = {"test": data.test_rows} if job.with_test else {}
    series = TrainingData(data.features, data.labels, data.train_rows, data.val_rows, extra)
    return settings.pop(), replicas, series


@lru_cache(maxsize=1)
def _load(path: Path) -> Dataset:
    """Read the prepared data once a worker, not once a job."""
    return load_dataset(path)


def _message(result: ReplicaResult) -> FitResult:
    """Turn what the trainer returns into a message."""
    selection, last = result.selection, result.last_val_logits
    test = selection.extra_logits.get("test") if selection else None
    return FitResult(
        index=result.replica,
        curve=tuple(map(_point, result.curve)),
        selected_epoch=selection.epoch if selection else None,
        stop_reason=result.stop_reason,
        outputs=1 if last is None or last.ndim == 1 else last.shape[1],
        train_logits=_flatten(selection.train_logits if selection else None),
        val_logits=_flatten(selection.val_logits if selection else None),
        val_logits_last=_flatten(last),
        test_logits=_flatten(test),
        epoch_logits=SentLogits.of(kept) if (kept := result.epoch_logits) is not None else None,
        epoch_values=SentValues.of_values(v) if (v := result.epoch_values) is not None else None,
        n_parameters=result.n_parameters,
        seconds=result.seconds,
        peak_memory_bytes=result.peak_memory_bytes,
        message=result.failure or "",
    )


def _flatten(scores: NDArray[Any] | None) -> tuple[float, ...]:
    """Return scores as they are sent: all of the first row first."""
    return () if scores is None else tuple(scores.ravel().tolist())


def _point(scores: EpochScores) -> EpochPoint:
    return EpochPoint(
        epoch=scores.epoch,
        train_loss=scores.train_loss,
        val_loss=scores.val_loss,
        val_metric=scores.val_metric,
        seconds=scores.seconds,
    )
