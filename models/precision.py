"""The precision of the large matrix products.

Everything else stays in single precision: parameters, gradients, the optimizer, normalisation,
softmax, the products within a head, and every sum over tokens or layers.
"""

from typing import Protocol

import torch
from torch import Tensor

from models.settings import Precision


class Products(Protocol):
    """Multiplies batches of matrices."""

    def prepare(self, x: Tensor) -> Tensor:
        """Return a factor, or several products' common factor, as `multiply` takes it."""

    def multiply(self, x: Tensor, y: Tensor, out: Tensor) -> Tensor:
        """Return x y, of prepared factors, in single precision."""

    def multiply_onto(self, out: Tensor, x: Tensor, y: Tensor) -> Tensor:
        """Add x y to `out`."""


class FullProducts:
    """Products in the precision of their factors."""

    def prepare(self, x: Tensor) -> Tensor:
        """Return x itself."""
        return x

    def multiply(self, x: Tensor, y: Tensor, out: Tensor) -> Tensor:
        """Return x y."""
        return torch.bmm(x, y, out=out)

    def multiply_onto(self, out: Tensor, x: Tensor, y: Tensor) -> Tensor:
        """Add x y to `out`."""
        return out.baddbmm_(x, y)


class HalfProducts:
    """Products of factors rounded to bfloat16, summed in single precision, rounded once more."""

    def prepare(self, x: Tensor) -> Tensor:
        """Return x rounded."""
        return x.bfloat16()

    def multiply(self, x: Tensor, y: Tensor, out: Tensor) -> Tensor:
        """Return x y."""
        return out.copy_(torch.bmm(x, y))

    def multiply_onto(self, out: Tensor, x: Tensor, y: Tensor) -> Tensor:
        """Add x y to `out`."""
        return out.add_(torch.bmm(x, y))


def open_products(precision: Precision) -> Products:
    """Return how the large products are computed; tf32 is a setting of the device instead."""
    return HalfProducts() if precision == "bf16" else FullProducts()
