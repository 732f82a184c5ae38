import numpy as np
import pytest
import torch

from models.architecture import Architecture
from models.network.parameters import initialize_parameters
from models.network.transformer import Network
from models.training.prediction import predict_rows
from models.training.windows import Windows

CPU = torch.device("cpu")
SMALL = Architecture(n_features=2, context=10, patch=4, stride=2, d_model=8, n_layers=1, n_heads=2)


@pytest.mark.parametrize("n_rows", [1, 256, 600])
def test_rows_are_predicted_one_by_one_and_in_order(n_rows: int, rng: np.random.Generator) -> None:
    features = rng.normal(size=(700, 2)).astype(np.float32)
    windows = Windows(features, SMALL, CPU)
    parameters = torch.stack([initialize_parameters(SMALL, seed) for seed in (0, 1)])
    rows = rng.integers(9, 700, size=n_rows)
    network = Network(SMALL, parameters, training=False)
    logits = predict_rows(network, windows, rows, CPU)
    assert (logits.shape, logits.dtype) == ((2, n_rows), np.float32)
    for i in (0, n_rows // 2, n_rows - 1):
        patches = windows.gather(torch.tensor([[rows[i]]] * 2))
        expected = network.forward(patches)[:, 0]
        np.testing.assert_allclose(logits[:, i], expected, rtol=1e-4, atol=1e-6)
