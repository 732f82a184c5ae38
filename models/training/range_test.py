"""The range test of the learning rate (Smith 2017): one training whose rate rises step by step."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from models.rate_range import (
    FEWEST_STEPS,
    MOST_STEPS,
    MOST_TIMES,
    Smoothing,
    count_remembered,
    list_rates,
)
from models.settings import GroupSettings, ReplicaSettings
from models.training.stack import ReplicaStack
from models.training.windows import TrainingData


@dataclass(frozen=True, slots=True)
class RangeCurve:
    """The losses of a range test, which ends early where they explode."""

    rates: tuple[float, ...]
    """Of each step, rising in equal ratios from 1e-7, to 10 if it was not ended before."""
    losses: tuple[float, ...]
    """Mean loss of each step's rows before the step, as training has it, in units of the label."""


def run_range_test(
    group: GroupSettings, replica: ReplicaSettings, data: TrainingData, device: torch.device
) -> RangeCurve:
    """Train one replica for one pass over the training rows, its rate rising from 1e-7 to 10.

    The pass is at least 300 steps and at most 10,000: few rows are passed over several times. Rate,
    schedule and warm-up of the settings have no part in it; dropout, smoothing, weight decay,
    momentum, clipping and the optimizer do. It ends early at the first loss that is not finite,
    which is left out, and where the smoothed loss exceeds four times the least one.

    Parameters
    ----------
    group : GroupSettings
    replica : ReplicaSettings
    data : TrainingData
        Of which the training rows alone are used.
    device : torch.device

    Raises
    ------
    ValueError
        As `train_group` does.
    """
    group = replace(
        group, schedule="constant", step_size=None, gamma=None, final_factor=0, warmup_fraction=0
    )
    group.admit(replica)
    data.validate(group.architecture, group.task)
    stack = ReplicaStack(group, [replace(replica, learning_rate=1.0)], data, device)
    rates = list_rates(min(MOST_STEPS, max(FEWEST_STEPS, stack.n_steps))).tolist()
    losses = np.array(list(_list_losses(stack, rates)))
    restored = stack.target.restore_losses(losses, group.trained_loss)
    return RangeCurve(tuple(rates[: len(losses)]), tuple(restored.tolist()))


def _list_losses(stack: ReplicaStack, rates: Sequence[float]) -> Iterator[float]:
    """Yield the loss of each step until it explodes; each is waited for."""
    n_remembered = count_remembered(rates)
    smoothing, least = Smoothing(n_remembered), math.inf
    for number, losses in enumerate(stack.take_steps(rates), start=1):
        loss = float(losses[0])
        if not math.isfinite(loss):
            return
        yield loss
        smoothed = smoothing.add(loss)
        if number >= n_remembered:  # the mean of a few losses may be small by chance
            least = min(least, smoothed)
        if smoothed > MOST_TIMES * least:
            return
