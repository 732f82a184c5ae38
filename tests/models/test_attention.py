import pytest
import torch
from torch.nn import functional

from models.attention import attend

K, B, N, H, D = 2, 3, 5, 2, 8


@pytest.fixture
def qkv() -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(K, B * N, 3 * D, generator=generator, dtype=torch.float64).requires_grad_()


@pytest.fixture
def mask() -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    kept = torch.rand(K, N, B * H * N, generator=generator, dtype=torch.float64) > 0.3
    return kept / 0.7


def plain_attention(qkv: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
    """Do the same by the textbook, one replica after another."""
    outputs = []
    for k in range(K):
        query, key, value = (
            x.view(B, N, H, D // H).transpose(1, 2) for x in qkv[k].split(D, dim=1)
        )
        weights = torch.softmax(query @ key.transpose(2, 3) / (D / H) ** 0.5, dim=-1)
        if mask is not None:
            weights = weights * mask[k].view(N, B, H, N).permute(1, 2, 3, 0)
        outputs.append((weights @ value).transpose(1, 2).reshape(B * N, D))
    return torch.stack(outputs)


def test_attention_agrees_with_the_library(qkv: torch.Tensor) -> None:
    query, key, value = (
        x.view(K * B, N, H, D // H).transpose(1, 2) for x in qkv.flatten(0, 1).split(D, dim=1)
    )
    expected = functional.scaled_dot_product_attention(query, key, value).transpose(1, 2)
    torch.testing.assert_close(attend(qkv, N, H), expected.reshape(K, B * N, D))


def test_attention_with_dropout_agrees_with_the_textbook(
    qkv: torch.Tensor, mask: torch.Tensor
) -> None:
    torch.testing.assert_close(attend(qkv, N, H, mask), plain_attention(qkv, mask))


def test_the_gradient_agrees_with_autograd(qkv: torch.Tensor, mask: torch.Tensor) -> None:
    generator = torch.Generator().manual_seed(2)
    upstream = torch.randn(K, B * N, D, generator=generator, dtype=torch.float64)
    (expected,) = torch.autograd.grad(plain_attention(qkv, mask), qkv, upstream)
    (found,) = torch.autograd.grad(attend(qkv, N, H, mask), qkv, upstream)
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("with_mask", [False, True])
def test_the_gradient_agrees_with_finite_differences(
    with_mask: bool, qkv: torch.Tensor, mask: torch.Tensor
) -> None:
    small = qkv.detach()[:, : 2 * N].clone().requires_grad_()
    factors = mask[:, :, : 2 * H * N].contiguous() if with_mask else None
    assert torch.autograd.gradcheck(lambda x: attend(x, N, H, factors), (small,))


def test_large_scores_do_not_overflow() -> None:
    qkv = torch.full((1, N, 3 * D), 1e4)
    torch.testing.assert_close(attend(qkv, N, H), torch.full((1, N, D), 1e4))
