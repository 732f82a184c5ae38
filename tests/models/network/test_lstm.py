"""The network against `torch.nn.LSTM`, a linear head, and PyTorch's optimizers."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.architecture import LstmArchitecture
from models.network.lstm import LstmNetwork
from models.network.parameters import initialize_parameters, list_parameters, unpack_parameters
from models.network.randomness import MaskSource, open_masks
from models.settings import ReplicaSettings
from models.training.loss import open_loss
from models.training.stacked_optimizer import StackedOptimizer
from models.training.windows import Windows

pytestmark = pytest.mark.usefixtures("one_thread")

CPU = torch.device("cpu")
T = 60
ONE = LstmArchitecture(n_features=3, context=5, hidden_size=4, n_layers=1)
THREE = LstmArchitecture(n_features=3, context=7, hidden_size=5, n_layers=3)
CLASSES = LstmArchitecture(n_features=2, context=4, hidden_size=6, n_layers=2, outputs=3)


class ReferenceNetwork(nn.Module):
    """The same model from `torch.nn`, for one replica and whole windows (B, L, I)."""

    def __init__(self, architecture: LstmArchitecture) -> None:
        super().__init__()
        a = self.architecture = architecture
        self.lstm = nn.LSTM(a.n_features, a.hidden_size, a.n_layers, batch_first=True)
        self.head = nn.Linear(a.hidden_size, a.outputs)

    def forward(self, windows: Tensor) -> Tensor:
        states, _ = self.lstm(windows)
        outputs = self.head(states[:, -1])
        return outputs if self.architecture.outputs > 1 else outputs.squeeze(1)

    def named_like_ours(self) -> dict[str, Tensor]:
        """Return our name for each parameter; their weights are ours transposed."""
        named = {"head.weight": self.head.weight.T, "head.bias": self.head.bias}
        for i in range(self.architecture.n_layers):
            for ours, theirs in (("input", "ih"), ("state", "hh")):
                named[f"{i}.{ours}.weight"] = getattr(self.lstm, f"weight_{theirs}_l{i}").T
                named[f"{i}.{ours}.bias"] = getattr(self.lstm, f"bias_{theirs}_l{i}")
        return named


def draw_parameters(architecture: LstmArchitecture, n_replicas: int) -> Tensor:
    drawn = [initialize_parameters(architecture, seed) for seed in range(n_replicas)]
    return torch.stack(drawn).double()


def build_references(architecture: LstmArchitecture, parameters: Tensor) -> list[ReferenceNetwork]:
    ours = unpack_parameters(architecture, parameters)
    references = []
    for k in range(len(parameters)):
        network = ReferenceNetwork(architecture).double()
        theirs = network.named_like_ours()
        assert theirs.keys() == ours.keys()
        with torch.no_grad():
            for name, parameter in theirs.items():
                parameter.copy_(ours[name][k])
        references.append(network)
    return references


def make_data(
    architecture: LstmArchitecture, rows: Tensor, rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """Return steps for ours (K, L * B, I) and windows for theirs (K, B, L, I)."""
    features = rng.normal(size=(T, architecture.n_features)).astype(np.float32)
    steps = Windows(features, architecture, CPU).gather(rows).double()
    series, n = torch.from_numpy(features).double(), architecture.context
    windows = [torch.stack([series[r - n + 1 : r + 1] for r in batch]) for batch in rows]
    return steps, torch.stack(windows)


@pytest.mark.parametrize("architecture", [ONE, THREE, CLASSES])
def test_the_number_of_parameters_equals_that_of_torch(architecture: LstmArchitecture) -> None:
    ours = unpack_parameters(architecture, initialize_parameters(architecture, 0).unsqueeze(0))
    theirs = sum(p.numel() for p in ReferenceNetwork(architecture).parameters())
    assert sum(p.numel() for p in ours.values()) == architecture.count_parameters() == theirs


@pytest.mark.parametrize("architecture", [ONE, THREE, CLASSES])
@pytest.mark.parametrize("n_replicas", [1, 2])
def test_outputs_and_gradients_agree_with_torch(
    architecture: LstmArchitecture, n_replicas: int, rng: np.random.Generator
) -> None:
    rows = torch.tensor([[9, 50, 59, 33], [40, 20, 21, 37]])[:n_replicas]
    steps, windows = make_data(architecture, rows, rng)
    parameters = draw_parameters(architecture, n_replicas)
    network = LstmNetwork(architecture, parameters, training=True)
    outputs = network.forward(steps)
    gradients = unpack_parameters(architecture, network.backward(2 * outputs))
    for k, reference in enumerate(build_references(architecture, parameters)):
        expected = reference(windows[k])
        torch.testing.assert_close(outputs[k], expected, rtol=1e-12, atol=1e-12)
        expected.square().sum().backward()
        for parameter in reference.parameters():
            parameter.data = parameter.grad
        for name, value in reference.named_like_ours().items():
            torch.testing.assert_close(gradients[name][k], value, rtol=1e-12, atol=1e-12)


def test_all_replicas_at_once_compute_what_each_does(rng: np.random.Generator) -> None:
    """On an accelerator they take each step together; this is that, on a CPU."""
    rows = torch.tensor([[9, 50, 59, 33], [40, 20, 21, 37]])
    steps, _ = make_data(THREE, rows, rng)
    parameters = draw_parameters(THREE, 2)
    networks = [LstmNetwork(THREE, parameters, training=True) for _ in range(2)]
    networks[1]._parts = [networks[1]._build_part(THREE, slice(0, 2), "fp32")]
    masks: list[MaskSource | None] = [
        open_masks([ReplicaSettings(k, 0.4, 1e-3, 0.0) for k in range(2)], CPU) for _ in range(2)
    ]
    outputs = [n.forward(steps, m).clone() for n, m in zip(networks, masks, strict=True)]
    torch.testing.assert_close(outputs[0], outputs[1], rtol=1e-12, atol=1e-12)
    gradients = [network.backward(2 * outputs[0]) for network in networks]
    torch.testing.assert_close(gradients[0], gradients[1], rtol=1e-12, atol=1e-12)


SETTINGS: list[dict[str, Any]] = [
    {"weight_decay": 1e-2, "gradient_clip": 0.5},
    {"optimizer": "sgd", "momentum": 0.9, "learning_rate": 1e-2},
]


@pytest.mark.parametrize(("architecture", "kind"), [(THREE, "mse"), (CLASSES, "cross_entropy")])
def test_fifty_steps_agree_with_torch_layers_and_optimizers(
    architecture: LstmArchitecture, kind: Any, rng: np.random.Generator
) -> None:
    usual: dict[str, Any] = {"dropout": 0.0, "learning_rate": 3e-3, "weight_decay": 0.0}
    settings = [ReplicaSettings(seed=k, **{**usual, **own}) for k, own in enumerate(SETTINGS)]
    rows = torch.from_numpy(rng.integers(architecture.context - 1, T, size=(50, 2, 6)))
    labels = rows % 3 if kind == "cross_entropy" else (rows % 7).double() / 7
    parameters = draw_parameters(architecture, 2)
    network = LstmNetwork(architecture, parameters, training=True)
    references = build_references(architecture, parameters)
    theirs = [
        torch.optim.Adam(references[0].parameters(), lr=3e-3, weight_decay=1e-2),
        torch.optim.SGD(references[1].parameters(), lr=1e-2, momentum=0.9),
    ]
    measure = nn.CrossEntropyLoss() if kind == "cross_entropy" else nn.MSELoss()
    ours, loss = StackedOptimizer(parameters, settings), open_loss(kind, settings, CPU)
    even = torch.full((6,), 1 / 6, dtype=torch.float64)
    steps, windows = make_data(architecture, rows.flatten(0, 1), rng)
    steps, windows = steps.unflatten(0, (50, 2)), windows.unflatten(0, (50, 2))
    for step in range(50):
        found, gradient = loss.differentiate(network.forward(steps[step]), labels[step], even)
        ours.step(network.backward(gradient), rate_factor=1.0)
        for k in range(2):
            theirs[k].zero_grad()
            expected = measure(references[k](windows[step, k]), labels[step, k])
            expected.backward()
            if k == 0:
                nn.utils.clip_grad_norm_(references[0].parameters(), 0.5)
            theirs[k].step()
            torch.testing.assert_close(found[k], expected, rtol=1e-9, atol=1e-9)
    unpacked = unpack_parameters(architecture, parameters)
    for k, reference in enumerate(references):
        for name, value in reference.named_like_ours().items():
            torch.testing.assert_close(unpacked[name][k], value, rtol=1e-9, atol=1e-9)


def test_initial_weights_and_biases_keep_the_bound_of_torch() -> None:
    first, again, other = (initialize_parameters(THREE, seed) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    wide = LstmArchitecture(n_features=9, hidden_size=16, n_layers=2)
    for value in unpack_parameters(wide, initialize_parameters(wide, 0).unsqueeze(0)).values():
        assert value.abs().max() <= 0.25
        assert value.numel() < 20 or value.abs().max() > 0.8 * 0.25


def test_dropout_lies_between_the_layers_alone(rng: np.random.Generator) -> None:
    settings = [ReplicaSettings(0, 0.0, 1e-3, 0.0), ReplicaSettings(1, 0.5, 1e-3, 0.0)]
    for architecture, changes in ((ONE, False), (THREE, True)):
        steps, _ = make_data(architecture, torch.tensor([[30, 40]] * 2), rng)
        network = LstmNetwork(architecture, draw_parameters(architecture, 2), training=True)
        still = network.forward(steps).clone()
        dropped = network.forward(steps, open_masks(settings, CPU))
        assert torch.equal(dropped[0], still[0])
        assert bool(torch.isclose(dropped[1], still[1]).all()) is not changes


def test_the_gradient_under_dropout_agrees_with_finite_differences(
    rng: np.random.Generator,
) -> None:
    settings = [ReplicaSettings(seed, 0.4, 1e-3, 0.0) for seed in range(2)]
    steps, _ = make_data(THREE, torch.tensor([[30, 40, 50], [59, 20, 21]]), rng)
    parameters = draw_parameters(THREE, 2)
    network = LstmNetwork(THREE, parameters, training=True)

    def compute(along: Tensor) -> Tensor:
        moved = LstmNetwork(THREE, parameters + along, training=True)
        return moved.forward(steps, open_masks(settings, CPU)).square().sum()

    outputs = network.forward(steps, open_masks(settings, CPU))
    gradient = network.backward(2 * outputs)
    for seed in range(3):
        direction = torch.randn(
            parameters.shape, generator=torch.manual_seed(seed), dtype=torch.float64
        )
        direction *= 1e-5 / direction.norm()
        difference = compute(direction) - compute(-direction)
        torch.testing.assert_close(
            2 * (gradient * direction).sum(), difference, rtol=1e-5, atol=1e-12
        )


def test_a_network_for_evaluation_computes_the_same(rng: np.random.Generator) -> None:
    steps, _ = make_data(THREE, torch.tensor([[30, 40]] * 2), rng)
    parameters = draw_parameters(THREE, 2)
    outputs = [LstmNetwork(THREE, parameters, training=t).forward(steps) for t in (True, False)]
    assert torch.equal(*outputs)


def test_products_in_bfloat16_differ_a_little(rng: np.random.Generator) -> None:
    steps, _ = make_data(THREE, torch.tensor([[30, 40]]), rng)
    parameters = draw_parameters(THREE, 1).float()
    full, half = (
        LstmNetwork(THREE, parameters, training=False, precision=p).forward(steps.float())
        for p in ("fp32", "bf16")
    )
    assert not torch.equal(full, half)
    torch.testing.assert_close(full, half, rtol=0, atol=2e-2)


def test_the_stored_row_of_a_replica_is_whole_cache_lines() -> None:
    assert len(initialize_parameters(THREE, 0)) % 16 == 0
    assert list(list_parameters(ONE)) == [
        *("0.input.weight", "0.input.bias", "0.state.weight", "0.state.bias"),
        *("head.weight", "head.bias"),
    ]
