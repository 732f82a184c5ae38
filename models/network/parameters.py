"""The parameters of K replicas in one tensor.

Axes: `K` replicas, `C` features, `N` patches, `D` width, `O` outputs, `P` parameters.
"""

import math

import torch
from torch import Tensor

from models.architecture import AnyArchitecture, Architecture, LstmArchitecture
from models.network.randomness import Stream, open_stream

_ALIGNMENT = 16  # values in a cache line


def list_parameters(architecture: AnyArchitecture) -> dict[str, tuple[int, ...]]:
    """Return the shape of each parameter of one replica, in the order they lie in the tensor."""
    if isinstance(architecture, LstmArchitecture):
        return _list_of_lstm(architecture)
    return _list_of_transformer(architecture)


def _list_of_transformer(architecture: Architecture) -> dict[str, tuple[int, ...]]:
    c, n, d = architecture.n_features, architecture.n_patches, architecture.d_model
    shapes: dict[str, tuple[int, ...]] = {}
    if architecture.revin:
        shapes |= _list_affine("revin", c)
    shapes |= _list_projection("patch", architecture.d_patch, d) | {"positions": (n, d)}
    for i in range(architecture.n_layers):
        shapes |= _list_affine(f"{i}.before_attention", d)
        shapes |= _list_projection(f"{i}.qkv", d, 3 * d)
        shapes |= _list_projection(f"{i}.attended", d, d)
        shapes |= _list_affine(f"{i}.before_hidden", d)
        shapes |= _list_projection(f"{i}.up", d, architecture.d_ff)
        shapes |= _list_projection(f"{i}.down", architecture.d_ff, d)
    outputs = architecture.outputs
    weight = (n * d, outputs) if outputs > 1 else (n * d,)
    return (
        shapes | _list_affine("before_head", d) | {"head.weight": weight, "head.bias": (outputs,)}
    )


def _list_of_lstm(architecture: LstmArchitecture) -> dict[str, tuple[int, ...]]:
    """Return shapes with the four gates side by side: input, forget, cell, output."""
    h = architecture.hidden_size
    shapes: dict[str, tuple[int, ...]] = {}
    for i, width in enumerate(architecture.layer_widths):
        shapes |= _list_projection(f"{i}.input", width, 4 * h)
        shapes |= _list_projection(f"{i}.state", h, 4 * h)
    return shapes | _list_projection("head", h, architecture.outputs)


def initialize_parameters(architecture: AnyArchitecture, seed: int) -> Tensor:
    """Draw the parameters of one replica on the CPU: the same on every device.

    Of a transformer, weights are uniform within 1 / sqrt(inputs), the bound of `torch.nn.Linear`;
    positions within 0.02; gains are 1 and biases 0. Of an LSTM, weights and biases are uniform
    within 1 / sqrt(width of the state), as those of `torch.nn.LSTM` and a linear head are.

    Returns
    -------
    Tensor, shape (P,)
        Ends with zeros up to a multiple of 16, unused: rows of whole cache lines let a product
        round every replica alike.
    """
    stream = open_stream(seed, Stream.WEIGHTS)
    parts = []
    for name, shape in list_parameters(architecture).items():
        bound = _bound(architecture, name, shape)
        if bound is None:
            parts.append(torch.full((math.prod(shape),), float(name.endswith(".gain"))))
            continue
        uniform = torch.from_numpy(stream.random(math.prod(shape), dtype="float32"))
        parts.append(uniform.mul_(2 * bound).sub_(bound))
    n = architecture.count_parameters()
    return torch.cat([*parts, torch.zeros(-n % _ALIGNMENT)])


def _bound(architecture: AnyArchitecture, name: str, shape: tuple[int, ...]) -> float | None:
    """Return within what a parameter is drawn, or None if it is not."""
    if isinstance(architecture, LstmArchitecture):
        return float(architecture.hidden_size**-0.5)
    if name.endswith((".gain", ".bias")):
        return None
    return 0.02 if name == "positions" else float(shape[0] ** -0.5)


def unpack_parameters(architecture: AnyArchitecture, parameters: Tensor) -> dict[str, Tensor]:
    """Return views (K, *shape) into parameters (K, P), or into their gradient, by name."""
    shapes = list_parameters(architecture)
    sizes = [math.prod(shape) for shape in shapes.values()]
    *parts, _ = torch.split(parameters, [*sizes, parameters.shape[1] - sum(sizes)], dim=1)
    return {
        name: torch.unflatten(part, 1, shape)
        for (name, shape), part in zip(shapes.items(), parts, strict=True)
    }


def _list_projection(name: str, d_in: int, d_out: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (d_in, d_out), f"{name}.bias": (d_out,)}


def _list_affine(name: str, d: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.gain": (d,), f"{name}.bias": (d,)}
