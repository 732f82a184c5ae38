"""Memory that every step uses again."""

import torch
from torch import Tensor


class Workspace:
    """Tensors that each pass overwrites, by name and shape.

    Asking the system for a step's memory anew costs more than much of the arithmetic done in it,
    and a tensor that was just in use is still in the processor's cache. On an accelerator, steps
    that find their tensors in the same places are what can be recorded and replayed.
    """

    def __init__(self, like: Tensor) -> None:
        self._like = like
        self._tensors: dict[tuple[str, tuple[int, ...]], Tensor] = {}

    def take(self, name: str, *shape: int) -> Tensor:
        """Return the tensor of this name and shape; what it holds is whatever was left in it."""
        found = self._tensors.get((name, shape))
        if found is None:
            found = torch.empty(shape, dtype=self._like.dtype, device=self._like.device)
            self._tensors[name, shape] = found
        return found
