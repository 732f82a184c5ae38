"""Training speed against a plain reference: python -m benchmarks.throughput.

Every set-up trains the base trial (55 features, context 80, batch 64, 1.3 million parameters) on
made-up data, in as many processes as it says, all starting together; set-ups take turns, and the
median of the rounds counts. On CUDA, replicas of the trial train as one program.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import click

from benchmarks.machine import describe_machine, save_results
from runner.planning.device_choice import count_cores
from runner.workers.protocol import ENVIRONMENT

if TYPE_CHECKING:
    from models.training.windows import TrainingData

BATCH_SIZE, N_FEATURES, N_ROWS = 64, 55, 1024
GPU_REPLICAS = (1, 2, 4, 8, 16, 32, 51, 64)


@dataclass(frozen=True, slots=True)
class SetUp:
    """One way to train."""

    name: str
    kind: str  # plain or ours
    processes: int = 1
    threads: int | None = 1  # None for PyTorch's default
    precision: str = "fp32"
    replicas: int = 1
    device: str = "cpu"


def list_set_ups(device: str) -> list[SetUp]:
    """Return what is compared; the first is what all others are held against."""
    if device == "cpu":
        cores = count_cores()
        return [
            SetUp("plain, default threads", "plain", threads=None),
            SetUp("plain, a process a core", "plain", cores),
            SetUp("ours, fp32", "ours", cores),
            SetUp("ours, bf16", "ours", cores, precision="bf16"),
        ]
    ours = [
        SetUp(f"ours, {precision}, {k} replicas", "ours", 1, 1, precision, k, device)
        for precision in ("fp32", "tf32", "bf16")
        for k in GPU_REPLICAS
    ]
    return [SetUp("plain, sequential", "plain", threads=None, device=device), *ours]


def make_data() -> "TrainingData":
    """Return made-up data of the base trial's size."""
    import numpy as np  # noqa: PLC0415 - so that --help answers at once

    from models.training.windows import TrainingData  # noqa: PLC0415

    rng = np.random.default_rng(0)
    n_days = N_ROWS + 80
    features = rng.standard_normal((n_days, N_FEATURES)).astype(np.float32)
    labels = (rng.random(n_days) < 0.2).astype(np.int64)
    rows = np.arange(80, n_days)
    return TrainingData(features, labels, rows, rows[:BATCH_SIZE])


def train(set_up: SetUp, seconds: float) -> float:
    """Train in this process until the time is over; return samples a second."""
    import torch  # noqa: PLC0415

    from benchmarks.workloads.plain_reference import PlainTraining  # noqa: PLC0415
    from models.architecture import Architecture  # noqa: PLC0415
    from models.network.matmul import choose_path, permit_tf32, use_path  # noqa: PLC0415
    from models.settings import GroupSettings, ReplicaSettings  # noqa: PLC0415
    from models.training.stack import ReplicaStack  # noqa: PLC0415

    if set_up.threads is not None:
        torch.set_num_threads(set_up.threads)
    architecture, device, data = Architecture(N_FEATURES), torch.device(set_up.device), make_data()
    training: Any
    if set_up.kind == "plain":
        training = PlainTraining(architecture, data, BATCH_SIZE, device)
    else:
        use_path(choose_path())
        permit_tf32(permitted=set_up.precision == "tf32")
        precision: Any = set_up.precision
        group = GroupSettings(architecture, BATCH_SIZE, precision=precision)
        replicas = [ReplicaSettings(k, 0.5, 1e-4, 1e-4) for k in range(set_up.replicas)]
        training = ReplicaStack(group, replicas, data, device)
    training.train_epoch()
    print("ready", flush=True)
    sys.stdin.readline()
    n_epochs, started = 0, time.perf_counter()
    while (taken := time.perf_counter() - started) < seconds or n_epochs == 0:
        training.train_epoch()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        n_epochs += 1
    return n_epochs * N_ROWS * set_up.replicas / taken


def run(set_up: SetUp, seconds: float) -> float:
    """Train in this set-up's processes, all at once; return their samples a second together."""
    command = [sys.executable, "-m", "benchmarks.throughput", "--seconds", str(seconds)]
    command += ["--child", json.dumps(asdict(set_up))]
    environment = {**os.environ, **(ENVIRONMENT if set_up.kind == "ours" else {})}
    children = [
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
        )
        for _ in range(set_up.processes)
    ]
    for child in children:
        assert child.stdout is not None
        if child.stdout.readline() != "ready\n":
            raise click.ClickException(f"{set_up.name}: a process ended before it was ready")
    return sum(float(child.communicate()[0]) for child in _start_all(children))


def _start_all(children: Sequence["subprocess.Popen[str]"]) -> Sequence["subprocess.Popen[str]"]:
    """Let all processes go before any is waited for."""
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    return children


def tabulate_speeds(
    set_ups: Sequence[SetUp], speeds: dict[str, list[float]], machine: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return one row a set-up: speed, ratio to the first one, and share of the peak."""
    from models.architecture import Architecture  # noqa: PLC0415

    flops = Architecture(N_FEATURES).count_flops(training=True)
    reference = statistics.median(speeds[set_ups[0].name])
    rows = []
    for set_up in set_ups:
        speed = statistics.median(speeds[set_up.name])
        peak = machine.get(f"{set_up.precision}_gflops_all_cores")
        share = speed * flops / peak / 1e9 if peak and set_up.device == "cpu" else None
        threads = "default" if set_up.threads is None else set_up.threads
        rows.append(
            {
                "set-up": set_up.name,
                "processes x threads": f"{set_up.processes} x {threads}",
                "samples/s": round(speed),
                "lowest to highest": f"{min(speeds[set_up.name]):.0f} to "
                f"{max(speeds[set_up.name]):.0f}",
                "ratio": round(speed / reference, 2),
                "share of the matmul peak": None if share is None else f"{share:.0%}",
            }
        )
    return rows


@click.command(help=__doc__)
@click.option("--seconds", default=8.0, show_default=True, help="Of each set-up, each round.")
@click.option("--rounds", default=5, show_default=True, help="That every set-up trains.")
@click.option("--device", default="cpu", show_default=True, help="cpu, or such as cuda:0.")
@click.option("--child", hidden=True)
def main(seconds: float, rounds: int, device: str, child: str | None) -> None:
    """Compare, print and save."""
    if child is not None:
        print(train(SetUp(**json.loads(child)), seconds))
        return
    set_ups = list_set_ups(device)
    speeds: dict[str, list[float]] = {set_up.name: [] for set_up in set_ups}
    for number in range(rounds):
        for set_up in set_ups:
            speeds[set_up.name].append(run(set_up, seconds))
            click.echo(
                f"round {number + 1} of {rounds}, {set_up.name}: "
                f"{speeds[set_up.name][-1]:.0f} samples/s",
                err=True,
            )
    machine = describe_machine()
    note = f"Base trial, {seconds:g} s each, median of {rounds} rounds in turn."
    save_results(
        "throughput", tabulate_speeds(set_ups, speeds, machine), note=note, machine=machine
    )


if __name__ == "__main__":
    main()
