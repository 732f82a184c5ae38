"""One layer of the encoder, forward and backward.

Axes: `K` replicas, `B` batch, `N` patches, `D` width, `F` width of the feed-forward layer.
"""

import torch
from torch import Tensor

from models.architecture import Architecture
from models.network.attention import Attention
from models.network.layers import LayerNorm, Material, Projection
from models.network.randomness import MaskSource
from models.network.workspace import Workspace


class EncoderLayer:
    """x' = x + attention(norm(x)), then x' + feed-forward(norm(x')).

    Parameters
    ----------
    architecture : Architecture
    material : Material
    number : int
        Of this layer; the first is 0.
    kept : Workspace
        Memory for what `backward` needs again; the shared one if there is no backward pass.
    """

    def __init__(
        self, architecture: Architecture, material: Material, number: int, kept: Workspace
    ) -> None:
        self._d_ff, self._kept, self._shared = architecture.d_ff, kept, material.shared
        self._attention = Attention(
            architecture.n_patches, architecture.n_heads, kept, material.shared
        )
        self._before_attention, self._before_hidden = (
            LayerNorm(material, f"{number}.{name}", kept)
            for name in ("before_attention", "before_hidden")
        )
        self._qkv, self._attended, self._up, self._down = (
            Projection(material, f"{number}.{name}") for name in ("qkv", "attended", "up", "down")
        )

    def forward(self, x: Tensor, masks: MaskSource | None) -> Tensor:
        """Return the layer's output for x, both (K, N * B, D); x must stay until `backward`."""
        normal = self._before_attention.forward(x)
        qkv = self._kept.take("qkv", *x.shape[:2], 3 * x.shape[2])
        heads = self._attention.forward(self._qkv.forward(normal, qkv), masks)
        middle = self._attended.add_to(self._kept.take("middle", *x.shape).copy_(x), heads)
        active = self._activate(self._before_hidden.forward(middle), masks)
        out = self._down.forward(active, self._kept.take("out", *x.shape))
        if masks is None:
            self._factors = None
            return out.add_(middle)
        self._factors = masks.draw(self._kept.take("factors", *x.shape))
        return torch.addcmul(middle, out, self._factors, out=out)

    def backward(self, grad: Tensor) -> Tensor:
        """Return the gradient of x, written over that of the output."""
        inner = self._shared.take("inner", *grad.shape)
        if self._factors is None:
            inner.copy_(grad)
        else:
            torch.mul(grad, self._factors, out=inner)
        hidden = self._shared.take("hidden", *self._slope.shape)
        self._down.backward(inner, hidden).mul_(self._slope)
        grad.add_(self._before_hidden.backward(self._up.backward(hidden, inner)))
        qkv = self._attention.backward(self._attended.backward(grad, inner))
        return grad.add_(self._before_attention.backward(self._qkv.backward(qkv, inner)))

    def _activate(self, x: Tensor, masks: MaskSource | None) -> Tensor:
        """Return the hidden values after GELU and dropout; remember their slope in those before."""
        shape = (*x.shape[:2], self._d_ff)  # (K, N * B, F)
        hidden = self._up.forward(x, self._shared.take("hidden", *shape))
        active: Tensor = torch.ops.aten.gelu.out(hidden, out=self._kept.take("active", *shape))
        if self._kept is self._shared:
            return active
        slope = self._kept.take("slope", *shape)
        if masks is None:
            slope.fill_(1)
        else:
            active.mul_(masks.draw(slope))
        self._slope = torch.ops.aten.gelu_backward.grad_input(slope, hidden, grad_input=slope)
        return active
