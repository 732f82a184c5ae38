"""What a user would write without this project: the base trial from PyTorch's own parts.

`nn.TransformerEncoderLayer`, `DataLoader`, `torch.optim.Adam` and a loop, as in a tutorial.
"""

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from models.architecture import Architecture
from models.training.windows import TrainingData


class WindowDataset(Dataset[tuple[Tensor, Tensor]]):
    """A window of days and its label, one at a time."""

    def __init__(self, data: TrainingData, context: int) -> None:
        self._features = torch.tensor(data.features)
        self._labels = torch.tensor(data.labels, dtype=torch.float32)
        self._rows, self._context = data.train_rows, context

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        row = int(self._rows[index])
        return self._features[row - self._context + 1 : row + 1], self._labels[row]


class PlainTransformer(nn.Module):
    """The patch transformer for windows (B, L, C)."""

    def __init__(self, architecture: Architecture, dropout: float) -> None:
        super().__init__()
        a = self._architecture = architecture
        self.gain = nn.Parameter(torch.ones(a.n_features))
        self.shift = nn.Parameter(torch.zeros(a.n_features))
        self.patch = nn.Linear(a.d_patch, a.d_model)
        self.positions = nn.Parameter(torch.zeros(a.n_patches, a.d_model))
        self.dropout = nn.Dropout(dropout)
        layer = nn.TransformerEncoderLayer(
            a.d_model, a.n_heads, a.d_ff, dropout, "gelu", batch_first=True, norm_first=True
        )
        self.encoder = nn.TransformerEncoder(
            layer, a.n_layers, nn.LayerNorm(a.d_model), enable_nested_tensor=False
        )
        self.head = nn.Linear(a.n_patches * a.d_model, 1)

    def forward(self, windows: Tensor) -> Tensor:
        """Return logits (B,)."""
        a = self._architecture
        centred = windows - windows.mean(1, keepdim=True)
        variance = windows.var(1, correction=0, keepdim=True)
        normal = centred / torch.sqrt(variance + 1e-5) * self.gain + self.shift
        patches = normal.unfold(1, a.patch, a.stride).flatten(2)
        tokens = self.dropout(self.patch(patches) + self.positions)
        logits: Tensor = self.head(self.encoder(tokens).flatten(1)).squeeze(1)
        return logits


class PlainTraining:
    """A model in training, an epoch at a time."""

    def __init__(
        self, architecture: Architecture, data: TrainingData, batch_size: int, device: torch.device
    ) -> None:
        torch.manual_seed(0)
        self._device = device
        self._model = PlainTransformer(architecture, dropout=0.5).to(device)
        self._optimizer = torch.optim.Adam(self._model.parameters(), lr=1e-4, weight_decay=1e-4)
        self._loss = nn.BCEWithLogitsLoss()
        dataset = WindowDataset(data, architecture.context)
        self._batches = DataLoader(dataset, batch_size, shuffle=True)

    def train_epoch(self) -> None:
        """Train on every row once."""
        for windows, labels in self._batches:
            self._optimizer.zero_grad()
            logits = self._model(windows.to(self._device))
            self._loss(logits, labels.to(self._device)).backward()
            self._optimizer.step()
