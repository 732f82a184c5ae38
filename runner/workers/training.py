"""Inside a worker: from a job to the trainer and back to messages."""

import mmap
import platform
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import torch

from models.data.dataset import Dataset, load_dataset
from models.network.matmul import choose_path, measure_speeds, permit_tf32, read_vendor, use_path
from models.training.results import EpochReport, EpochScores, ReplicaResult
from models.training.trainer import train_group
from models.training.windows import TrainingData
from runner.translation import group_settings, replica_settings
from runner.workers.custom_trainer import train_custom
from runner.workers.protocol import (
    CudaDevice,
    EpochDone,
    FitResult,
    Job,
    JobDone,
    JobError,
    Measured,
    Probed,
    Ready,
    describe_error,
    unquote_path,
)
from runner.workers.sent_logits import SentLogits
from trial_sets.records.record import EpochPoint, FailureKind

Send = Callable[[EpochDone | FitResult], None]

# What libraries say when they raise no class of their own.
DEVICE_MEMORY = r"CUDA error: out of memory|CU\w+_STATUS_ALLOC_FAILED|MPS backend out of memory"
HOST_MEMORY = r"DefaultCPUAllocator: (can't|not enough)|Cannot allocate memory|std::bad_alloc"
BROKEN_DEVICE = r"CUDA error|CU\w+_STATUS_(EXECUTION_FAILED|INTERNAL_ERROR|NOT_INITIALIZED)"

SOME_MEMORY_BYTES = 2**26


def describe_machine() -> Ready:
    """Return what PyTorch sees here."""
    cuda = [torch.cuda.get_device_properties(i) for i in range(torch.cuda.device_count())]
    return Ready(
        versions={"python": platform.python_version(), "torch": str(torch.__version__)},
        processor=f"{read_vendor() or 'unknown'}, {torch.backends.cpu.get_cpu_capability()}",
        cuda=tuple(CudaDevice(name=p.name, memory_bytes=p.total_memory) for p in cuda),
        mps=torch.backends.mps.is_available(),
        matmul=choose_path(),
    )


def classify(error: BaseException) -> FailureKind:
    """Return the class of fault that an exception of the training stands for."""
    text = describe_error(error)
    if isinstance(error, torch.OutOfMemoryError) or re.search(DEVICE_MEMORY, text):
        return "out_of_memory"
    if isinstance(error, MemoryError) or re.search(HOST_MEMORY, text) or not _has_memory():
        return "out_of_host_memory"
    if isinstance(error, torch.AcceleratorError) or re.search(BROKEN_DEVICE, text):
        return "device_lost"
    return "error"


def _has_memory() -> bool:
    """Return whether the system still grants this process memory.

    Where it does not, libraries fail in many ways, such as `SystemError` without a reason.
    """
    try:
        mmap.mmap(-1, SOME_MEMORY_BYTES).close()
    except (OSError, MemoryError):
        return False
    return True


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
    except BaseException as error:  # noqa: BLE001 - a trainer may raise what it likes
        return JobError.of(error, classify(error))
    return JobDone()


def _train(job: Job, send: Send) -> None:
    """Train a group and send each epoch and each result as it comes."""
    data = _load(Path(unquote_path(job.data)))
    if job.trainer is not None:
        train_custom(job, data, send)
        return
    use_path(choose_path())
    permit_tf32(permitted=job.precision == "tf32")
    settings = {
        group_settings(c, len(data.feature_names), job.micro_batches, job.precision)
        for c in job.configurations
    }
    assert len(settings) == 1, "the fits of a group share architecture, batch size and budget"
    replicas = [
        replica_settings(configuration, seed)
        for configuration, seed in zip(job.configurations, job.seeds, strict=True)
    ]
    extra = {"test": data.test_rows} if job.with_test else {}
    series = TrainingData(data.features, data.labels, data.train_rows, data.val_rows, extra)

    def report(news: EpochReport) -> None:
        send(EpochDone(index=news.replica, point=_point(news.scores)))

    device = torch.device(job.device)
    for result in train_group(settings.pop(), replicas, series, device, report):
        send(_message(result))


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
        train_logits=tuple(selection.train_logits.tolist()) if selection else (),
        val_logits=tuple(selection.val_logits.tolist()) if selection else (),
        val_logits_last=tuple(last.tolist()) if last is not None else (),
        test_logits=tuple(test.tolist()) if test is not None else (),
        epoch_logits=SentLogits.of(kept) if (kept := result.epoch_logits) is not None else None,
        n_parameters=result.n_parameters,
        seconds=result.seconds,
        peak_memory_bytes=result.peak_memory_bytes,
        message=result.failure or "",
    )


def _point(scores: EpochScores) -> EpochPoint:
    return EpochPoint(
        epoch=scores.epoch,
        train_loss=scores.train_loss,
        val_loss=scores.val_loss,
        val_auc=scores.val_metric,
        seconds=scores.seconds,
    )
