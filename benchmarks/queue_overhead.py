"""What the queue costs a fit that does nothing: python -m benchmarks.queue_overhead.

A thousand fits of a trainer that returns at once go through one warm worker, with every record
flushed; Optuna, joblib and Ray Tune are given as many jobs on the same machine right after. The
clock starts when the first job has ended, so that nobody is charged for a start.
"""

import statistics
import tempfile
from pathlib import Path

import click

from benchmarks.workloads.batch_clock import time_batch
from benchmarks.workloads.tiny_study import write_tiny_study

N_SEEDS = 10
TRAINER = "def train(configuration, data, context):\n    return {'val_auc': 0.5}\n"
OURS = "this project"
PERSISTS = {
    OURS: "durable: a record a fit, renamed and flushed, and both its folders",
    "optuna-sqlite": "a transaction a change of state, flushed as SQLite does by default",
    "optuna-journal": "durable: a line a change of state, flushed each time",
    "joblib": "one JSON file a job, flushed and renamed; its folder is not flushed",
    "ray-tune": "not durable: the experiment's state now and then, unflushed; no loggers",
}


def write_study(folder: Path, n_trials: int) -> Path:
    """Write a study of so many trials and ten seeds, and the trainer; return its folder."""
    trials = {f"A{n}": {"dropout": n / (2 * n_trials)} for n in range(1, n_trials + 1)}
    study = write_tiny_study(folder, trials, seeds=range(N_SEEDS), epochs=1)
    (study / "trainer.py").write_text(TRAINER)
    return study


def time_ours(n: int, folder: Path) -> float:
    """Return the seconds of ``n`` fits after the first, shown and recorded as the command does."""
    study = write_study(folder, -(-(n + 1) // N_SEEDS))
    return time_batch(study, n, N_SEEDS, trainer=f"{study / 'trainer.py'}:train")


@click.command()
@click.option("--fits", "n", type=click.IntRange(min=1), default=1000, show_default=True)
@click.option("--repeats", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--peers/--no-peers", default=True, help="Also time Optuna, joblib and Ray Tune.")
@click.option("--ray/--no-ray", default=True, help="Ray Tune is the largest to install.")
def main(n: int, repeats: int, *, peers: bool, ray: bool) -> None:
    """Time N fits that do nothing, here and in other tools, in ms a fit."""
    from benchmarks.machine import Row, save_results  # noqa: PLC0415
    from benchmarks.peers.environment import install_peers, time_peer  # noqa: PLC0415

    names = [name for name in PERSISTS if name == OURS or peers]
    names = [name for name in names if ray or name != "ray-tune"]
    missing = install_peers() if peers else None
    taken: dict[str, list[float]] = {name: [] for name in names}
    problems: dict[str, str] = {}
    for _ in range(repeats):  # in turns, so that a busy moment is not one tool's alone
        for name in names:
            if name != OURS and missing is not None:
                problems[name] = f"not installed: {missing}"
                continue
            with tempfile.TemporaryDirectory() as folder:
                seconds = time_ours(n, Path(folder)) if name == OURS else time_peer(name, n)
            if isinstance(seconds, str):
                problems[name] = f"failed: {seconds}"
            else:
                taken[name].append(1000 * seconds / n)
    table: list[Row] = [
        {
            "tool": name,
            "ms a fit (median)": round(statistics.median(times), 2) if times else None,
            "best": round(min(times), 2) if times else None,
            "worst": round(max(times), 2) if times else None,
            "what is on disk": problems.get(name, PERSISTS[name]),
        }
        for name, times in taken.items()
    ]
    note = f"{n} fits that do nothing, one warm worker, {repeats} repeats in turns, start left out."
    save_results("queue_overhead", table, note=note)


if __name__ == "__main__":
    main()
