"""The network against an independent one, built from PyTorch's own layers."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.architecture import Architecture
from models.network.parameters import initialize_parameters, list_parameters, unpack_parameters
from models.network.randomness import open_masks
from models.network.transformer import Network
from models.settings import ReplicaSettings
from models.training.loss import StackedLoss
from models.training.stacked_optimizer import StackedOptimizer
from models.training.windows import Windows

CPU = torch.device("cpu")
T, CONTEXT = 90, 20
SMALL = Architecture(
    n_features=3, context=CONTEXT, patch=8, stride=4, d_model=12, n_layers=2, n_heads=3
)
PLAIN = Architecture(
    n_features=3, context=CONTEXT, patch=8, stride=4, d_model=8, n_layers=1, n_heads=2, revin=False
)


class ReferenceNetwork(nn.Module):
    """The same model from `torch.nn`, for one replica and whole windows (B, L, C)."""

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        a = self.architecture = architecture
        if a.revin:
            self.gain, self.shift = (nn.Parameter(torch.empty(a.n_features)) for _ in range(2))
        self.patch = nn.Linear(a.d_patch, a.d_model)
        self.positions = nn.Parameter(torch.empty(a.n_patches, a.d_model))
        layer = nn.TransformerEncoderLayer(
            a.d_model, a.n_heads, a.d_ff, 0.0, "gelu", batch_first=True, norm_first=True
        )
        self.encoder = nn.TransformerEncoder(
            layer, a.n_layers, nn.LayerNorm(a.d_model), enable_nested_tensor=False
        )
        self.head = nn.Linear(a.n_patches * a.d_model, 1)

    def forward(self, windows: Tensor) -> Tensor:
        a = self.architecture
        if a.revin:
            centred = windows - windows.mean(1, keepdim=True)
            variance = windows.var(1, correction=0, keepdim=True)
            windows = centred / torch.sqrt(variance + 1e-5) * self.gain + self.shift
        patches = windows.unfold(1, a.patch, a.stride).transpose(2, 3).flatten(2)
        tokens = self.encoder(self.patch(patches) + self.positions)
        return self.head(tokens.flatten(1)).squeeze(1)

    def named_like_ours(self) -> dict[str, Tensor]:
        """Return our name for each parameter; a linear layer's weight is ours transposed."""
        named = {"positions": self.positions, **self._linear("patch", self.patch)}
        if self.architecture.revin:
            named |= {"revin.gain": self.gain, "revin.bias": self.shift}
        for i, layer in enumerate(self.encoder.layers):
            attention = layer.self_attn
            named |= {f"{i}.qkv.weight": attention.in_proj_weight.T}
            named |= {f"{i}.qkv.bias": attention.in_proj_bias}
            named |= self._linear(f"{i}.attended", attention.out_proj)
            named |= self._linear(f"{i}.up", layer.linear1)
            named |= self._linear(f"{i}.down", layer.linear2)
            named |= self._norm(f"{i}.before_attention", layer.norm1)
            named |= self._norm(f"{i}.before_hidden", layer.norm2)
        named |= {"head.weight": self.head.weight[0], "head.bias": self.head.bias}
        return named | self._norm("before_head", self.encoder.norm)

    @staticmethod
    def _linear(name: str, layer: nn.Linear) -> dict[str, Tensor]:
        return {f"{name}.weight": layer.weight.T, f"{name}.bias": layer.bias}

    @staticmethod
    def _norm(name: str, layer: nn.LayerNorm) -> dict[str, Tensor]:
        return {f"{name}.gain": layer.weight, f"{name}.bias": layer.bias}


def put_like_theirs(architecture: Architecture, name: str, value: Tensor) -> Tensor:
    """Return our parameter of one replica with the last axis in the order of `torch.nn`.

    Theirs has the queries of all heads first, ours has every head's query, key and value together.
    """
    if "qkv" not in name:
        return value
    heads = value.unflatten(-1, (architecture.n_heads, 3, architecture.d_head))
    return heads.transpose(-3, -2).flatten(-3)


def draw_parameters(architecture: Architecture, n_replicas: int) -> Tensor:
    """Draw parameters (K, P) in double precision, none of them 0 or 1."""
    drawn = [initialize_parameters(architecture, seed) for seed in range(n_replicas)]
    parameters = torch.stack(drawn).double()
    return parameters + 0.1 * torch.randn(parameters.shape, generator=torch.manual_seed(0))


def build_references(architecture: Architecture, parameters: Tensor) -> list[ReferenceNetwork]:
    ours = unpack_parameters(architecture, parameters)
    references = []
    for k in range(len(parameters)):
        network = ReferenceNetwork(architecture).double()
        theirs = network.named_like_ours()
        assert theirs.keys() == ours.keys()
        with torch.no_grad():
            for name, parameter in theirs.items():
                parameter.copy_(put_like_theirs(architecture, name, ours[name][k]))
        references.append(network)
    return references


def make_data(
    architecture: Architecture, rows: Tensor, rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """Return patches for ours (K, N * B, S * C) and windows for theirs (K, B, L, C)."""
    features = rng.normal(size=(T, architecture.n_features)).astype(np.float32)
    patches = Windows(features, architecture, CPU).gather(rows).double()
    series = torch.from_numpy(features).double()
    windows = [torch.stack([series[r - CONTEXT + 1 : r + 1] for r in batch]) for batch in rows]
    return patches, torch.stack(windows)


@pytest.mark.parametrize(
    "architecture",
    [
        Architecture(n_features=55),
        Architecture(n_features=105, d_model=96, n_layers=2, d_ff_ratio=2),
        SMALL,
        PLAIN,
    ],
)
def test_the_number_of_parameters_equals_the_formula(architecture: Architecture) -> None:
    ours = unpack_parameters(architecture, initialize_parameters(architecture, 0).unsqueeze(0))
    theirs = sum(p.numel() for p in ReferenceNetwork(architecture).parameters())
    assert sum(p.numel() for p in ours.values()) == architecture.count_parameters() == theirs


# In double precision, but for the means and deviations of the windows in RevIN.
@pytest.mark.parametrize(("architecture", "tolerance"), [(SMALL, 1e-5), (PLAIN, 1e-12)])
def test_logits_and_gradients_agree_with_torch_layers(
    architecture: Architecture, tolerance: float, rng: np.random.Generator
) -> None:
    rows = torch.tensor([[19, 50, 89, 33], [60, 20, 21, 77]])
    patches, windows = make_data(architecture, rows, rng)
    parameters = draw_parameters(architecture, 2)
    network = Network(architecture, parameters, training=True)
    logits = network.forward(patches)
    gradients = unpack_parameters(architecture, network.backward(2 * logits))
    for k, reference in enumerate(build_references(architecture, parameters)):
        expected = reference(windows[k])
        torch.testing.assert_close(logits[k], expected, rtol=tolerance, atol=tolerance)
        expected.square().sum().backward()
        for parameter in reference.parameters():
            parameter.data = parameter.grad
        for name, value in reference.named_like_ours().items():
            found = put_like_theirs(architecture, name, gradients[name][k])
            torch.testing.assert_close(found, value, rtol=tolerance, atol=tolerance)


def test_fifty_steps_agree_with_torch_layers_and_optimizers(rng: np.random.Generator) -> None:
    settings = [
        ReplicaSettings(0, 0.0, 1e-3, 1e-2),
        ReplicaSettings(1, 0.0, 3e-3, 1e-1, optimizer="adamw", positive_class_weight=2.0),
    ]
    rows = torch.from_numpy(rng.integers(CONTEXT - 1, T, size=(50, 2, 6)))
    labels = (rows % 3 == 0).double()
    parameters = draw_parameters(PLAIN, 2)
    network = Network(PLAIN, parameters, training=True)
    references = build_references(PLAIN, parameters)
    theirs = [
        torch.optim.Adam(references[0].parameters(), lr=1e-3, weight_decay=1e-2),
        torch.optim.AdamW(references[1].parameters(), lr=3e-3, weight_decay=1e-1),
    ]
    losses = [nn.BCEWithLogitsLoss(), nn.BCEWithLogitsLoss(pos_weight=torch.tensor(2.0))]
    ours, loss = StackedOptimizer(parameters, settings), StackedLoss(settings, CPU)
    even = torch.full((6,), 1 / 6, dtype=torch.float64)
    patches, windows = make_data(PLAIN, rows.flatten(0, 1), rng)
    patches, windows = patches.unflatten(0, (50, 2)), windows.unflatten(0, (50, 2))
    for step in range(50):
        found, gradient = loss.differentiate(network.forward(patches[step]), labels[step], even)
        ours.step(network.backward(gradient), rate_factor=1.0)
        for k in range(2):
            theirs[k].zero_grad()
            expected = losses[k](references[k](windows[step, k]), labels[step, k])
            expected.backward()
            theirs[k].step()
            torch.testing.assert_close(found[k], expected, rtol=1e-10, atol=1e-10)
    unpacked = unpack_parameters(PLAIN, parameters)
    for k, reference in enumerate(references):
        for name, value in reference.named_like_ours().items():
            found = put_like_theirs(PLAIN, name, unpacked[name][k])
            torch.testing.assert_close(found, value, rtol=1e-9, atol=1e-9)


def test_initial_weights_depend_on_the_seed_alone_and_keep_their_bounds() -> None:
    first, again, other = (initialize_parameters(SMALL, seed) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    for name, value in unpack_parameters(SMALL, first.unsqueeze(0)).items():
        if name.endswith(".gain"):
            assert torch.equal(value, torch.ones_like(value))
        elif name.endswith(".bias"):
            assert torch.equal(value, torch.zeros_like(value))
        else:
            bound = 0.02 if name == "positions" else list_parameters(SMALL)[name][0] ** -0.5
            assert 0.9 * bound < value.abs().max() <= bound
            assert value.mean().abs() < 0.2 * bound


def test_dropout_changes_the_logits_of_the_replicas_that_have_it(rng: np.random.Generator) -> None:
    settings = [ReplicaSettings(0, 0.0, 1e-3, 0.0), ReplicaSettings(1, 0.5, 1e-3, 0.0)]
    patches, _ = make_data(SMALL, torch.tensor([[30, 40]] * 2), rng)
    parameters = draw_parameters(SMALL, 2)
    network = Network(SMALL, parameters, training=True)
    still = network.forward(patches).clone()
    dropped = network.forward(patches, open_masks(settings, CPU))
    assert torch.equal(dropped[0], still[0])
    assert not torch.isclose(dropped[1], still[1]).any()


@pytest.mark.parametrize("architecture", [SMALL, PLAIN])
def test_the_gradient_under_dropout_agrees_with_finite_differences(
    architecture: Architecture, rng: np.random.Generator
) -> None:
    settings = [ReplicaSettings(seed, 0.4, 1e-3, 0.0) for seed in range(2)]
    patches, _ = make_data(architecture, torch.tensor([[30, 40, 50], [60, 20, 21]]), rng)
    parameters = draw_parameters(architecture, 2)
    network = Network(architecture, parameters, training=True)

    def compute(along: Tensor | float = 0.0) -> Tensor:
        moved = Network(architecture, parameters + along, training=True)
        return moved.forward(patches, open_masks(settings, CPU)).square().sum()

    logits = network.forward(patches, open_masks(settings, CPU))
    gradient = network.backward(2 * logits)
    for seed in range(5):
        direction = torch.randn(
            parameters.shape, generator=torch.manual_seed(seed), dtype=torch.float64
        )
        direction *= 1e-5 / direction.norm()
        difference = compute(direction) - compute(-direction)
        torch.testing.assert_close(
            2 * (gradient * direction).sum(), difference, rtol=1e-5, atol=1e-12
        )


def test_a_network_for_evaluation_computes_the_same_logits(rng: np.random.Generator) -> None:
    patches, _ = make_data(SMALL, torch.tensor([[30, 40]] * 2), rng)
    parameters = draw_parameters(SMALL, 2)
    logits = [Network(SMALL, parameters, training=t).forward(patches) for t in (True, False)]
    assert torch.equal(*logits)


def test_the_stored_row_of_a_replica_is_whole_cache_lines() -> None:
    stored = initialize_parameters(SMALL, 0)
    assert len(stored) % 16 == 0
    assert 0 <= len(stored) - SMALL.count_parameters() < 16
