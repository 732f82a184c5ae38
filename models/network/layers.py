"""The layers of the network, forward and backward, each for K replicas at once.

Axes: `K` replicas, `M` tokens of a batch, `D` width in, `E` width out. A parameter has the replicas
first, so one batched matrix product serves them all and their gradients never mix.

The gradients are written out by hand. What autograd adds to a step of matrices as small as these,
nodes to build and walk, results to collect and memory to ask for, took a sixth of the step.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from models.network.precision import Products
from models.network.workspace import Workspace

_EPSILON = 1e-5


@dataclass(frozen=True, slots=True)
class Material:
    """What all layers of a network are made of."""

    weights: Mapping[str, Tensor]  # views (K, ...) into the parameters, by name
    gradient: Mapping[str, Tensor]  # the same of their gradient
    products: Products
    shared: Workspace  # memory that no layer relies on

    def take(self, name: str) -> tuple[Tensor, Tensor]:
        """Return a parameter and its gradient."""
        return self.weights[name], self.gradient[name]


class Projection:
    """x W + b.

    Parameters
    ----------
    material : Material
    name : str
        `name.weight` has shape (K, D, E), `name.bias` (K, E).
    """

    def __init__(self, material: Material, name: str) -> None:
        self._products, self._shared = material.products, material.shared
        self._weight, self._weight_gradient = material.take(f"{name}.weight")
        bias, self._bias_gradient = material.take(f"{name}.bias")
        self._bias = bias.unsqueeze(1)
        self.n_inputs, self.n_outputs = self._weight.shape[1:]

    def forward(self, x: Tensor, out: Tensor) -> Tensor:
        """Return x W + b, shape (K, M, E), for x (K, M, D), to stay as it is until `backward`."""
        return self._products.multiply(*self._prepare(x), out).add_(self._bias)

    def add_to(self, residual: Tensor, x: Tensor) -> Tensor:
        """Add x W + b to `residual` (K, M, E)."""
        return self._products.multiply_onto(residual, *self._prepare(x)).add_(self._bias)

    def backward(self, grad: Tensor, out: Tensor) -> Tensor:
        """Return the gradient of x and write those of W and b, given that of the output."""
        prepared = self.differentiate(grad)
        return self._products.multiply(prepared, self._factors[1].transpose(1, 2), out)

    def differentiate(self, grad: Tensor) -> Tensor:
        """Write the gradients of W and b alone; return that of the output, ready to multiply."""
        torch.sum(grad, 1, out=self._bias_gradient)
        prepared = self._products.prepare(grad)
        x = self._factors[0]
        differentiate(self._products, x, prepared, self._weight_gradient, self._shared)
        return prepared

    def _prepare(self, x: Tensor) -> tuple[Tensor, Tensor]:
        self._factors = self._products.prepare(x), self._products.prepare(self._weight)
        return self._factors


class LayerNorm:
    """g (x - mean) / sqrt(variance + 1e-5) + h over the width (Ba et al. 2016).

    Parameters
    ----------
    material : Material
    name : str
        `name.gain` and `name.bias` have shape (K, D).
    kept : Workspace
        Memory for what `backward` needs again; the shared one if there is no backward pass.
    """

    def __init__(self, material: Material, name: str, kept: Workspace) -> None:
        self._keeps = kept is not material.shared
        self._name, self._kept = name if self._keeps else "normal", kept
        self._shared = material.shared
        gain, self._gain_gradient = material.take(f"{name}.gain")
        shift, self._shift_gradient = material.take(f"{name}.bias")
        self._gain, self._shift = gain.unsqueeze(1), shift.unsqueeze(1)  # (K, 1, D)
        # With an affine map, be it none, PyTorch's loop over the width is twice as fast on a CPU.
        self._ones, self._zeros = torch.ones_like(gain[0]), torch.zeros_like(gain[0])

    def forward(self, x: Tensor) -> Tensor:
        """Return x (K, M, D) normalised; x must stay as it is until `backward`."""
        values, mean, rstd = torch.native_layer_norm(
            x, x.shape[-1:], self._ones, self._zeros, _EPSILON
        )
        if self._keeps:
            self._values, self._at = values, (x, mean, rstd)
        out = self._kept.take(self._name, *x.shape)
        return torch.addcmul(self._shift, values, self._gain, out=out)

    def backward(self, grad: Tensor) -> Tensor:
        """Return the gradient of x and write those of g and h, given that of the output."""
        scratch = self._shared.take("scratch", *grad.shape)
        torch.sum(grad, 1, out=self._shift_gradient)
        torch.sum(torch.mul(grad, self._values, out=scratch), 1, out=self._gain_gradient)
        torch.mul(grad, self._gain, out=scratch)
        x, mean, rstd = self._at
        gradient: Tensor = torch.ops.aten.native_layer_norm_backward(
            scratch, x, grad.shape[-1:], mean, rstd, None, None, _X_ALONE
        )[0]
        return gradient


_X_ALONE = [True, False, False]


def differentiate(
    products: Products, x: Tensor, grad: Tensor, out: Tensor, shared: Workspace
) -> None:
    """Write x^T grad, the gradient of W in x W, for x (K, M, D) and grad (K, M, E)."""
    n_replicas, d, e = out.shape
    if d <= e or out.device.type != "cpu":
        products.multiply(x.transpose(1, 2), grad, out)
        return
    # A CPU's library is a third faster where the longer side of the result is that of its rows.
    wide = products.multiply(grad.transpose(1, 2), x, shared.take("wide", n_replicas, e, d))
    for one, transposed in zip(out, wide, strict=True):
        one.copy_(transposed.T)
