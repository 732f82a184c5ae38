"""How a plan and its status grow with the planned fits: python -m benchmarks.plan_scale.

Whole processes of ``run_supplementary --dry-run`` and ``--status`` on made-up studies of a trainer
of one's own, five seeds a trial, with no record there, half of them, and all. Seconds of processors
and peaks of memory are those of all processes together (of memory on Linux alone, looked at ten
times a second, pages that several share counted in each); the wall clock's are of this machine.
"""

import contextlib
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from benchmarks.workloads.many_fits import (
    SEEDS_A_TRIAL,
    ask_all,
    file_records,
    list_options,
    write_large_study,
)

if TYPE_CHECKING:
    from benchmarks.machine import Row

SIZES = (1_000, 10_000, 100_000)  # fits
QUICK = (100, 1_000)
FLAGS = ("--dry-run", "--status")
SHARES = {"none": 0.0, "half": 0.5, "all": 1.0}
LOOK_S = 0.1
MIB = 1024  # KiB


def measure(study: Path, flag: str) -> "Row":
    """Return what one command takes: seconds of the wall clock and of processors, and MiB."""
    command = [sys.executable, "-m", "scripts.run_supplementary", *list_options(study), flag]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak, ended = 0, 0
    while not ended:
        time.sleep(LOOK_S)
        peak = max(peak, measure_family(process.pid))
        ended, status, used = os.wait4(process.pid, os.WNOHANG)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return {
        "command": flag,
        "seconds": round(seconds, 1),
        "of processors": round(used.ru_utime + used.ru_stime, 1),
        "peak MiB": round(peak / MIB),
    }


def measure_family(pid: int) -> int:
    """Return the KiB of a process and all that it has started; what they share counts in each."""
    total, pids = 0, [pid]
    while pids:
        here = Path(f"/proc/{pids.pop()}")
        with contextlib.suppress(OSError):  # it has ended, or this is no Linux
            lines = (here / "smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Rss:"))
            for task in (here / "task").iterdir():
                pids += map(int, (task / "children").read_text().split())
    return total


def measure_size(n_fits: int, folder: Path) -> "list[Row]":
    """Return a row a command and share of records that are there."""
    from runner.planning.plan import make_plan  # noqa: PLC0415 - so that --help answers at once

    study = write_large_study(folder, n_fits // SEEDS_A_TRIAL - 1)  # beside them a control
    rows: list[Row] = []
    for name, share in SHARES.items():
        plan = make_plan(ask_all(study))
        file_records(plan, plan.to_run[: round(share * n_fits) - (n_fits - len(plan.to_run))])
        rows += [{"fits": n_fits, "records": name, **measure(study, flag)} for flag in FLAGS]
    return rows


def tell_growth(rows: "list[Row]") -> str:
    """Say with which power of the fits the seconds of processors grow, over the last two sizes."""
    told = []
    for name in SHARES:
        for flag in FLAGS:
            found = [r for r in rows if (r["records"], r["command"]) == (name, flag)][-2:]
            fits, seconds = (math.log(found[1][k] / found[0][k]) for k in ("fits", "of processors"))
            told.append(f"{flag} with {name} {seconds / fits:.2f}")
    return ", ".join(told)


@click.command(help=__doc__)
@click.option("--quick", is_flag=True, help="A thousand fits at most: some twenty seconds.")
def main(*, quick: bool) -> None:
    """Time every size, print and save."""
    from benchmarks.machine import save_results  # noqa: PLC0415

    rows: list[Row] = []
    for n_fits in QUICK if quick else SIZES:
        with tempfile.TemporaryDirectory() as folder:
            rows += measure_size(n_fits, Path(folder))
    note = f"Growth as a power of the fits, between the last two sizes: {tell_growth(rows)}."
    save_results("plan_scale", rows, note=note)


if __name__ == "__main__":
    main()
