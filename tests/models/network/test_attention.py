"""Attention against the textbook, its gradient against autograd and finite differences.

Axes: `K` replicas, `B` batch, `N` tokens, `H` heads, `D` width.
"""

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from models.network.attention import Attention
from models.network.randomness import HostMasks
from models.network.workspace import Workspace
from models.settings import ReplicaSettings

K, B, N, H, D = 2, 3, 5, 2, 8


@pytest.fixture
def qkv() -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(K, N * B, 3 * D, generator=generator, dtype=torch.float64)


def open_masks() -> HostMasks:
    return HostMasks([ReplicaSettings(seed, 0.3, 1e-3, 0.0) for seed in range(K)])


def make_attention(qkv: Tensor) -> Attention:
    return Attention(N, H, Workspace(qkv), Workspace(qkv))


def plain_attention(qkv: Tensor, factors: Tensor) -> Tensor:
    """Do the same by the textbook; factors (K, N keys, B * H * N queries)."""
    query, key, value = qkv.view(K, N, B, H, 3, D // H).permute(4, 0, 2, 3, 1, 5)
    weights = torch.softmax(query @ key.transpose(3, 4) / (D / H) ** 0.5, dim=-1)
    weights = weights * factors.view(K, N, B, H, N).permute(0, 2, 3, 4, 1)
    return (weights @ value).permute(0, 3, 1, 2, 4).reshape(K, N * B, D)


def ones(qkv: Tensor) -> Tensor:
    return torch.ones(K, N, B * H * N, dtype=qkv.dtype)


def test_attention_agrees_with_the_library(qkv: Tensor) -> None:
    query, key, value = qkv.view(K, N, B, H, 3, D // H).permute(4, 0, 2, 3, 1, 5)
    expected = functional.scaled_dot_product_attention(query, key, value).permute(0, 3, 1, 2, 4)
    torch.testing.assert_close(make_attention(qkv).forward(qkv), expected.reshape(K, N * B, D))


def test_attention_with_dropout_agrees_with_the_textbook(qkv: Tensor) -> None:
    factors = open_masks().draw(ones(qkv))
    assert 0.1 < (factors == 0).double().mean() < 0.5
    found = make_attention(qkv).forward(qkv, open_masks())
    torch.testing.assert_close(found, plain_attention(qkv, factors))


@pytest.mark.parametrize("dropout", [False, True])
def test_the_gradient_agrees_with_autograd(dropout: bool, qkv: Tensor) -> None:
    upstream = torch.randn(K, N * B, D, dtype=qkv.dtype, generator=torch.manual_seed(2))
    attention = make_attention(qkv)
    attention.forward(qkv, open_masks() if dropout else None)
    found = attention.backward(upstream)
    factors = open_masks().draw(ones(qkv)) if dropout else ones(qkv)
    inputs = qkv.clone().requires_grad_()
    (expected,) = torch.autograd.grad(plain_attention(inputs, factors), inputs, upstream)
    torch.testing.assert_close(found, expected)


class Differentiable(torch.autograd.Function):
    """Attention under dropout as a node of autograd, for its own check."""

    @staticmethod
    def forward(ctx: Any, qkv: Tensor, dropout: bool) -> Tensor:
        ctx.attention = make_attention(qkv)
        output: Tensor = ctx.attention.forward(qkv, open_masks() if dropout else None)
        return output

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
        return ctx.attention.backward(grad.contiguous()), None


@pytest.mark.parametrize("dropout", [False, True])
def test_the_gradient_agrees_with_finite_differences(dropout: bool, qkv: Tensor) -> None:
    qkv.requires_grad_()
    assert torch.autograd.gradcheck(lambda x: Differentiable.apply(x, dropout), (qkv,))


def test_large_scores_do_not_overflow() -> None:
    qkv = torch.full((1, N, 3 * D), 1e4)
    torch.testing.assert_close(make_attention(qkv).forward(qkv), torch.full((1, N, D), 1e4))
