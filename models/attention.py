"""Self-attention among a handful of tokens.

Axes: `K` replicas, `B` batch, `N` tokens, `H` heads, `D` width.

A window has about nine patches, far fewer than attention kernels are made for: on a CPU a softmax
over a last axis of nine costs more than the matrix products around it. Here the weights are laid
out with the keys first, so that the softmax, the dropout and their gradients run along the long
axis of all batches, heads and queries; and the backward pass is written out, to copy as little as
it can.
"""

import torch
from torch import Tensor
from torch.autograd.function import (
    BackwardCFunction,
    Function,
    FunctionCtx,
    once_differentiable,
)


def attend(qkv: Tensor, n_tokens: int, n_heads: int, mask: Tensor | None = None) -> Tensor:
    """Return softmax(Q K^T / sqrt(D / H)) V for every head (Vaswani et al. 2017).

    Parameters
    ----------
    qkv : Tensor, shape (K, B * N, 3 * D)
        Queries, keys and values beside each other.
    n_tokens : int
        N, the tokens of one window.
    n_heads : int
        H, a divisor of D.
    mask : Tensor, shape (K, N, B * H * N), optional
        Dropout factors of the attention weights: for each replica keys x (batch, head, query).

    Returns
    -------
    Tensor, shape (K, B * N, D)
    """
    output: Tensor = _Attention.apply(qkv, n_tokens, n_heads, mask)  # type: ignore[no-untyped-call]
    return output


class _Attention(Function):
    @staticmethod
    def forward(
        ctx: FunctionCtx, qkv: Tensor, n_tokens: int, n_heads: int, mask: Tensor | None
    ) -> Tensor:
        heads = _split_heads(qkv, 3, n_tokens, n_heads)
        query, key, value = heads
        scores = _put_keys_first(torch.bmm(query, key.transpose(1, 2)), qkv.shape[0])
        weights = torch.softmax(scores.mul_(query.shape[2] ** -0.5), dim=1)
        dropped = weights if mask is None else weights * mask
        ctx.save_for_backward(heads, weights, dropped)
        output = torch.bmm(_put_keys_last(dropped), value)
        return _merge_heads(output.unsqueeze(0), qkv.shape[0], n_heads)

    @staticmethod
    @once_differentiable
    def backward(ctx: BackwardCFunction, grad_output: Tensor) -> tuple[Tensor, None, None, None]:
        saved: tuple[Tensor, ...] = ctx.saved_tensors
        heads, weights, dropped = saved
        query, key, value = heads
        n_replicas, _, width = grad_output.shape
        _, n_tokens, d_head = query.shape
        grad = _split_heads(grad_output, 1, n_tokens, width // d_head)[0]
        # With w the softmax, d = w * mask and g = dL/dd: dL/ds = d g - w sum(d g), sum over keys.
        products = _put_keys_first(torch.bmm(grad, value.transpose(1, 2)), n_replicas).mul_(dropped)
        sums = products.sum(1, keepdim=True)
        grad_scores = _put_keys_last(products.addcmul_(weights, sums, value=-1).mul_(d_head**-0.5))
        grad_heads = torch.empty_like(heads)
        torch.bmm(grad_scores, key, out=grad_heads[0])
        torch.bmm(grad_scores.transpose(1, 2), query, out=grad_heads[1])
        torch.bmm(_put_keys_last(dropped).transpose(1, 2), grad, out=grad_heads[2])
        return _merge_heads(grad_heads, n_replicas, width // d_head), None, None, None


def _split_heads(x: Tensor, n_parts: int, n_tokens: int, n_heads: int) -> Tensor:
    """Turn (K, B * N, parts * D) into (parts, K * B * H, N, D / H)."""
    d_head = x.shape[2] // (n_parts * n_heads)
    axes = x.view(x.shape[0], -1, n_tokens, n_parts, n_heads, d_head)
    return axes.permute(3, 0, 1, 4, 2, 5).reshape(n_parts, -1, n_tokens, d_head)


def _merge_heads(x: Tensor, n_replicas: int, n_heads: int) -> Tensor:
    """Turn (parts, K * B * H, N, D / H) into (K, B * N, parts * D)."""
    n_parts, _, n_tokens, d_head = x.shape
    axes = x.view(n_parts, n_replicas, -1, n_heads, n_tokens, d_head)
    return axes.permute(1, 2, 4, 0, 3, 5).reshape(n_replicas, -1, n_parts * n_heads * d_head)


def _put_keys_first(x: Tensor, n_replicas: int) -> Tensor:
    """Turn (K * B * H, N queries, N keys) into (K, N keys, B * H * N queries), a copy."""
    return x.view(n_replicas, -1, x.shape[2]).transpose(1, 2).contiguous()


def _put_keys_last(x: Tensor) -> Tensor:
    """Turn (K, N keys, B * H * N queries) into (K * B * H, N queries, N keys)."""
    n_replicas, n_tokens, _ = x.shape
    return x.view(n_replicas, n_tokens, -1, n_tokens).permute(0, 2, 3, 1).flatten(0, 1)
