import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
import torch

from models.settings import ReplicaSettings
from models.training.optimizer import GroupOptimizer, SeparateOptimizers, open_optimizer
from models.training.stacked_optimizer import StackedOptimizer

P = 10
WAYS = [SeparateOptimizers, StackedOptimizer]


@pytest.fixture
def parameters() -> torch.Tensor:
    return torch.randn(3, P, generator=torch.Generator().manual_seed(0))


def gradients(n_steps: int) -> torch.Tensor:
    return torch.randn(n_steps, 3, P, generator=torch.Generator().manual_seed(1))


SETTINGS = [
    ReplicaSettings(0, 0.0, 1e-2, 1e-1),
    ReplicaSettings(1, 0.0, 3e-2, 1e-1, optimizer="adamw"),
    ReplicaSettings(2, 0.0, 1e-3, 0.0),
]


@pytest.mark.parametrize("way", WAYS)
def test_three_steps_agree_with_the_formula(way: Any, parameters: torch.Tensor) -> None:
    expected = parameters.double()
    m, v = torch.zeros(3, P).double(), torch.zeros(3, P).double()
    adam = way(parameters, SETTINGS)
    rate = torch.tensor([[1e-2], [3e-2], [1e-3]]).double()
    for t, gradient in enumerate(gradients(3), start=1):
        adam.step(gradient.clone(), rate_factor=0.5)
        g = gradient.double()
        g[0] += 1e-1 * expected[0]  # L2 into the gradient
        expected[1] -= 0.5 * 3e-2 * 1e-1 * expected[1]  # decoupled
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        corrected = (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)).sqrt() + 1e-8)
        expected -= 0.5 * rate * corrected
    torch.testing.assert_close(parameters.double(), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("way", WAYS)
def test_only_a_gradient_longer_than_the_limit_is_clipped(
    way: Any, parameters: torch.Tensor
) -> None:
    kinds: dict[str, Any] = {"optimizer": "sgd"}  # which moves by the gradient itself
    settings = [
        ReplicaSettings(k, 0.0, 1.0, 0.0, gradient_clip=c, **kinds) for k, c in enumerate([1, 9])
    ]
    settings.append(ReplicaSettings(2, 0.0, 1.0, 0.0, **kinds))
    parameters.zero_()
    gradient = torch.full((3, P), 2.0)
    gradient[:, 4:] = 0  # every norm is 4
    way(parameters, settings).step(gradient, rate_factor=1.0)
    torch.testing.assert_close(parameters[:, 0], torch.tensor([-0.5, -2.0, -2.0]))
    assert torch.equal(parameters[1:, 0], torch.tensor([-2.0, -2.0]))


def test_a_gradient_too_long_to_measure_is_left_as_it_is_without_a_limit() -> None:
    settings = [ReplicaSettings(k, 0.0, 1.0, 0.0, optimizer="sgd") for k in range(2)]
    settings[1] = replace(settings[1], gradient_clip=1.0)
    parameters, gradient = torch.zeros(2, 4), torch.full((2, 4), 1.0)
    gradient[0] = 1e30  # in single precision the sum of squares is infinite
    StackedOptimizer(parameters, settings).step(gradient, rate_factor=1.0)
    torch.testing.assert_close(parameters[0], torch.full((4,), -1e30))
    torch.testing.assert_close(parameters[1], torch.full((4,), -0.5))


@pytest.mark.parametrize("way", WAYS)
def test_replicas_that_stay_keep_their_moments(way: Any, parameters: torch.Tensor) -> None:
    steps = gradients(6)
    together, moved = parameters.clone(), parameters.clone()
    reference, adam = way(together, SETTINGS), way(moved, SETTINGS)
    for gradient in steps[:3]:
        reference.step(gradient.clone(), rate_factor=1.0)
        adam.step(gradient.clone(), rate_factor=1.0)
    left = moved[[2, 0]]
    adam.keep([2, 0], left)
    for gradient in steps[3:]:
        reference.step(gradient.clone(), rate_factor=1.0)
        adam.step(gradient[[2, 0]], rate_factor=1.0)
    assert torch.equal(left, together[[2, 0]])
    assert not torch.equal(left, moved[[2, 0]])


def test_a_cpu_updates_each_replica_by_itself_and_an_accelerator_all_at_once() -> None:
    assert isinstance(open_optimizer(torch.zeros(3, P), SETTINGS), SeparateOptimizers)
    elsewhere = open_optimizer(torch.zeros(3, P, device="meta"), SETTINGS)
    assert isinstance(elsewhere, StackedOptimizer)


THEIRS: dict[str, Any] = {
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "sgd": torch.optim.SGD,
    "rmsprop": torch.optim.RMSprop,
}
MIXED = [*THEIRS]


def vary_settings(kinds: Sequence[Any], n_replicas: int) -> list[ReplicaSettings]:
    """Return replicas that differ in all that an optimizer reads."""
    replicas = []
    for k in range(n_replicas):
        kind = kinds[k % len(kinds)]
        has_momentum = kind in {"sgd", "rmsprop"} and k % 3 > 0
        replicas.append(
            ReplicaSettings(
                seed=k,
                dropout=0.0,
                learning_rate=1e-3 * (1 + k % 7),
                weight_decay=(0.0, 1e-2, 0.1)[k % 3],
                optimizer=kind,
                momentum=0.3 + 0.1 * (k % 6) if has_momentum else 0.0,
                gradient_clip=(None, 1.5, 4.0)[k % 3],
            )
        )
    return replicas


class Reference:
    """PyTorch's own optimizer and clipping, on one row."""

    def __init__(self, row: torch.Tensor, settings: ReplicaSettings) -> None:
        self.row, self.settings = row.clone().requires_grad_(), settings
        fields: dict[str, Any] = {"weight_decay": settings.weight_decay}
        if settings.optimizer in {"sgd", "rmsprop"}:
            fields["momentum"] = settings.momentum
        self._optimizer = THEIRS[settings.optimizer]([self.row], lr=1.0, **fields)

    def step(self, middle: torch.Tensor, factor: float) -> None:
        self._optimizer.param_groups[0]["lr"] = self.settings.learning_rate * factor
        self._optimizer.zero_grad()
        (self.row - middle).square().sum().backward()
        if self.settings.gradient_clip is not None:
            torch.nn.utils.clip_grad_norm_([self.row], self.settings.gradient_clip)
        self._optimizer.step()


def assert_agreement(ours: GroupOptimizer, rows: torch.Tensor, references: Any) -> None:
    """Compare on a bowl whose middle is elsewhere for each value, with a rate that falls.

    After thirty of the fifty steps every third replica drops out, and the order turns round.
    """
    middle = torch.linspace(-3, 3, rows.shape[1]).double()
    for step in range(50):
        if step == 30:
            kept = [k for k in reversed(range(len(rows))) if k % 3 != 1]
            rows, references = rows[kept], [references[k] for k in kept]
            ours.keep(kept, rows)
        with torch.inference_mode():
            ours.step((rows - middle) * 2, 0.98**step)
        for reference in references:
            reference.step(middle, 0.98**step)
    expected = torch.stack([reference.row for reference in references]).detach()
    torch.testing.assert_close(rows, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("way", "n_replicas"), [*product(WAYS, [1, 3]), (StackedOptimizer, 64)])
@pytest.mark.parametrize("kinds", [*([kind] for kind in THEIRS), MIXED], ids="-".join)
def test_fifty_steps_agree_with_torch(way: Any, kinds: Sequence[Any], n_replicas: int) -> None:
    settings = vary_settings(kinds, n_replicas)
    rows = torch.randn(n_replicas, P, generator=torch.Generator().manual_seed(0)).double()
    references = [Reference(row, each) for row, each in zip(rows, settings, strict=True)]
    assert_agreement(way(rows, settings), rows, references)


@pytest.mark.parametrize("kind", THEIRS)
def test_the_bits_on_a_processor_are_those_of_torch(kind: str, parameters: torch.Tensor) -> None:
    settings = vary_settings([kind], 3)
    rows = [row.clone().requires_grad_() for row in parameters]
    theirs = []
    for row, each in zip(rows, settings, strict=True):
        fields = {"momentum": each.momentum} if kind in {"sgd", "rmsprop"} else {"fused": True}
        fields |= {"lr": each.learning_rate, "weight_decay": each.weight_decay}
        theirs.append(THEIRS[kind]([row], **fields))
    ours = SeparateOptimizers(parameters, [replace(each, gradient_clip=None) for each in settings])
    for gradient in gradients(20):
        ours.step(gradient.clone(), rate_factor=1.0)
        for row, optimizer, row_gradient in zip(rows, theirs, gradient, strict=True):
            row.grad = row_gradient
            optimizer.step()
    assert torch.equal(parameters, torch.stack(rows).detach())


@pytest.mark.parametrize("kind", THEIRS)
def test_no_compiler_is_imported(
    kind: Any, parameters: torch.Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every worker would wait for it, and keep its 800 modules."""
    monkeypatch.setitem(sys.modules, "torch._dynamo", None)  # as if it were not there
    ours = SeparateOptimizers(parameters, vary_settings([kind], 3))
    ours.step(gradients(1)[0], rate_factor=1.0)
    with pytest.raises(ImportError):
        THEIRS[kind]([parameters[0]]).step()
