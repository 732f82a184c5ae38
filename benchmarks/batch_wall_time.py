"""How long batches take, and how that grows: python -m benchmarks.batch_wall_time.

Whole commands on the built-in study, with fewer epochs than the study trains, into a new folder
each; then replicas that train as one program in one process, in samples a second.
"""

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from benchmarks.machine import Row

ROOT = Path(__file__).resolve().parent.parent
SELECTIONS = {"A1": ("--trial", "A1"), "A": ("--set", "A"), "all": ("--set", "all")}
ON_CPU, ON_CUDA = (1, 2, 4, 6), (1, 2, 4, 8, 16, 32, 51)
FULL_EPOCHS = 50  # what the study trains at most


@dataclass(frozen=True, slots=True)
class Timing:
    """What a batch took."""

    wall_s: float
    training_s: float  # the sum over its fits, whichever worker trained them


def time_batch(selection: str, seeds: int, epochs: int) -> Timing:
    """Time a whole command whose fits must all succeed."""
    with tempfile.TemporaryDirectory() as folder:
        options = [*SELECTIONS.get(selection, ("--set", selection)), "--seeds", str(seeds)]
        options += ["--epochs", str(epochs), "--no-baselines", "--output", folder]
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "scripts.run_supplementary", *options],
            check=True, capture_output=True, cwd=ROOT,
        )  # fmt: skip
        wall_s = time.perf_counter() - started
        records = Path(folder).glob("*/*/*/seed-*/record.json")
        return Timing(wall_s, sum(json.loads(path.read_text())["seconds"] for path in records))


def count_fits(selection: str, seeds: int) -> int:
    """Return how many distinct fits a selection is, controls included."""
    from runner.planning.fit import gather_fits, select_trials  # noqa: PLC0415
    from runner.planning.request import Request  # noqa: PLC0415
    from runner.planning.requested_study import load_requested_study  # noqa: PLC0415

    study = load_requested_study(Request())
    option, name = SELECTIONS.get(selection, ("--set", selection))
    sets, trials = ([name], []) if option == "--set" else ([], [name])
    chosen = select_trials(study, sets, trials, controls=True)
    return len(gather_fits(study, chosen, study.seeds[:seeds]))


def tabulate_batches(selections: list[str], seeds: list[int], epochs: int) -> "list[Row]":
    """Return one row a selection and number of seeds."""
    alone = time_batch("A1", 1, epochs)
    start_s = alone.wall_s - alone.training_s  # the rest of a batch of one fit
    table: list[Row] = []
    for selection in selections:
        for n_seeds in seeds:
            wall_s = time_batch(selection, n_seeds, epochs).wall_s
            fits = count_fits(selection, n_seeds)
            full_s = start_s + (wall_s - start_s) * FULL_EPOCHS / epochs
            table.append(
                {
                    "trials": selection,
                    "seeds": n_seeds,
                    "fits": fits,
                    "epochs": epochs,
                    "seconds": round(wall_s, 1),
                    "seconds a fit": round(wall_s / fits, 2),
                    f"minutes, scaled to {FULL_EPOCHS} epochs": round(full_s / 60, 1),
                }
            )
    return table


def tabulate_replicas(sizes: list[int], device: str, epochs: int) -> "list[Row]":
    """Return one row a number of replicas: how fast a group of the study's base trains."""
    return [
        {
            "replicas": size,
            "device": device,
            "samples/s": round(speed),
            "samples/s a replica": round(speed / size),
        }
        for size in sizes
        for speed in [measure_replicas(size, device, epochs)]
    ]


def measure_replicas(size: int, device: str, epochs: int) -> float:
    """Return the training samples a second of one group, validation included.

    One thread, as a worker has; the group's last epoch counts, since the first one warms up.
    """
    import torch  # noqa: PLC0415 - so that --help answers at once

    from models.network.matmul import choose_path, use_path  # noqa: PLC0415
    from models.training.results import EpochReport  # noqa: PLC0415
    from models.training.trainer import train_group  # noqa: PLC0415
    from models.training.windows import TrainingData  # noqa: PLC0415
    from runner.planning.preparation import load_folds_for  # noqa: PLC0415
    from runner.planning.request import Request  # noqa: PLC0415
    from runner.planning.requested_study import load_requested_study  # noqa: PLC0415
    from runner.translation import Question, group_settings, replica_settings  # noqa: PLC0415
    from trial_sets.records.request import StudyOverrides  # noqa: PLC0415

    torch.set_num_threads(1)
    use_path(choose_path())
    request = Request(overrides=StudyOverrides(epochs=1 + epochs))
    study = load_requested_study(request)
    (data,) = load_folds_for(study, request.data).datasets
    base = study.find_trial("T5").configuration
    group = group_settings(base, Question(len(data.feature_names)))
    replicas = [replica_settings(base, seed) for seed in range(size)]
    series = TrainingData(data.features, data.labels, data.train_rows, data.val_rows)
    reports: list[EpochReport] = []
    for _ in train_group(group, replicas, series, torch.device(device), reports.append):
        pass
    return size * len(data.train_rows) / reports[-1].scores.seconds


@click.command()
@click.option("--sets", default="A1,A,all", show_default=True, metavar="NAME[,NAME]",
              help="Sets, or A1 for that trial alone.")  # fmt: skip
@click.option("--seeds", default="1,3", show_default=True, metavar="N[,N]")
@click.option("--epochs", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--replicas", metavar="N[,N]", help="Replicas a group; by default what suits.")
def main(sets: str, seeds: str, epochs: int, replicas: str | None) -> None:
    """Time batches of the built-in study, and groups of replicas."""
    from benchmarks.machine import describe_machine, save_results  # noqa: PLC0415

    batches = tabulate_batches(sets.split(","), [int(n) for n in seeds.split(",")], epochs)
    import torch  # noqa: PLC0415 - the batches are timed before this process computes itself

    device = "cuda" if torch.cuda.is_available() else "cpu"
    suits = ON_CUDA if device == "cuda" else ON_CPU
    sizes = [int(n) for n in replicas.split(",")] if replicas else list(suits)
    groups = tabulate_replicas(sizes, device, epochs)
    machine = describe_machine()
    note = (
        f"Whole commands with --epochs {epochs}. The last column is scaled, not measured: as if "
        f"every fit trained all its {FULL_EPOCHS} epochs; the start, as with A1 alone, counts once."
    )
    save_results("batch_wall_time", batches, note=note, machine=machine)
    note = f"The study's T5, {device}, one process and thread, one epoch after a first one."
    save_results("replicas", groups, note=note, machine=machine)


if __name__ == "__main__":
    main()
