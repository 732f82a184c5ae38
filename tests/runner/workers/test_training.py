"""What an exception of the training stands for."""

import mmap
from typing import Any

import pytest
import torch

from runner.workers.training import classify


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
