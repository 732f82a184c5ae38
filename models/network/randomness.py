"""Every random draw of a fit: its weights, its batch order, its dropout masks.

A replica's draws come from streams seeded by its seed and the stream's number alone, never from a
global state, so they do not depend on which replicas it shares a group with.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from models.settings import ReplicaSettings


class Stream(IntEnum):
    """The independent streams of a replica's seed; a number is never given a new meaning."""

    WEIGHTS = 0
    BATCH_ORDER = 1
    DROPOUT = 2


def open_stream(seed: int, stream: Stream) -> np.random.Generator:
    """Return a generator at the start of one stream of a seed.

    SFC64 is the fastest of NumPy's bit generators; `SeedSequence` makes the streams independent.
    """
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence([seed, stream])))


class MaskSource(Protocol):
    """Draws dropout masks for the replicas of a group, each at its own rate."""

    def draw(self, out: Tensor) -> Tensor:
        """Fill `out` (K, ...) with 0, at a replica's probability p, or else with 1 / (1 - p)."""

    def keep(self, replicas: Sequence[int]) -> None:
        """Go on with these replicas alone."""


def open_masks(replicas: Sequence[ReplicaSettings], device: torch.device) -> MaskSource | None:
    """Return the source of a group's masks, or None if no replica has dropout."""
    if not any(replica.dropout for replica in replicas):
        return None
    return HostMasks(replicas) if device.type == "cpu" else DeviceMasks(replicas, device)


class HostMasks:
    """Masks on the CPU, every replica's from its own stream.

    One byte of a random word decides on a value: on a CPU this is ten times as fast as
    `bernoulli_`. Where a probability is no multiple of 1 / 256, chance decides for each draw
    between the multiples below and above it, so that the mean is the probability.
    """

    def __init__(self, replicas: Sequence[ReplicaSettings]) -> None:
        self._streams = [open_stream(r.seed, Stream.DROPOUT).bit_generator for r in replicas]
        self._rates = [replica.dropout for replica in replicas]

    def draw(self, out: Tensor) -> Tensor:
        """Fill `out` (K, ...) with factors."""
        rows = out.view(len(self._streams), -1).numpy()
        for row, stream, rate in zip(rows, self._streams, self._rates, strict=True):
            words = stream.random_raw(1 + -(-len(row) // 8))
            below, rest = divmod(256 * rate, 1)
            n_dropped = int(below) + int(words[0] < rest * 2.0**64)  # of a byte's 256 values
            kept = words[1:].view(np.uint8)[: len(row)] >= n_dropped
            np.multiply(kept, 1 / (1 - rate), out=row, dtype=row.dtype, casting="unsafe")
        return out

    def keep(self, replicas: Sequence[int]) -> None:
        """Go on with these replicas alone."""
        self._streams = [self._streams[i] for i in replicas]
        self._rates = [self._rates[i] for i in replicas]


class DeviceMasks:
    """Masks drawn on an accelerator, by one generator for the whole group.

    The same group draws the same masks again; another group draws others.
    """

    def __init__(self, replicas: Sequence[ReplicaSettings], device: torch.device) -> None:
        seed = np.random.SeedSequence([Stream.DROPOUT, *(replica.seed for replica in replicas)])
        self._generator = torch.Generator(device).manual_seed(int(seed.generate_state(1)[0]))
        rates = [[replica.dropout] for replica in replicas]
        self._rates = torch.tensor(rates, device=device)  # (K, 1)
        self._scales = 1 / (1 - self._rates)

    def draw(self, out: Tensor) -> Tensor:
        """Fill `out` (K, ...) with factors."""
        rows = out.view(len(self._rates), -1)
        rows.uniform_(generator=self._generator).ge_(self._rates).mul_(self._scales)
        return out

    def keep(self, replicas: Sequence[int]) -> None:
        """Go on with these replicas alone."""
        self._rates, self._scales = (x[list(replicas)] for x in (self._rates, self._scales))
