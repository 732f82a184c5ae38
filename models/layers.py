"""The layers of the network, each for K replicas at once.

Axes: `K` replicas, `M` tokens of a batch, `D` width in, `E` width out. A parameter has the replicas
first, so one batched matrix product serves them all and their gradients never mix.
"""

import torch
from torch import Tensor
from torch.nn import functional

from models.randomness import MaskSource


def project(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Return x W + b.

    Parameters
    ----------
    x : Tensor, shape (K, M, D)
    weight : Tensor, shape (K, D, E)
    bias : Tensor, shape (K, E)

    Returns
    -------
    Tensor, shape (K, M, E)
    """
    return torch.baddbmm(bias.unsqueeze(1), x, weight)


def score(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Return x . w + b: one number a row.

    As a matrix product with one column it would go through another library routine for one replica
    than for several, which rounds otherwise.

    Parameters
    ----------
    x : Tensor, shape (K, B, D)
    weight : Tensor, shape (K, D)
    bias : Tensor, shape (K, 1)

    Returns
    -------
    Tensor, shape (K, B)
    """
    return (x * weight.unsqueeze(1)).sum(2) + bias


def normalize(x: Tensor, gain: Tensor, bias: Tensor) -> Tensor:
    """Return layer normalisation over the width (Ba et al. 2016), with a replica's own affine map.

    Parameters
    ----------
    x : Tensor, shape (K, M, D)
    gain, bias : Tensor, shape (K, D)

    Returns
    -------
    Tensor, shape (K, M, D)
    """
    return torch.addcmul(
        bias.unsqueeze(1), functional.layer_norm(x, x.shape[-1:]), gain.unsqueeze(1)
    )


def drop(x: Tensor, masks: MaskSource | None) -> Tensor:
    """Return x with dropout at each replica's rate, written over x; `masks` is None in evaluation.

    Autograd keeps the mask alone, so this is as cheap as a hand-written function.
    """
    return x if masks is None else x.mul_(masks.draw(*x.shape[1:]))
