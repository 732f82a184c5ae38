"""The shape of a network, and what follows from it: sizes, parameters, work.

This module imports no PyTorch, so a plan can count parameters without waiting for it.
"""

from dataclasses import dataclass
from typing import ClassVar

TRAINING_VERSION = 2  # raised when a change to the code changes what a fit computes


@dataclass(frozen=True, slots=True)
class Architecture:
    """The shape of one patch transformer.

    The defaults are the base configuration (Trial 5). A window of `context` days is cut into
    overlapping patches of all features together; each patch is one token of the encoder.

    Raises
    ------
    ValueError
        If a size is not positive, if a patch is longer than the context, or if the heads do not
        divide the width.
    """

    n_features: int
    context: int = 80
    """Days a window."""
    patch: int = 16
    """Days a patch."""
    stride: int = 8
    """Days from one patch to the next."""
    d_model: int = 128
    n_layers: int = 6
    n_heads: int = 8
    d_ff_ratio: int = 4
    """Width of the feed-forward layer, in multiples of `d_model`."""
    revin: bool = True
    """Normalise every window by its own mean and deviation, with a learned affine map."""
    outputs: int = 1
    """Numbers a window: one, or one a class."""

    def __post_init__(self) -> None:
        _check_sizes({name: getattr(self, name) for name in self.__slots__ if name != "revin"})
        if self.patch > self.context:
            raise ValueError(f"patch={self.patch} days is longer than context={self.context} days")
        if self.d_model % self.n_heads:
            raise ValueError(f"d_model={self.d_model} is not divisible by n_heads={self.n_heads}")

    @property
    def n_patches(self) -> int:
        """Patches a window; the last one ends on the window's last day."""
        return (self.context - self.patch) // self.stride + 1

    @property
    def d_patch(self) -> int:
        """Values a patch: its days times the features."""
        return self.patch * self.n_features

    @property
    def d_head(self) -> int:
        """Width of one attention head."""
        return self.d_model // self.n_heads

    @property
    def d_ff(self) -> int:
        """Width of the feed-forward layer."""
        return self.d_model * self.d_ff_ratio

    def count_parameters(self) -> int:
        """Return the number of trained values.

        With C features, S days a patch, N patches, width D and feed-forward ratio r: the affine map
        of the window normalisation has 2 C, the patch projection S C D + D, the positions N D, each
        encoder layer (4 + 2 r) D^2 + (9 + r) D, the final normalisation 2 D, and the head N D + 1
        for each output.
        """
        d, r = self.d_model, self.d_ff_ratio
        revin = 2 * self.n_features if self.revin else 0
        embedding = self.d_patch * d + d + self.n_patches * d
        layer = (4 + 2 * r) * d**2 + (9 + r) * d
        head = 2 * d + (self.n_patches * d + 1) * self.outputs
        return revin + embedding + self.n_layers * layer + head

    def count_flops(self, *, training: bool) -> int:
        """Return the floating-point operations of the matrix products for one window.

        A forward pass takes 2 N S C D for the projection, 2 N (4 + 2 r) D^2 + 4 N^2 D a layer and
        2 N D an output for the head; a training step is counted as three forward passes, the usual
        convention (Kaplan et al. 2020, section 2.1: the backward pass does about twice the forward
        work).
        """
        n, d = self.n_patches, self.d_model
        layer = 2 * n * (4 + 2 * self.d_ff_ratio) * d**2 + 4 * n**2 * d
        forward = 2 * n * self.d_patch * d + self.n_layers * layer
        forward += 2 * n * d * self.outputs
        return 3 * forward if training else forward


@dataclass(frozen=True, slots=True)
class LstmArchitecture:
    """The shape of one LSTM with a linear head on its last state.

    It reads a window of `context` rows one after another: to what prepares windows each row is a
    patch of its own. The equations, and so the two biases of each gate, are those of
    `torch.nn.LSTM`.

    Raises
    ------
    ValueError
        If a size is not positive.
    """

    n_features: int
    context: int = 80
    """Rows a window."""
    hidden_size: int = 128
    """Width of a layer's state."""
    n_layers: int = 2
    outputs: int = 1
    """Numbers a window: one, or one a class."""

    patch: ClassVar[int] = 1
    stride: ClassVar[int] = 1
    revin: ClassVar[bool] = False

    def __post_init__(self) -> None:
        _check_sizes({name: getattr(self, name) for name in self.__slots__})

    @property
    def n_patches(self) -> int:
        """Steps a window: its rows."""
        return self.context

    @property
    def d_patch(self) -> int:
        """Values a step: the features."""
        return self.n_features

    @property
    def layer_widths(self) -> tuple[int, ...]:
        """What each layer reads at a step: the features, then the state of the layer below."""
        return (self.n_features, *[self.hidden_size] * (self.n_layers - 1))

    def count_parameters(self) -> int:
        """Return the number of trained values.

        With width H, a layer that reads I values has 4 H (I + H) weights and 8 H biases; the head
        has H + 1 for each output.
        """
        h = self.hidden_size
        layers = sum(4 * h * (width + h) + 8 * h for width in self.layer_widths)
        return layers + (h + 1) * self.outputs

    def count_flops(self, *, training: bool) -> int:
        """Return the floating-point operations of the matrix products for one window.

        A forward pass takes 2 * 4 H (I + H) a row and layer, and 2 H an output for the head; a
        training step is counted as three forward passes, as that of the transformer is.
        """
        h = self.hidden_size
        row = sum(8 * h * (width + h) for width in self.layer_widths)
        forward = self.context * row + 2 * h * self.outputs
        return 3 * forward if training else forward


AnyArchitecture = Architecture | LstmArchitecture


def _check_sizes(sizes: dict[str, int]) -> None:
    for name, value in sizes.items():
        if type(value) is not int or value < 1:
            raise ValueError(f"{name}={value!r} is not a positive integer")
