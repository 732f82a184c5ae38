"""The patch transformer, K replicas wide.

Axes: `K` replicas, `B` batch, `S` days a patch, `C` features, `N` patches, `D` width,
`O` outputs, `P` parameters.

Departures from the textbook encoder (and from PatchTST, Nie et al. 2023):

- a patch holds all features together, where PatchTST runs each feature through the encoder alone;
- the window normalisation (RevIN, Kim et al. 2022) only normalises: a classifier has no series to
  restore. Its affine map goes into the patch projection, so that the data need no gradient;
- normalisation comes before attention and feed-forward, and once more before the head;
- dropout follows the positions, the attention weights and both feed-forward layers, and not the
  output of attention.
"""

import torch
from torch import Tensor

from models.architecture import Architecture
from models.network.embedding import Embedding
from models.network.encoder import EncoderLayer
from models.network.layers import LayerNorm, Material
from models.network.parameters import unpack_parameters
from models.network.precision import open_products
from models.network.randomness import MaskSource
from models.network.workspace import Workspace
from models.settings import Precision


class Network:
    """The forward and the backward pass.

    Parameters
    ----------
    architecture : Architecture
    parameters : Tensor, shape (K, P)
        Of every replica; a single model is K = 1. They may change in place between the passes.
    training : bool
        Whether `backward` will be called: otherwise the layers share their memory.
    precision : str
        Of the large matrix products.
    """

    def __init__(
        self,
        architecture: Architecture,
        parameters: Tensor,
        *,
        training: bool,
        precision: Precision = "fp32",
    ) -> None:
        self.n_replicas, self._training = len(parameters), training
        self._gradient = torch.zeros_like(parameters) if training else parameters  # then unused
        weights, gradient = (
            unpack_parameters(architecture, each) for each in (parameters, self._gradient)
        )
        shared = Workspace(parameters)
        material = Material(weights, gradient, open_products(precision, parameters.device), shared)
        self._embedding = Embedding(architecture, material)
        *kept, last = (
            Workspace(parameters) if training else shared for _ in range(architecture.n_layers + 1)
        )
        self._layers = [
            EncoderLayer(architecture, material, i, space) for i, space in enumerate(kept)
        ]
        self._norm = LayerNorm(material, "before_head", last)
        self._head = (Head if architecture.outputs == 1 else ClassHead)(architecture, material)

    def forward(self, patches: Tensor, masks: MaskSource | None = None) -> Tensor:
        """Return the log-odds of the positive class, a value, or the logits of classes.

        Parameters
        ----------
        patches : Tensor, shape (K, N * B, S * C)
            From `Windows.gather`; to stay as they are until `backward`.
        masks : MaskSource, optional
            Dropout; None in evaluation.

        Returns
        -------
        Tensor, shape (K, B), or (K, B, O) with several outputs
        """
        x = self._embedding.forward(patches, masks)
        for layer in self._layers:
            x = layer.forward(x, masks)
        return self._head.forward(self._norm.forward(x))

    def backward(self, grad: Tensor) -> Tensor:
        """Return the gradient of the parameters (K, P), overwritten by the next call.

        Parameters
        ----------
        grad : Tensor, shape (K, B) or (K, B, O)
            The gradient of the logits that `forward` returned last.
        """
        assert self._training, "a network for evaluation has no gradient"
        x = self._norm.backward(self._head.backward(grad))
        for layer in reversed(self._layers):
            x = layer.backward(x)
        self._embedding.backward(x)
        return self._gradient


class Head:
    """One number a window: x . w + b, with x all of its tokens side by side.

    As a matrix product with one column this would go through another library routine for one
    replica than for several, which rounds otherwise.
    """

    def __init__(self, architecture: Architecture, material: Material) -> None:
        weight, self._weight_gradient = (  # (K, N, D)
            torch.unflatten(each, 1, (architecture.n_patches, -1))
            for each in material.take("head.weight")
        )
        self._weight = weight.unsqueeze(2)  # (K, N, 1, D)
        self._bias, self._bias_gradient = material.take("head.bias")

    def forward(self, x: Tensor) -> Tensor:
        """Return logits (K, B) for tokens (K, N * B, D), to stay until `backward`."""
        self._x = torch.unflatten(x, 1, (self._weight.shape[1], -1))  # (K, N, B, D)
        return (self._x * self._weight).sum(3).sum(1).add_(self._bias)

    def backward(self, grad: Tensor) -> Tensor:
        """Return the gradient of the tokens, given that of the logits."""
        each = grad[:, None, :, None]
        torch.sum(self._x * each, 2, out=self._weight_gradient)
        torch.sum(grad, 1, keepdim=True, out=self._bias_gradient)
        return (self._weight * each).flatten(1, 2)


class ClassHead:
    """One number a class and window: x W + b, with x all of the window's tokens side by side."""

    def __init__(self, architecture: Architecture, material: Material) -> None:
        self._n_patches = architecture.n_patches
        self._weight, self._weight_gradient = material.take("head.weight")  # (K, N * D, O)
        bias, self._bias_gradient = material.take("head.bias")
        self._bias = bias.unsqueeze(1)

    def forward(self, x: Tensor) -> Tensor:
        """Return logits (K, B, O) for tokens (K, N * B, D)."""
        by_window = torch.unflatten(x, 1, (self._n_patches, -1)).transpose(1, 2)
        self._x = by_window.flatten(2)  # (K, B, N * D)
        return torch.bmm(self._x, self._weight).add_(self._bias)

    def backward(self, grad: Tensor) -> Tensor:
        """Return the gradient of the tokens, given that of the logits."""
        self._weight_gradient.copy_(torch.bmm(self._x.transpose(1, 2), grad))
        torch.sum(grad, 1, out=self._bias_gradient)
        by_window = torch.bmm(grad, self._weight.transpose(1, 2))
        by_token = torch.unflatten(by_window, 2, (self._n_patches, -1)).transpose(1, 2)
        return by_token.flatten(1, 2)
