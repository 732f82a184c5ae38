"""What an exception of the training stands for, and the range test as an order."""

import mmap
from pathlib import Path
from typing import Any

import pytest
import torch

from models.data.dataset import save_dataset
from runner.batch.range_test import RangeTestPlan
from runner.planning.plan import make_plan
from runner.planning.request import Request
from runner.workers.protocol import Job, JobError, RangeTested, quote_path
from runner.workers.training import classify, run_range_test_job
from trial_sets.configuration import LstmConfiguration


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ValueError("no luck"), "error"),
        (SystemError("error return without exception set"), "error"),
        (MemoryError(), "out_of_host_memory"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), "out_of_host_memory"),
        (torch.OutOfMemoryError("CUDA out of memory"), "out_of_memory"),
        (RuntimeError("CUDA error: an illegal memory access"), "device_lost"),
    ],
)
def test_an_exception_is_told_by_its_class_or_its_words(error: Exception, kind: str) -> None:
    assert classify(error) == kind


@pytest.mark.parametrize("refusal", [OSError("Cannot allocate memory"), MemoryError()])
def test_an_obscure_exception_is_for_want_of_memory_where_none_is_to_be_had(
    refusal: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise refusal

    monkeypatch.setattr(mmap, "mmap", refuse)
    assert classify(SystemError("error return without exception set")) == "out_of_host_memory"


LSTM = LstmConfiguration(
    hidden_size=4, n_layers=1, dropout=0.0, learning_rate=1e-3, context=4, schedule="one_cycle"
)


@pytest.mark.usefixtures("one_thread")
def test_an_lstm_has_a_range_test_too(
    tiny_study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It is for good in a worker, and would change the bits of the tests that follow here.
    monkeypatch.setattr("runner.workers.training.use_path", lambda _: None)
    monkeypatch.setattr("models.training.range_test.FEWEST_STEPS", 40)
    whole = make_plan(Request(study=str(tiny_study), sets=("A",), device="cpu", output=tmp_path))
    plan, path = RangeTestPlan.of(whole, LSTM, 3), tmp_path / "data.npz"
    save_dataset(plan.data.find_dataset(None).without_test_labels(), path)
    job = Job(configurations=(LSTM,), seeds=(3,), data=quote_path(str(path)), device="cpu")
    found = run_range_test_job(job)
    assert isinstance(found, RangeTested)
    assert len(found.rates) == len(found.losses) > 30
    assert run_range_test_job(job) == found


def test_what_a_range_test_raises_is_told(tmp_path: Path) -> None:
    path = quote_path(str(tmp_path / "none.npz"))
    error = run_range_test_job(Job(configurations=(LSTM,), seeds=(3,), data=path, device="cpu"))
    assert isinstance(error, JobError)
    assert error.kind == "error"
    assert "none.npz" in error.message
