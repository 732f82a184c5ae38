"""The shape of the patch transformer, and what follows from it: sizes, parameters, work.

This module imports no PyTorch, so a plan can count parameters without waiting for it.
"""

from dataclasses import dataclass

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

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if name != "revin" and (type(value) is not int or value < 1):
                raise ValueError(f"{name}={value!r} is not a positive integer")
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
        encoder layer (4 + 2 r) D^2 + (9 + r) D, the final normalisation 2 D, and the head N D + 1.
        """
        d, r = self.d_model, self.d_ff_ratio
        revin = 2 * self.n_features if self.revin else 0
        embedding = self.d_patch * d + d + self.n_patches * d
        layer = (4 + 2 * r) * d**2 + (9 + r) * d
        head = 2 * d + self.n_patches * d + 1
        return revin + embedding + self.n_layers * layer + head

    def count_flops(self, *, training: bool) -> int:
        """Return the floating-point operations of the matrix products for one window.

        A forward pass takes 2 N S C D for the projection, 2 N (4 + 2 r) D^2 + 4 N^2 D a layer and
        2 N D for the head; a training step is counted as three forward passes, the usual convention
        (Kaplan et al. 2020, section 2.1: the backward pass does about twice the forward work).
        """
        n, d = self.n_patches, self.d_model
        layer = 2 * n * (4 + 2 * self.d_ff_ratio) * d**2 + 4 * n**2 * d
        forward = 2 * n * self.d_patch * d + self.n_layers * layer + 2 * n * d
        return 3 * forward if training else forward
