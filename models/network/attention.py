"""Self-attention among a handful of tokens, forward and backward.

Axes: `K` replicas, `B` batch, `N` tokens, `H` heads, `D` width.

A window has about nine patches, far fewer than attention kernels are made for: on a CPU a softmax
over a last axis of nine costs more than the matrix products around it. Two layouts help:

- tokens are ordered by their place first and their window second, and a head's query, key and value
  lie beside each other, so that windows and heads are one axis with one stride: a single replica's
  heads go into the products without being copied;
- the attention weights have the keys first, so that the softmax, the dropout and their gradients
  run along the long axis of all windows, heads and queries.
"""

import torch
from torch import Tensor

from models.network.randomness import MaskSource
from models.network.workspace import Workspace


class Attention:
    """softmax(Q K^T / sqrt(D / H)) V for every head (Vaswani et al. 2017), with dropped weights.

    Parameters
    ----------
    n_tokens : int
        N, the tokens of one window.
    n_heads : int
        H, a divisor of D.
    kept, shared : Workspace
        Memory for what `backward` needs again, and memory that no layer relies on.
    """

    def __init__(self, n_tokens: int, n_heads: int, kept: Workspace, shared: Workspace) -> None:
        self._n_tokens, self._n_heads = n_tokens, n_heads
        self._kept, self._shared = kept, shared

    def forward(self, qkv: Tensor, masks: MaskSource | None = None) -> Tensor:
        """Return what every token attends to.

        Parameters
        ----------
        qkv : Tensor, shape (K, N * B, 3 * D)
            Of each head in turn its query, key and value; to stay as they are until `backward`.
        masks : MaskSource, optional
            Of the attention weights: for each replica keys x (window, head, query).

        Returns
        -------
        Tensor, shape (K, N * B, D)
        """
        self._heads = self._split_heads(qkv, 3)
        q, k, v = self._heads
        scores = self._multiply_by_key(k, q, len(qkv), scale=q.shape[2] ** -0.5)
        self._weights = torch.softmax(scores, 1, out=self._kept.take("weights", *scores.shape))
        self._dropped = self._weights
        if masks is not None:
            factors = masks.draw(self._kept.take("dropped", *scores.shape))
            self._dropped = factors.mul_(self._weights)
        output = self._shared.take("heads", 1, *q.shape)
        torch.bmm(self._put_keys_last(self._dropped), v, out=output[0])
        n_replicas, n_rows, width = qkv.shape
        return self._merge_heads(output, self._kept.take("heads", n_replicas, n_rows, width // 3))

    def backward(self, grad: Tensor) -> Tensor:
        """Return the gradient of qkv, given that of the output."""
        (g,), (q, k, v) = self._split_heads(grad, 1), self._heads
        # With w the softmax, d = w * mask and g = dL/dd: dL/ds = d g - w sum(d g), sum over keys.
        products = self._multiply_by_key(v, g, len(grad)).mul_(self._dropped)
        products.addcmul_(self._weights, products.sum(1, keepdim=True), value=-1)
        scores, weights = self._put_keys_last(products), self._put_keys_last(self._dropped)
        grads = self._shared.take("heads", 3, *q.shape)
        _multiply(scores, k, q.shape[2] ** -0.5, grads[0])
        _multiply(scores.transpose(1, 2), q, q.shape[2] ** -0.5, grads[1])
        torch.bmm(weights.transpose(1, 2), g, out=grads[2])
        n_replicas, n_rows, width = grad.shape
        return self._merge_heads(grads, self._shared.take("qkv", n_replicas, n_rows, 3 * width))

    def _multiply_by_key(self, k: Tensor, q: Tensor, n_replicas: int, scale: float = 1.0) -> Tensor:
        """Return scale k q^T as (K, N keys, B * H * N queries)."""
        n, n_tokens = len(q), self._n_tokens
        products = self._shared.take("products", n, n_tokens, n_tokens)
        _multiply(k, q.transpose(1, 2), scale, products)
        out = self._shared.take("by_key", n_replicas, n_tokens, n // n_replicas * n_tokens)
        axes = products.view(n_replicas, -1, n_tokens, n_tokens).transpose(1, 2)
        out.view(axes.shape).copy_(axes)
        return out

    def _put_keys_last(self, x: Tensor) -> Tensor:
        """Turn (K, N keys, B * H * N queries) into (K * B * H, N queries, N keys)."""
        axes = x.view(len(x), self._n_tokens, -1, self._n_tokens)
        return axes.permute(0, 2, 3, 1).flatten(0, 1)

    def _split_heads(self, x: Tensor, n_parts: int) -> list[Tensor]:
        """Turn (K, N * B, parts * D) into parts of (K * B * H, N, D / H), copied where K > 1."""
        d_head = x.shape[2] // (n_parts * self._n_heads)
        axes = x.view(len(x), self._n_tokens, -1, n_parts, d_head).transpose(1, 2)
        return [part.flatten(0, 1) for part in axes.unbind(3)]

    def _merge_heads(self, x: Tensor, out: Tensor) -> Tensor:
        """Write (parts, K * B * H, N, D / H) as (K, N * B, parts * D)."""
        n_parts, _, n_tokens, d_head = x.shape
        axes = x.view(n_parts, len(out), -1, n_tokens, d_head).permute(1, 3, 2, 0, 4)
        out.view(axes.shape).copy_(axes)
        return out


def _multiply(x: Tensor, y: Tensor, scale: float, out: Tensor) -> None:
    """Write scale x y."""
    torch.bmm(x, y, out=out)
    if scale != 1:
        out.mul_(scale)
