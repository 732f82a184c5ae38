"""The precision of the large matrix products.

Everything else stays in single precision: parameters, the optimizer, normalisation, softmax, the
products within a head, and every sum over tokens or layers. With bfloat16, factors are rounded, and
where the processor does not do so by itself, the products too. TensorFloat-32 is a
setting of the device (`models.network.matmul`), under which full products are not quite full.
"""

from typing import Protocol

import torch
from torch import Tensor

from models.network.matmul import bf16_products, rounds_to_bf16
from models.settings import Precision


class Products(Protocol):
    """Multiplies batches of matrices."""

    def prepare(self, x: Tensor) -> Tensor:
        """Return a factor, maybe of several products, as the other methods take it."""

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


class RoundingProducts(FullProducts):
    """Products whose factors the processor itself rounds to bfloat16 while it multiplies."""

    def multiply(self, x: Tensor, y: Tensor, out: Tensor) -> Tensor:
        """Return x y."""
        with bf16_products:
            return super().multiply(x, y, out)

    def multiply_onto(self, out: Tensor, x: Tensor, y: Tensor) -> Tensor:
        """Add x y to `out`."""
        with bf16_products:
            return super().multiply_onto(out, x, y)


class RoundedProducts:
    """Products of factors that were rounded to bfloat16, rounded to it themselves."""

    def prepare(self, x: Tensor) -> Tensor:
        """Return x rounded."""
        return x.bfloat16()

    def multiply(self, x: Tensor, y: Tensor, out: Tensor) -> Tensor:
        """Return x y."""
        return out.copy_(torch.bmm(x, y))

    def multiply_onto(self, out: Tensor, x: Tensor, y: Tensor) -> Tensor:
        """Add x y to `out`."""
        return out.add_(torch.bmm(x, y))


def open_products(precision: Precision, device: torch.device) -> Products:
    """Return how the large products are computed on a device."""
    if precision != "bf16":
        return FullProducts()
    return RoundingProducts() if device.type == "cpu" and rounds_to_bf16() else RoundedProducts()
