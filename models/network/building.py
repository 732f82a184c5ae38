"""Which network an architecture is the shape of."""

from typing import Protocol

from torch import Tensor

from models.architecture import AnyArchitecture, LstmArchitecture
from models.network.lstm import LstmNetwork
from models.network.randomness import MaskSource
from models.network.transformer import Network
from models.settings import Precision


class TrainedNetwork(Protocol):
    """What the trainer needs of a network of K replicas."""

    n_replicas: int

    def forward(self, patches: Tensor, masks: MaskSource | None = None) -> Tensor:
        """Return outputs (K, B), or (K, B, O) where there are several, of windows."""

    def backward(self, grad: Tensor) -> Tensor:
        """Return the gradient of the parameters (K, P), given that of the outputs."""


def build_network(
    architecture: AnyArchitecture, parameters: Tensor, *, training: bool, precision: Precision
) -> TrainedNetwork:
    """Return the network over parameters (K, P), which may change in place between its passes."""
    if isinstance(architecture, LstmArchitecture):
        return LstmNetwork(architecture, parameters, training=training, precision=precision)
    return Network(architecture, parameters, training=training, precision=precision)
