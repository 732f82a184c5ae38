"""What a command's fit costs beyond its own process: python -m benchmarks.command_overhead.

A script that writes a metrics.json and ends is run N times: by a batch with one worker, which
orders and listens to it, reads what it wrote and files a record that is flushed; by
`subprocess.run` in a loop, reading the file; and by joblib with one process that does the same.
"""

import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click

from benchmarks.workloads.batch_clock import time_batch

SCRIPT = """echo '{"epoch": 1, "val_loss": 0.5}'\necho '{"auc": 0.75}' > "$2/metrics.json"\n"""
LOOP, JOBLIB, OURS = "subprocess.run in a loop", "joblib, one process", "this project"


def time_ours(n: int, folder: Path) -> float:
    """Return the seconds of ``n`` fits after the first: ordered, run, read, filed and flushed."""
    from benchmarks.queue_overhead import N_SEEDS, write_study  # noqa: PLC0415

    study = write_study(folder, -(-(n + 1) // N_SEEDS))
    command = f"sh {folder / 'train.sh'} {{seed}} {{out}} {{dropout}}"
    return time_batch(study, n, N_SEEDS, command=command)


def run_plainly(folder: Path, seed: int) -> float:
    """Run the script as a loop of one's own would, and return its metric."""
    out = folder / f"out-{seed}"
    out.mkdir()
    command = ["sh", str(folder / "train.sh"), str(seed), str(out)]
    subprocess.run(command, check=True, capture_output=True)
    return float(json.loads((out / "metrics.json").read_text())["auc"])


def time_loop(n: int, folder: Path) -> float:
    """Return the seconds of ``n`` runs in a loop."""
    started = time.perf_counter()
    for seed in range(n):
        run_plainly(folder, seed)
    return time.perf_counter() - started


def time_joblib(n: int, folder: Path) -> float:
    """Return the seconds of ``n`` runs by joblib's one process, once it has started."""
    from joblib import Parallel, delayed  # noqa: PLC0415

    with Parallel(n_jobs=2, batch_size=1) as parallel:
        parallel([delayed(abs)(1)] * 2)
        started = time.perf_counter()
        for seed in range(n):
            parallel([delayed(run_plainly)(folder, seed)])
        return time.perf_counter() - started


WAYS: dict[str, Callable[[int, Path], float]] = {
    LOOP: time_loop, OURS: time_ours, JOBLIB: time_joblib
}  # fmt: skip


@click.command()
@click.option("--fits", "n", type=click.IntRange(min=1), default=200, show_default=True)
@click.option("--repeats", type=click.IntRange(min=1), default=3, show_default=True)
def main(n: int, repeats: int) -> None:
    """Time N runs of a script that does nothing, in ms a run."""
    from benchmarks.machine import Row, save_results  # noqa: PLC0415

    taken: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(repeats):  # in turns, so that a busy moment is not one way's alone
        for name, measure in WAYS.items():
            with tempfile.TemporaryDirectory() as folder:
                (Path(folder) / "train.sh").write_text(SCRIPT)
                taken[name].append(1000 * measure(n, Path(folder)) / n)
    plain = statistics.median(taken[LOOP])
    table: list[Row] = [
        {
            "way": name,
            "ms a run (median)": round(statistics.median(times), 2),
            "beyond the loop": round(statistics.median(times) - plain, 2),
            "best": round(min(times), 2),
            "worst": round(max(times), 2),
        }
        for name, times in taken.items()
    ]
    note = f"{n} runs of a shell script that writes one file, {repeats} repeats in turns."
    save_results("command_overhead", table, note=note)


if __name__ == "__main__":
    main()
