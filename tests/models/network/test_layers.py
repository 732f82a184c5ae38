"""Layers against PyTorch's own, one replica after another; their gradients against autograd.

Axes: `K` replicas, `M` tokens, `D` width in, `E` width out.
"""

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from models.network.layers import LayerNorm, Material, Projection
from models.network.precision import FullProducts
from models.network.workspace import Workspace

K, M = 3, 4


def draw(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(K, *shape, generator=torch.Generator().manual_seed(seed)).double()


def make_material(weights: dict[str, Tensor], gradient: dict[str, Tensor]) -> Material:
    return Material(weights, gradient, FullProducts(), Workspace(draw()))


def empty_like(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: torch.empty_like(value) for name, value in weights.items()}


@pytest.mark.parametrize(("d", "e"), [(5, 6), (7, 3)])  # the wider side decides how it is computed
def test_each_replica_is_projected_with_its_own_weights(d: int, e: int) -> None:
    x, grad = draw(M, d).requires_grad_(), draw(M, e, seed=1)
    weights = {"up.weight": draw(d, e, seed=2), "up.bias": draw(e, seed=3)}
    gradient = empty_like(weights)
    layer = Projection(make_material(weights, gradient), "up")
    leaves = [value.clone().requires_grad_() for value in weights.values()]
    expected = torch.stack(
        [functional.linear(*each) for each in zip(x, leaves[0].mT, leaves[1], strict=True)]
    )
    torch.testing.assert_close(layer.forward(x.detach(), torch.empty_like(grad)), expected)
    found = [layer.backward(grad, torch.empty_like(x)), *gradient.values()]
    for one, other in zip(found, torch.autograd.grad(expected, [x, *leaves], grad), strict=True):
        torch.testing.assert_close(one, other)


def test_a_projection_is_added_to_the_residual() -> None:
    x, residual = draw(M, 5), draw(M, 6, seed=1)
    weights = {"up.weight": draw(5, 6, seed=2), "up.bias": draw(6, seed=3)}
    layer = Projection(make_material(weights, empty_like(weights)), "up")
    expected = residual + x @ weights["up.weight"] + weights["up.bias"].unsqueeze(1)
    torch.testing.assert_close(layer.add_to(residual, x), expected)


def test_each_replica_is_normalized_with_its_own_affine_map() -> None:
    x, grad = draw(M, 5).requires_grad_(), draw(M, 5, seed=1)
    weights = {"norm.gain": draw(5, seed=2), "norm.bias": draw(5, seed=3)}
    gradient = empty_like(weights)
    layer = LayerNorm(make_material(weights, gradient), "norm", Workspace(x))
    leaves = [value.clone().requires_grad_() for value in weights.values()]
    rows = zip(x, *leaves, strict=True)
    expected = torch.stack([functional.layer_norm(row, (5,), *maps) for row, *maps in rows])
    torch.testing.assert_close(layer.forward(x.detach()), expected)
    found = [layer.backward(grad), *gradient.values()]
    for one, other in zip(found, torch.autograd.grad(expected, [x, *leaves], grad), strict=True):
        torch.testing.assert_close(one, other)
