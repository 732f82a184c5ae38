from typing import Any

import pytest
import torch

from models.settings import ReplicaSettings
from models.training.optimizer import StackedOptimizer

P = 10


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


def test_three_steps_agree_with_the_formula(parameters: torch.Tensor) -> None:
    expected = parameters.double()
    m, v = torch.zeros(3, P).double(), torch.zeros(3, P).double()
    adam = StackedOptimizer(parameters, SETTINGS)
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


def test_only_a_gradient_longer_than_the_limit_is_clipped(parameters: torch.Tensor) -> None:
    settings = [ReplicaSettings(k, 0.0, 1e-2, 0.0, gradient_clip=c) for k, c in enumerate([1, 9])]
    settings.append(ReplicaSettings(2, 0.0, 1e-2, 0.0))
    gradient = torch.full((3, P), 2.0)
    gradient[:, 4:] = 0  # every norm is 4
    StackedOptimizer(parameters, settings).step(gradient, rate_factor=1.0)
    torch.testing.assert_close(gradient[:, 0], torch.tensor([0.5, 2.0, 2.0]))
    assert torch.equal(gradient[1:, 0], torch.tensor([2.0, 2.0]))


def test_replicas_that_stay_keep_their_moments(parameters: torch.Tensor) -> None:
    steps = gradients(6)
    together, moved = parameters.clone(), parameters.clone()
    reference, adam = StackedOptimizer(together, SETTINGS), StackedOptimizer(moved, SETTINGS)
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


@pytest.mark.parametrize(
    ("optimizer", "momentum", "theirs"),
    [
        ("adam", 0.0, torch.optim.Adam),
        ("adamw", 0.0, torch.optim.AdamW),
        ("sgd", 0.0, torch.optim.SGD),
        ("sgd", 0.9, torch.optim.SGD),
        ("rmsprop", 0.0, torch.optim.RMSprop),
        ("rmsprop", 0.5, torch.optim.RMSprop),
    ],
)
@pytest.mark.parametrize("clip", [None, 1.5])
def test_fifty_steps_agree_with_torch(
    optimizer: Any, momentum: float, theirs: Any, clip: float | None, parameters: torch.Tensor
) -> None:
    """On a bowl whose middle is elsewhere for each value, with a rate that falls."""
    parameters, middle = parameters.double(), torch.linspace(-3, 3, P).double()
    expected = [row.clone().requires_grad_() for row in parameters]
    rates, decays = (1e-2, 3e-3, 1e-3), (0.0, 1e-2, 0.1)
    fields = {"momentum": momentum} if optimizer in {"sgd", "rmsprop"} else {}
    references = [
        theirs([row], lr=rate, weight_decay=decay, **fields)
        for row, rate, decay in zip(expected, rates, decays, strict=True)
    ]
    settings = [
        ReplicaSettings(
            k, 0.0, rate, decay, optimizer=optimizer, momentum=momentum, gradient_clip=clip
        )
        for k, (rate, decay) in enumerate(zip(rates, decays, strict=True))
    ]
    ours = StackedOptimizer(parameters, settings)
    for step in range(50):
        factor = 0.98**step
        with torch.inference_mode():
            ours.step((parameters - middle) * 2, factor)
        for row, reference, rate in zip(expected, references, rates, strict=True):
            reference.param_groups[0]["lr"] = rate * factor
            reference.zero_grad()
            (row - middle).square().sum().backward()
            if clip is not None:
                torch.nn.utils.clip_grad_norm_([row], clip)
            reference.step()
    torch.testing.assert_close(parameters, torch.stack(expected).detach(), rtol=1e-9, atol=1e-9)
