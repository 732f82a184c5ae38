"""Operations that a training step asks of an accelerator: python -m benchmarks.operations.

What a step of small networks takes on a large accelerator is the number of its launches, and that
can be counted without one: the step is traced on PyTorch's device without memory (`meta`), where
everything takes the accelerator's path, and where a step that waits for a value would fail. Views,
which launch nothing, are left out.
"""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import click

from benchmarks.machine import save_results

if TYPE_CHECKING:
    from models.architecture import AnyArchitecture
    from models.settings import ReplicaSettings

REPLICAS = (1, 4, 16, 64)
BATCH_SIZE, N_FEATURES, N_ROWS = 64, 55, 256


def count_operations(
    architecture: "AnyArchitecture", replicas: "Sequence[ReplicaSettings]", batch_size: int
) -> Counter[str]:
    """Return how often each operation occurs in a training step of a group, views left out.

    Parameters
    ----------
    architecture : AnyArchitecture
    replicas : sequence of ReplicaSettings
    batch_size : int
        Rows a step.
    """
    import numpy as np  # noqa: PLC0415 - so that --help answers at once
    import torch  # noqa: PLC0415

    from models.settings import GroupSettings  # noqa: PLC0415
    from models.training.stack import ReplicaStack  # noqa: PLC0415
    from models.training.windows import TrainingData  # noqa: PLC0415

    device, n_days = torch.device("meta"), N_ROWS + architecture.context
    rows = np.arange(architecture.context, n_days)
    features = np.zeros((n_days, architecture.n_features), np.float32)
    data = TrainingData(features, np.arange(n_days) % 2, rows, rows)
    group = GroupSettings(architecture, batch_size)
    with patch("models.training.stack.open_masks", _open_masks):
        stack = ReplicaStack(group, replicas, data, device)
    batch = torch.zeros((len(replicas), batch_size), dtype=torch.int64, device=device)
    weights = torch.ones(batch_size, device=device)
    with torch.inference_mode():
        stack._take_step(batch, weights, 1.0)  # asks for the memory that later steps use again
        return _count(lambda: stack._take_step(batch, weights, 1.0))


def _open_masks(replicas: "Sequence[ReplicaSettings]", device: Any) -> Any:  # noqa: ANN401
    """Return the masks of an accelerator, without a generator: `meta` has none."""
    import torch  # noqa: PLC0415

    from models.network.randomness import DeviceMasks  # noqa: PLC0415

    masks = DeviceMasks(replicas, torch.device("cpu"))
    masks._generator = None  # type: ignore[assignment]
    masks._rates, masks._scales = masks._rates.to(device), masks._scales.to(device)
    return masks


def _count(step: Any) -> Counter[str]:  # noqa: ANN401
    """Return the operations of a call, by name."""
    from torch.utils._python_dispatch import TorchDispatchMode  # noqa: PLC0415

    counts: Counter[str] = Counter()

    class Counting(TorchDispatchMode):  # type: ignore[no-untyped-call]
        def __torch_dispatch__(
            self,
            func: Any,  # noqa: ANN401
            types: Any,  # noqa: ANN401
            args: Any = (),  # noqa: ANN401
            kwargs: Any = None,  # noqa: ANN401
        ) -> Any:  # noqa: ANN401
            """Count an operation and carry it out."""
            if not func.is_view:
                counts[func.name()] += 1
            return func(*args, **(kwargs or {}))

    with Counting():  # type: ignore[no-untyped-call]
        step()
    return counts


def list_replicas(n: int, *, mixed: bool = False) -> "list[ReplicaSettings]":
    """Return replicas of which each has rates of its own, and if mixed, all four optimizers."""
    from models.settings import ReplicaSettings  # noqa: PLC0415

    kinds: list[Any] = ["adam", "adamw", "sgd", "rmsprop"] if mixed else ["adam"]
    return [
        ReplicaSettings(k, 0.5, 1e-4 * (k + 1), 1e-4, optimizer=kinds[k % len(kinds)])
        for k in range(n)
    ]


@click.command(help=__doc__)
def main() -> None:
    """Count, print and save."""
    from models.architecture import Architecture, LstmArchitecture  # noqa: PLC0415

    lstm = LstmArchitecture(N_FEATURES, context=80, hidden_size=128, n_layers=2)
    networks: dict[str, AnyArchitecture] = {"transformer": Architecture(N_FEATURES), "lstm": lstm}
    table = []
    for name, architecture in networks.items():
        for mixed in (False, True):
            counts = {
                k: count_operations(architecture, list_replicas(k, mixed=mixed), BATCH_SIZE).total()
                for k in REPLICAS
            }
            by_replicas = {f"K = {k}": n for k, n in counts.items()}
            optimizers = "all four" if mixed else "adam"
            ratio = round(counts[REPLICAS[-1]] / counts[1], 3)
            table.append({"network": name, "optimizers": optimizers, **by_replicas, "ratio": ratio})
    note = (
        "Operations of a training step, views left out; the ratio is that of most replicas to one."
    )
    save_results("operations", table, note=note)


if __name__ == "__main__":
    main()
