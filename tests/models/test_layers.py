import pytest
import torch
from torch.nn import functional

from models.layers import drop, normalize, project, score
from models.randomness import HostMasks
from models.settings import ReplicaSettings

K, M, D, E = 3, 4, 5, 6


@pytest.fixture
def generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_each_replica_is_projected_with_its_own_weights(generator: torch.Generator) -> None:
    x, weight, bias = (torch.randn(K, *s, generator=generator) for s in ((M, D), (D, E), (E,)))
    expected = [functional.linear(x[k], weight[k].T, bias[k]) for k in range(K)]
    torch.testing.assert_close(project(x, weight, bias), torch.stack(expected))


def test_each_replica_is_normalized_with_its_own_affine_map(generator: torch.Generator) -> None:
    x, gain, bias = (torch.randn(K, *s, generator=generator) for s in ((M, D), (D,), (D,)))
    expected = [functional.layer_norm(x[k], (D,), gain[k], bias[k]) for k in range(K)]
    torch.testing.assert_close(normalize(x, gain, bias), torch.stack(expected))


def test_each_replica_is_scored_with_its_own_weights(generator: torch.Generator) -> None:
    x, weight, bias = (torch.randn(K, *s, generator=generator) for s in ((M, D), (D,), (1,)))
    expected = [x[k] @ weight[k] + bias[k] for k in range(K)]
    torch.testing.assert_close(score(x, weight, bias), torch.stack(expected))


def test_the_gradient_of_dropout_passes_through_the_same_mask() -> None:
    settings = [ReplicaSettings(seed, 0.4, 1e-3, 0.0) for seed in range(K)]
    expected = HostMasks(settings).draw(M, D)
    x = torch.ones(K, M, D, requires_grad=True)
    y = drop(x * 1, HostMasks(settings))
    (gradient,) = torch.autograd.grad(y.sum(), x)
    assert torch.equal(y, expected)
    assert torch.equal(gradient, expected)


def test_without_masks_nothing_is_dropped() -> None:
    x = torch.ones(K, M, D)
    assert drop(x, None) is x
