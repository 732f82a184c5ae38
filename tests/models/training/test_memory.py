import numpy as np
import torch

from models.training.memory import measure_peak_memory, reset_peak_memory

CPU = torch.device("cpu")


def test_the_peak_of_a_process_is_in_bytes_and_never_falls() -> None:
    reset_peak_memory(CPU)
    before = measure_peak_memory(CPU)
    assert 50e6 < before < 50e9
    block = np.ones(before // 8 + 4_000_000)  # as large as all before it, and 32 MB more
    during = measure_peak_memory(CPU)
    assert during > before + 16e6
    del block
    assert measure_peak_memory(CPU) >= during
