"""How much memory training took."""

import resource
import sys

import torch


def reset_peak_memory(device: torch.device) -> None:
    """Start measuring anew where the device allows it; a process's peak only ever rises."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)


def measure_peak_memory(device: torch.device) -> int:
    """Return the highest memory use so far, in bytes.

    On CUDA that is what tensors took since `reset_peak_memory`; on MPS, which keeps no peak, what
    the driver holds now; on a CPU the largest resident size of this process in its whole life.
    """
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    if device.type == "mps":
        return torch.mps.driver_allocated_memory()
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest if sys.platform == "darwin" else largest * 1024
