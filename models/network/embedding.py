"""The way into the encoder: windows of normalised days become tokens.

Axes: `K` replicas, `B` batch, `S` days a patch, `C` features, `N` patches, `D` width.
"""

import torch
from torch import Tensor

from models.architecture import Architecture
from models.network.layers import Material, Projection, differentiate
from models.network.randomness import MaskSource
from models.network.workspace import Workspace


class PatchProjection:
    """(g x + h) W + b: the affine map of the window normalisation, and the patches' projection.

    The map goes into the weights, x (g W) + (b + h W): they are smaller than the data, which so
    need no gradient. Both maps are repeated over the S days of a patch.

    Parameters
    ----------
    material : Material
    """

    def __init__(self, material: Material) -> None:
        self._products, self._shared = material.products, material.shared
        gain, self._gain_gradient = material.take("revin.gain")
        shift, self._shift_gradient = material.take("revin.bias")
        self._gain, self._shift = gain[:, None, :, None], shift[:, None, :, None]  # (K, 1, C, 1)
        self._weight, self._weight_gradient = (  # (K, S, C, D)
            torch.unflatten(each, 1, (-1, gain.shape[1])) for each in material.take("patch.weight")
        )
        self._bias, self._bias_gradient = material.take("patch.bias")

    def forward(self, x: Tensor, out: Tensor) -> Tensor:
        """Return (g x + h) W + b, (K, N * B, D), for x (K, N * B, S * C), which must stay."""
        self._x = self._products.prepare(x)
        weight = torch.mul(self._weight, self._gain, out=self._take("folded")).flatten(1, 2)
        bias = torch.mul(self._weight, self._shift, out=self._take("shifted")).sum((1, 2))
        self._products.multiply(self._x, self._products.prepare(weight), out)
        return out.add_(bias.add_(self._bias).unsqueeze(1))

    def differentiate(self, grad: Tensor) -> None:
        """Write the gradients of g, h, W and b, given that of the output."""
        folded = self._take("folded")
        prepared = self._products.prepare(grad)
        differentiate(self._products, self._x, prepared, folded.flatten(1, 2), self._shared)
        torch.sum(grad, 1, out=self._bias_gradient)
        bias = self._bias_gradient[:, None, None]  # (K, 1, 1, D)
        torch.mul(folded, self._gain, out=self._weight_gradient).addcmul_(self._shift, bias)
        torch.sum(folded.mul_(self._weight), (1, 3), out=self._gain_gradient)
        shifted = torch.mul(self._weight, bias, out=self._take("shifted"))
        torch.sum(shifted, (1, 3), out=self._shift_gradient)

    def _take(self, name: str) -> Tensor:
        return self._shared.take(name, *self._weight.shape)


class Embedding:
    """Patches, projected to the width, plus their positions.

    Parameters
    ----------
    architecture : Architecture
    material : Material
    """

    def __init__(self, architecture: Architecture, material: Material) -> None:
        positions, self._positions_gradient = material.take("positions")
        self._positions, self._space = positions.unsqueeze(2), Workspace(positions)  # (K, N, 1, D)
        self._projection = (
            PatchProjection(material) if architecture.revin else Projection(material, "patch")
        )

    def forward(self, patches: Tensor, masks: MaskSource | None) -> Tensor:
        """Return tokens (K, N * B, D) of patches (K, N * B, S * C), kept until `backward`."""
        shape = (*patches.shape[:2], self._positions.shape[3])
        tokens = self._projection.forward(patches, self._space.take("tokens", *shape))
        self._split_windows(tokens).add_(self._positions)
        self._factors = None
        if masks is not None:
            self._factors = masks.draw(self._space.take("factors", *shape))
            tokens.mul_(self._factors)
        return tokens

    def backward(self, grad: Tensor) -> None:
        """Write the gradients of the parameters, given that of the tokens, which is used up."""
        if self._factors is not None:
            grad.mul_(self._factors)
        torch.sum(self._split_windows(grad), 2, out=self._positions_gradient)
        self._projection.differentiate(grad)

    def _split_windows(self, tokens: Tensor) -> Tensor:
        """View (K, N * B, D) as (K, N, B, D)."""
        return torch.unflatten(tokens, 1, (self._positions.shape[1], -1))
