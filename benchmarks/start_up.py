"""How long a person waits for a command's first answer: python -m benchmarks.start_up.

Whole processes, from the command line to their end, or to the first epoch that a batch reports.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from benchmarks.workloads.tiny_study import write_tiny_study

ROOT = Path(__file__).resolve().parent.parent
RUN, ANALYZE = "scripts.run_supplementary", "scripts.analyze"
LOOKS = {
    "run_supplementary --help": (RUN, "--help"),
    "run_supplementary --list": (RUN, "--list"),
    "run_supplementary --set all --dry-run": (RUN, "--set", "all", "--dry-run"),
    "run_supplementary --set all --status": (RUN, "--set", "all", "--status"),
    "analyze --help": (ANALYZE, "--help"),
}
FIRST_EPOCH_WITHIN_S = 120.0


def time_command(module: str, *options: str) -> float:
    """Return the seconds of a whole command, which must succeed."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", module, *options], check=True, capture_output=True, cwd=ROOT
    )
    return time.perf_counter() - started


def time_first_epoch(outputs: Path | None = None) -> float:
    """Return the seconds from a batch's command line to its first epoch.

    The log holds no line for an epoch of a short fit, so the worker's report is noted at the
    moment it reaches the parent: `first_epoch_probe` is the command with that one observer more.

    Parameters
    ----------
    outputs
        The folder of the records; a new one, where the processor is measured first, by default.
    """
    with tempfile.TemporaryDirectory() as folder:
        study = write_tiny_study(Path(folder), {"A1": {}}, seeds=[0], epochs=2)
        place = outputs or Path(folder) / "outputs"
        options = ["--study", str(study), "--set", "A", "--no-baselines", "--device", "cpu"]
        command = [sys.executable, "-m", "benchmarks.workloads.first_epoch_probe", *options]
        started = time.perf_counter()
        process = subprocess.Popen(
            [*command, "--jobs", "1", "--force", "--output", str(place)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        seconds = None
        for line in process.stdout:
            if line.startswith("first epoch") and seconds is None:
                seconds = time.perf_counter() - started
        if process.wait(FIRST_EPOCH_WITHIN_S) or seconds is None:
            raise click.ClickException("the batch did not come to its first epoch")
        return seconds


def repeat(measure: Callable[[], float], repeats: int) -> dict[str, float]:
    """Return the columns of a table: median, best and worst of several times, in seconds."""
    times = [measure() for _ in range(repeats)]
    return {
        "seconds (median)": round(statistics.median(times), 2),
        "best": round(min(times), 2),
        "worst": round(max(times), 2),
    }


@click.command()
@click.option("--repeats", type=click.IntRange(min=1), default=5, show_default=True)
def main(repeats: int) -> None:
    """Time the first answer of each command."""
    from benchmarks.machine import Row, save_results  # noqa: PLC0415 - --help answers at once

    time_command(RUN, "--help")  # the files are in the system's cache from here on
    with tempfile.TemporaryDirectory() as folder:
        known = Path(folder)
        time_first_epoch(known)
        table: list[Row] = [
            {"command": "a batch, to its first epoch"}
            | repeat(lambda: time_first_epoch(known), repeats),
            {"command": "the same, the machine's first batch"} | repeat(time_first_epoch, repeats),
        ]
        for name, command in LOOKS.items():
            options = [] if "--help" in command or "--list" in command else ["--output", folder]
            look = partial(time_command, *command, *options)
            table.append({"command": name} | repeat(look, repeats))
    note = f"Whole processes, {repeats} times each; the first epoch is that of a tiny network."
    save_results("start_up", table, note=note)


if __name__ == "__main__":
    main()
