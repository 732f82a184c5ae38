"""Log-odds of whole splits, without dropout."""

import torch

from models.network import Network
from models.results import Logits
from models.windows import Rows, Windows

# With no activations kept for a backward pass, this takes no more memory than a training step.
_ROWS_A_PASS = 256


def predict_rows(network: Network, windows: Windows, rows: Rows, device: torch.device) -> Logits:
    """Return what each replica predicts for the windows that end on these rows.

    Parameters
    ----------
    network : Network
    windows : Windows
    rows : array of int64, shape (n,)
    device : torch.device
        Of the network and the windows.

    Returns
    -------
    array, shape (K, n)
    """
    parts = []
    for part in torch.split(torch.tensor(rows, device=device), _ROWS_A_PASS):
        patches = windows.gather(part.unsqueeze(0)).expand(network.n_replicas, -1, -1)
        parts.append(network.forward(patches))
    logits: Logits = torch.cat(parts, dim=1).cpu().numpy()
    return logits
