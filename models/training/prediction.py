"""The network's outputs for whole splits, without dropout."""

import numpy as np
import torch

from models.network.building import TrainedNetwork
from models.settings import ROWS_A_PASS
from models.training.results import Logits
from models.training.windows import Rows, Windows


def predict_rows(
    network: TrainedNetwork, windows: Windows, rows: Rows, device: torch.device
) -> Logits:
    """Return what each replica predicts for the windows that end on these rows.

    Parameters
    ----------
    network : TrainedNetwork
    windows : Windows
    rows : array of int64, shape (n,)
    device : torch.device
        Of the network and the windows.

    Returns
    -------
    array, shape (K, n), or (K, n, O) with several outputs
    """
    n_passes = -(-len(rows) // ROWS_A_PASS)
    missing = -len(rows) % n_passes  # passes of one size share their memory
    filled = torch.from_numpy(np.pad(rows, (0, missing), mode="edge")).to(device)
    parts = []
    for part in filled.chunk(n_passes):
        patches = windows.gather(part.unsqueeze(0)).expand(network.n_replicas, -1, -1)
        parts.append(network.forward(patches))
    logits: Logits = torch.cat(parts, dim=1)[:, : len(rows)].cpu().numpy()
    return logits
