"""The patch transformer, K replicas wide.

Axes: `K` replicas, `B` batch, `S` days a patch, `C` features, `N` patches, `D` width,
`P` parameters.

The network is a function of one tensor (K, P) that holds every parameter of every replica; a single
model is K = 1. Departures from the textbook encoder (and from PatchTST, Nie et al. 2023):

- a patch holds all features together, where PatchTST runs each feature through the encoder alone;
- the window normalisation (RevIN, Kim et al. 2022) only normalises: a classifier has no series to
  restore. Its affine map goes into the patch projection, W (g x + h) = (W g) x + W h, so that the
  data need no gradient;
- normalisation comes before attention and feed-forward, and once more before the head;
- dropout follows the positions, the attention weights and both feed-forward layers, and not the
  output of attention.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

from models.architecture import Architecture
from models.attention import attend
from models.layers import drop, normalize, project, score
from models.randomness import MaskSource, Stream, open_stream

_ALIGNMENT = 16  # values in a cache line


def list_parameters(architecture: Architecture) -> dict[str, tuple[int, ...]]:
    """Return the shape of each parameter of one replica, in the order they lie in the tensor."""
    c, n, d = architecture.n_features, architecture.n_patches, architecture.d_model
    shapes: dict[str, tuple[int, ...]] = {}
    if architecture.revin:
        shapes |= {"revin.gain": (c,), "revin.bias": (c,)}
    shapes |= _list_projection("patch", architecture.d_patch, d) | {"positions": (n, d)}
    for i in range(architecture.n_layers):
        shapes |= _list_norm(f"{i}.before_attention", d)
        shapes |= _list_projection(f"{i}.qkv", d, 3 * d)
        shapes |= _list_projection(f"{i}.attended", d, d)
        shapes |= _list_norm(f"{i}.before_hidden", d)
        shapes |= _list_projection(f"{i}.up", d, architecture.d_ff)
        shapes |= _list_projection(f"{i}.down", architecture.d_ff, d)
    return shapes | _list_norm("before_head", d) | {"head.weight": (n * d,), "head.bias": (1,)}


def initialize_parameters(architecture: Architecture, seed: int) -> Tensor:
    """Draw the parameters of one replica on the CPU: the same on every device.

    Weights are uniform within 1 / sqrt(inputs), the bound of `torch.nn.Linear`; positions within
    0.02; gains are 1 and biases 0.

    Returns
    -------
    Tensor, shape (P,)
        Ends with zeros up to a multiple of 16, unused: rows of whole cache lines let a product
        round every replica alike.
    """
    stream = open_stream(seed, Stream.WEIGHTS)
    parts = []
    for name, shape in list_parameters(architecture).items():
        if name.endswith((".gain", ".bias")):
            parts.append(torch.full((math.prod(shape),), float(name.endswith(".gain"))))
            continue
        bound = 0.02 if name == "positions" else shape[0] ** -0.5
        uniform = torch.from_numpy(stream.random(math.prod(shape), dtype="float32"))
        parts.append(uniform.mul_(2 * bound).sub_(bound))
    n = architecture.count_parameters()
    return torch.cat([*parts, torch.zeros(-n % _ALIGNMENT)])


def unpack_parameters(architecture: Architecture, parameters: Tensor) -> dict[str, Tensor]:
    """Return views (K, *shape) into parameters (K, P), by name."""
    shapes = list_parameters(architecture)
    sizes = [math.prod(shape) for shape in shapes.values()]
    *parts, _ = torch.split(parameters, [*sizes, parameters.shape[1] - sum(sizes)], dim=1)
    return {
        name: torch.unflatten(part, 1, shape)
        for (name, shape), part in zip(shapes.items(), parts, strict=True)
    }


def compute_logits(
    architecture: Architecture,
    parameters: Tensor,
    patches: Tensor,
    masks: MaskSource | None = None,
) -> Tensor:
    """Return the log-odds of the positive class.

    Parameters
    ----------
    architecture : Architecture
    parameters : Tensor, shape (K, P)
    patches : Tensor, shape (K, B * N, S * C)
        From `Windows.gather`.
    masks : MaskSource, optional
        Dropout; None in evaluation.

    Returns
    -------
    Tensor, shape (K, B)
    """
    weights = unpack_parameters(architecture, parameters)
    x = _embed(architecture, weights, patches, masks)
    for i in range(architecture.n_layers):
        x = _encode(architecture, weights, i, x, masks)
    x = _norm(weights, "before_head", x)
    windows = torch.unflatten(x, 1, (-1, architecture.n_patches)).flatten(2)  # (K, B, N * D)
    return score(windows, weights["head.weight"], weights["head.bias"])


def _embed(
    architecture: Architecture,
    weights: dict[str, Tensor],
    patches: Tensor,
    masks: MaskSource | None,
) -> Tensor:
    """Project patches to the width and add the positions."""
    weight, bias = weights["patch.weight"], weights["patch.bias"]
    if architecture.revin:
        gain, shift = (
            weights[name].repeat(1, architecture.patch).unsqueeze(2)  # (K, S * C, 1)
            for name in ("revin.gain", "revin.bias")
        )
        bias = bias + (weight * shift).sum(1)
        weight = weight * gain
    tokens = torch.unflatten(project(patches, weight, bias), 1, (-1, architecture.n_patches))
    tokens = drop(tokens + weights["positions"].unsqueeze(1), masks)  # (K, B, N, D)
    return tokens.flatten(1, 2)


def _encode(
    architecture: Architecture,
    weights: dict[str, Tensor],
    i: int,
    x: Tensor,
    masks: MaskSource | None,
) -> Tensor:
    """Apply encoder layer i to x (K, B * N, D)."""
    n_tokens, n_heads = architecture.n_patches, architecture.n_heads
    qkv = _project(weights, f"{i}.qkv", _norm(weights, f"{i}.before_attention", x))
    mask = None if masks is None else masks.draw(n_tokens, x.shape[1] * n_heads)
    x = x + _project(weights, f"{i}.attended", attend(qkv, n_tokens, n_heads, mask))
    hidden = _project(weights, f"{i}.up", _norm(weights, f"{i}.before_hidden", x))
    hidden = drop(functional.gelu(hidden), masks)
    return x + drop(_project(weights, f"{i}.down", hidden), masks)


def _project(weights: dict[str, Tensor], name: str, x: Tensor) -> Tensor:
    return project(x, weights[f"{name}.weight"], weights[f"{name}.bias"])


def _norm(weights: dict[str, Tensor], name: str, x: Tensor) -> Tensor:
    return normalize(x, weights[f"{name}.gain"], weights[f"{name}.bias"])


def _list_projection(name: str, d_in: int, d_out: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (d_in, d_out), f"{name}.bias": (d_out,)}


def _list_norm(name: str, d: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.gain": (d,), f"{name}.bias": (d,)}
