"""Which fits train as one program, and whether their memory is counted right."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from models.architecture import AnyArchitecture, Architecture, LstmArchitecture
from models.network.workspace import Workspace
from models.settings import GroupSettings, ReplicaSettings
from models.training.stack import ReplicaStack
from models.training.windows import TrainingData
from runner.batch.grouping import MOST_REPLICAS, count_activations, group_fits, group_size
from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from runner.workers.protocol import CudaDevice, Ready

GIB = 1024**3
BASE = GroupSettings(Architecture(n_features=55), batch_size=64)


def machine(*gibs: float) -> Ready:
    cuda = tuple(CudaDevice(name="GPU", memory_bytes=int(gib * GIB)) for gib in gibs)
    return Ready(versions={}, processor="", cuda=cuda, mps=False, matmul="default")


@pytest.mark.parametrize(
    ("devices", "memory", "expected"),
    [
        (["cpu", "cpu"], (), 1),
        (["mps"], (), 1),
        (["cuda:0"], (141.0,), MOST_REPLICAS),
        (["cuda:0"], (8.0,), 39),
        (["cuda:0", "cuda:0"], (8.0,), 19),  # two workers share the device
        (["cuda:0", "cuda:1"], (80.0, 8.0), 39),  # the smaller device decides
        (["cuda:0"], (0.01,), 1),
    ],
)
def test_groups_fill_half_of_a_gpu(
    devices: list[str], memory: tuple[float, ...], expected: int
) -> None:
    assert group_size(BASE, devices, machine(*memory), 1000) == expected


def test_no_gpu_is_left_without_fits() -> None:
    devices = [f"cuda:{number}" for number in range(4)]
    assert group_size(BASE, devices, machine(80, 80, 80, 80), 21) == 6


@pytest.fixture
def plan(tiny_study: Path, tmp_path: Path) -> Plan:
    """Return a plan of two trials that differ in their dropout, and of one that trains longer."""
    trials = {"A1": {}, "A2": {"dropout": 0.4}, "A3": {"epochs": 9}}
    (tiny_study / "A.json").write_text(json.dumps({"title": "Groups", "trials": trials}))
    (tiny_study / "B.json").unlink()
    return make_plan(
        Request(study=str(tiny_study), sets=("A",), device="cpu", output=tmp_path / "outputs")
    )


def test_every_fit_is_alone_on_a_cpu_and_the_longest_comes_first(plan: Plan) -> None:
    groups = group_fits(plan, ["cpu", "cpu"], machine())
    assert [group.numbers for group in groups] == [(2,), (0,), (1,)]
    assert groups[0].job.configurations == (plan.fits[2].fit.configuration,)


def test_fits_that_differ_in_what_replicas_may_share_a_gpu(plan: Plan) -> None:
    groups = group_fits(plan, ["cuda:0"], machine(80))
    assert [group.numbers for group in groups] == [(2,), (0, 1)]
    assert groups[1].job.seeds == (3, 3)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the values of every tensor that a workspace makes."""
    sizes: list[int] = []
    take = Workspace.take

    def count(self: Workspace, name: str, *shape: int) -> Tensor:
        if (name, shape) not in self._tensors:
            sizes.append(int(np.prod(shape)))
        return take(self, name, *shape)

    monkeypatch.setattr(Workspace, "take", count)
    return sizes


@pytest.mark.parametrize(
    "architecture",
    [
        Architecture(n_features=3, d_model=32, n_layers=2, n_heads=4),
        LstmArchitecture(n_features=3, context=80, hidden_size=32, n_layers=2),
        LstmArchitecture(n_features=3, context=80, hidden_size=16, n_layers=1),
    ],
    ids=["transformer", "lstm of two layers", "lstm of one layer"],
)
def test_the_counted_activations_cover_what_a_step_takes(
    architecture: AnyArchitecture, taken: list[int]
) -> None:
    rng = np.random.default_rng(0)
    settings = GroupSettings(architecture, batch_size=16)
    rows = np.arange(80, 400)
    features = rng.normal(size=(400, 3)).astype(np.float32)
    data = TrainingData(features, (rng.random(400) < 0.5).astype(np.int64), rows[:32], rows)
    stack = ReplicaStack(settings, [ReplicaSettings(0, 0.5, 1e-3, 0.0)], data, torch.device("cpu"))
    stack.train_epoch()
    stack.predict(rows)
    assert 0.5 * count_activations(settings) < sum(taken) < count_activations(settings)
