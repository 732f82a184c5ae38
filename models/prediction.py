"""Log-odds of whole splits, without dropout."""

import torch
from torch import Tensor

from models.architecture import Architecture
from models.network import compute_logits
from models.results import Logits
from models.windows import Rows, Windows

# With no activations kept for a backward pass, this takes no more memory than a training step.
_ROWS_A_PASS = 256


def predict_rows(
    architecture: Architecture, parameters: Tensor, windows: Windows, rows: Rows
) -> Logits:
    """Return what each replica predicts for the windows that end on these rows.

    Parameters
    ----------
    architecture : Architecture
    parameters : Tensor, shape (K, P)
    windows : Windows
    rows : array of int64, shape (n,)

    Returns
    -------
    array, shape (K, n)
    """
    with torch.inference_mode():
        parts = []
        for part in torch.split(torch.tensor(rows, device=parameters.device), _ROWS_A_PASS):
            patches = windows.gather(part.unsqueeze(0)).expand(len(parameters), -1, -1)
            parts.append(compute_logits(architecture, parameters, patches))
        logits: Logits = torch.cat(parts, dim=1).cpu().numpy()
    return logits
