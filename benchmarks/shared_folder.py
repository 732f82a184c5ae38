"""Runners on one folder beside other queues: python -m benchmarks.shared_folder.

As many ordinary runners as are named, with one worker each, share an outputs folder; Dask and Ray
are given the same fits and as many workers on the same machine right after. Then a process is
killed with SIGKILL in the middle of each, and what was begun twice, what is lost and how long it
takes is counted.
"""

import math
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from benchmarks.machine import Row
    from benchmarks.workloads.queue_trial import Counted, Victim

WORKERS = (1, 2, 4)
OURS = "this project"
PEERS = ("dask", "ray")
SLOW_FITS, SLOW_S = 8, 5.0  # they sleep, so that four runners on two cores are no lie
FAULTY_FITS, FAULTY_WORKERS = 12, 4
VICTIMS: "tuple[Victim, ...]" = ("nobody", "a worker", "what was started first")


@click.command(help=__doc__)
@click.option("--fits", "n", type=click.IntRange(min=1), default=400, show_default=True)
@click.option("--repeats", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--peers/--no-peers", default=True, help="Also time Dask and Ray.")
@click.option(
    "--limit",
    "limit_s",
    type=click.FloatRange(min=60),
    default=180,
    help="Seconds after which a queue is said to hang.",
    show_default=True,
)
def main(n: int, repeats: int, *, peers: bool, limit_s: float) -> None:
    """Time N fits that do nothing and a few that sleep; then kill."""
    from benchmarks.machine import save_results  # noqa: PLC0415 - so that --help answers at once
    from benchmarks.peers.environment import PINS, install_peers  # noqa: PLC0415

    queues = (OURS, *PEERS) if peers else (OURS,)
    if peers and (why := install_peers()) is not None:
        queues = (OURS,)
        click.echo(f"Without Dask and Ray: {why}; by hand: pip install -r {PINS}", err=True)
    table = [*list_instant(queues, n, repeats, limit_s), *list_slow(queues, limit_s)]
    note = (
        f"{n} fits that do nothing ({repeats} repeats in turns, the median) and {SLOW_FITS} that "
        f"sleep {SLOW_S:g} s. The rate is that from the first fit's beginning, which waits until "
        "every worker is there, until the last result is written; each is a file, flushed."
    )
    save_results("shared_folder", table, note=note)
    note = (
        f"{FAULTY_FITS} fits that sleep {SLOW_S:g} s, on {FAULTY_WORKERS} workers; SIGKILL a "
        "second after the first four have ended. What was started first is one of the runners, "
        f"or the only script of a peer. A queue that has not ended after {limit_s:g} s hangs."
    )
    save_results("shared_folder_faults", list(list_faults(queues, limit_s)), note=note)


def list_instant(queues: Sequence[str], fits: int, repeats: int, limit_s: float) -> "Iterator[Row]":
    """Yield a row for each queue and number of workers: fits that do nothing."""
    counted: dict[tuple[int, str], list[Counted]] = {
        (workers, queue): [] for workers in WORKERS for queue in queues
    }
    for _ in range(repeats):  # in turns, so that a busy moment is not one queue's alone
        for (workers, queue), found in counted.items():
            found.append(_try(queue, fits, workers, 0.0, limit_s))
    for (workers, queue), found in counted.items():
        yield describe_rate(queue, workers, 0.0, found)


def list_slow(queues: Sequence[str], limit_s: float) -> "Iterator[Row]":
    """Yield a row for each queue and number of workers: fits that sleep."""
    for workers in WORKERS:
        for queue in queues:
            found = [_try(queue, SLOW_FITS, workers, SLOW_S, limit_s)]
            yield describe_rate(queue, workers, SLOW_S, found)


def list_faults(queues: Sequence[str], limit_s: float) -> "Iterator[Row]":
    """Yield a row for each queue and process that is killed."""
    for victim in VICTIMS:
        for queue in queues:
            counted = _try(queue, FAULTY_FITS, FAULTY_WORKERS, SLOW_S, limit_s, victim)
            yield describe_fault(queue, victim, counted)


def _try(
    queue: str,
    fits: int,
    workers: int,
    seconds: float,
    limit_s: float,
    victim: "Victim" = "nobody",
) -> "Counted":
    from benchmarks.workloads.queue_trial import Batch, try_batch  # noqa: PLC0415

    click.echo(f"{queue}: {workers} workers, {fits} fits of {seconds:g} s, kill {victim}", err=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        return try_batch(Batch(queue, fits, workers, seconds, victim, limit_s), Path(folder))


def describe_rate(queue: str, workers: int, seconds: float, found: "Sequence[Counted]") -> "Row":
    """Return how fast a queue was: the median of what was found."""
    span_s = statistics.median(counted.span_s for counted in found)
    fits = found[0].results
    ideal_s = math.ceil(fits / workers) * seconds
    return {
        "queue": queue,
        "workers": workers,
        "fits": f"{fits} of {seconds:g} s",
        "fits a second": round(fits / span_s, 2),
        "longer than asleep": f"{span_s / ideal_s - 1:.1%}" if seconds else "",
        "s to the first": round(statistics.median(c.first_fit_s for c in found), 1),
        "s to the end": round(statistics.median(c.whole_s for c in found), 1),
        "run twice": sum(c.diary.count_repeated("begin") for c in found),
    }


def describe_fault(queue: str, victim: str, counted: "Counted") -> "Row":
    """Return what a kill has cost a queue."""
    since_s = counted.whole_s - (counted.killed_s or counted.first_fit_s)
    return {
        "killed": victim,
        "queue": queue,
        "results": f"{counted.results} of {FAULTY_FITS}",
        "begun twice": counted.diary.count_repeated("begin"),
        "ended twice": counted.diary.count_repeated("end"),
        "s to the end": "hangs" if counted.hung else round(since_s, 1),
        "exit codes": " ".join(map(str, counted.codes)),
        "processes left": counted.left,
    }


if __name__ == "__main__":
    main()
