"""What claims ask of a file system when many runners share it: python -m benchmarks.claims_scale.

So many runners are simulated in one process, each with claims, bookkeeper and order of its own, as
they would run on as many machines: fits take no time of this process but some of a made-up clock,
and records are written as ever. Counted is what goes to the file system by name, which on a shared
one is a request to its server; how long a claim takes here is a local disk's answer.
"""

import builtins
import heapq
import io
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from unittest.mock import patch

import click

from benchmarks.workloads.many_fits import SEEDS_A_TRIAL

if TYPE_CHECKING:
    from benchmarks.machine import Row
    from runner.batch.bookkeeper import Bookkeeper
    from runner.planning.plan import PlannedFit


FIT_S, SPREAD_S = 300.0, 60.0  # of the made-up clock
SIZES = (
    (1, 1_000, True),
    (10, 1_000, True),
    (100, 1_000, True),
    (100, 1_000, False),
    (1_000, 1_500, True),
)
QUICK = ((1, 100, True), (10, 100, True), (10, 200, True), (10, 200, False))
CALLS = {
    "open": "opens", "stat": "looks", "lstat": "looks", "access": "looks", "scandir": "lists",
    "listdir": "lists", "unlink": "writes", "rename": "writes", "replace": "writes",
    "mkdir": "writes", "rmdir": "writes", "utime": "writes",
}  # fmt: skip
KINDS = ("opens", "looks", "lists", "writes")


@contextmanager
def count_calls() -> Iterator[Counter[str]]:
    """Count what this process asks a file system by name: opens, looks, lists and writes."""
    counts: Counter[str] = Counter()

    def counting(call: Callable[..., Any], kind: str) -> Callable[..., Any]:
        def count(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever it takes
            counts[kind] += 1
            return call(*args, **kwargs)

        return count

    with ExitStack() as patches:
        for name, kind in CALLS.items():
            patches.enter_context(patch.object(os, name, counting(getattr(os, name), kind)))
        patches.enter_context(patch.object(io, "open", _counting_open(counts)))
        yield counts


def _counting_open(counts: Counter[str]) -> Callable[..., Any]:
    """Return an `open` of paths that counts; one that makes a file is a write."""

    def count(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        counts["writes" if set(mode) & set("xwa") else "opens"] += 1
        return builtins.open(file, mode, *args, **kwargs)  # noqa: PTH123 - it is what is counted

    return count


@dataclass(slots=True)
class SimulatedRunner:
    """One of many runners: what it does next, and what that has taken."""

    books: "Bookkeeper"
    order: Iterator[int]
    file: Callable[[int], None]
    running: int | None = None
    waits_s: list[float] = field(default_factory=list)  # from a free slot to a claim
    passes: list[int] = field(default_factory=list)  # fits of others that it came to before each

    def go_on(self) -> bool:
        """File what has been running, and claim the next fit; return whether there is one."""
        if self.running is not None:
            self.file(self.running)
        started, before = time.perf_counter(), self.books.n_missed
        self.running = next((n for n in self.order if self.books.claim([n])), None)
        self.waits_s.append(time.perf_counter() - started)
        self.passes.append(self.books.n_missed - before)
        return self.running is not None


@dataclass(frozen=True, slots=True)
class SharedFolder:
    """What runners have done who shared a folder, and what that took."""

    waits_s: Sequence[float]  # a claim each
    passes: Sequence[int]  # fits of others that a runner came to before each
    calls: Counter[str]  # until every fit was claimed and filed
    beat: Counter[str]  # of a runner that renews one claim
    walk: Counter[str]  # of a runner that goes through what is left, all of it filed by others
    walked: int  # fits


def simulate(n_runners: int, n_fits: int, folder: Path, *, spread: bool = True) -> SharedFolder:
    """Let runners share fits until all have been claimed and filed.

    Parameters
    ----------
    n_runners, n_fits
        How many.
    folder
        An empty one.
    spread
        Whether a runner goes elsewhere after a fit that another has had, as it does; else each
        keeps to the list.
    """
    planned = plan_fits(n_fits)
    runners = [make_runner(k, planned, folder, spread=spread) for k in range(n_runners)]
    lengths = random.Random(0)
    turns = [(0.0, place) for place in range(n_runners)]
    claimed = 0
    with count_calls() as calls:
        while claimed < n_fits:
            now, place = heapq.heappop(turns)
            if runners[place].go_on():
                claimed += 1
                heapq.heappush(turns, (now + lengths.gauss(FIT_S, SPREAD_S), place))
        busy = [runner for runner in runners if runner.running is not None]
        with count_calls() as beat:
            busy[0].books.claims.renew()
        for runner in busy:
            assert runner.running is not None
            runner.file(runner.running)
            runner.running = None
    last = runners[-1]
    with count_calls() as walk:
        assert not last.go_on()
    ended = [(runner, n) for runner in runners for n in range(len(runner.waits_s))]
    return SharedFolder(
        waits_s=[runner.waits_s[n] for runner, n in ended],
        passes=[runner.passes[n] for runner, n in ended],
        calls=calls - beat,
        beat=beat,
        walk=walk,
        walked=last.passes[-1],
    )


def plan_fits(n: int) -> "list[PlannedFit]":
    """Return so many fits, all alike in length, the first seed of every trial first."""
    from runner.planning.fit import Fit  # noqa: PLC0415 - so that --help answers at once
    from runner.planning.plan import PlannedFit  # noqa: PLC0415
    from trial_sets.configuration import FreeConfiguration  # noqa: PLC0415

    n_trials = -(-n // SEEDS_A_TRIAL)
    trials = [FreeConfiguration(parameters={"width": k + 1}) for k in range(n_trials)]
    fits = [
        Fit((f"T{k + 1}",), "trial", trial, trial.key, seed)
        for seed in range(SEEDS_A_TRIAL)
        for k, trial in enumerate(trials)
    ]
    return [PlannedFit(fit, "run", "new", None, None, 1.0) for fit in fits[:n]]


def make_runner(
    place: int, planned: "Sequence[PlannedFit]", folder: Path, *, spread: bool
) -> SimulatedRunner:
    """Return a runner on a machine of its own, of which the others see its claims alone."""
    from runner.batch.bookkeeper import Bookkeeper  # noqa: PLC0415 - so that --help answers at once
    from runner.batch.filing import Filing  # noqa: PLC0415
    from runner.batch.ran import Ran  # noqa: PLC0415
    from runner.batch.recording import Outcome, Recorder, Subject  # noqa: PLC0415
    from runner.batch.spread import SpreadOut  # noqa: PLC0415
    from runner.faults.breaker import Breaker  # noqa: PLC0415
    from runner.storage.claims import Claims  # noqa: PLC0415
    from runner.storage.durable import Disk  # noqa: PLC0415
    from runner.storage.outputs import RunFolder  # noqa: PLC0415
    from runner.storage.owner import Runner  # noqa: PLC0415
    from trial_sets.task import settle_metric  # noqa: PLC0415

    run = RunFolder(folder / "study" / "run")
    who = Runner(token=f"{place:016x}", host=f"node-{place}", machine=f"{place}", pid=1, born="1")
    metric = settle_metric("none", "loss", "minimize")
    recorder = Recorder(run, _find_no_rows, {}, metric=metric)
    filing = Filing(Disk(run.path), lambda: None)
    breaker, claims = Breaker(len(planned), "keep_going"), Claims(runner=who)
    books = Bookkeeper(planned, recorder, claims, filing, breaker, lambda _: None)

    def file(number: int) -> None:
        fit, outcome = planned[number].fit, Outcome(metrics={metric.key(): 0.5})
        assert claims.holds(run.fit(*fit.id))
        recorder.file(Subject.of_fit(fit), outcome, Ran("cpu"), datetime.now(UTC))
        claims.release(run.fit(*fit.id))

    numbers = range(len(planned))
    order = iter(SpreadOut(numbers, lambda _: 1.0, lambda: books.n_missed, who.token))
    return SimulatedRunner(books, order if spread else iter(numbers), file)


def _find_no_rows(fold: int | None) -> NoReturn:
    raise AssertionError("an instant fit predicts nothing")


def describe(n_runners: int, n_fits: int, seen: SharedFolder, *, spread: bool = True) -> "Row":
    """Return a row of the table."""
    waits, passes = sorted(1000 * wait for wait in seen.waits_s), sorted(seen.passes)
    a_fit = {kind: round(seen.calls[kind] / n_fits, 1) for kind in KINDS}
    return {
        "runners": n_runners,
        "fits": n_fits,
        "order": "spread" if spread else "by the list",
        "ms to a claim": round(waits[len(waits) // 2], 2),
        "99 of 100": round(waits[int(0.99 * len(waits))], 2),
        "passes to a claim": passes[len(passes) // 2],
        "passes in all, a fit": round(sum(passes) / n_fits, 1),
        **{f"{kind} a fit": number for kind, number in a_fit.items()},
        "requests a fit": round(seen.calls.total() / n_fits, 1),
        "requests a pass": round(seen.walk.total() / seen.walked, 1) if seen.walked else None,
        "requests a second to renew": round(n_runners * seen.beat.total() / 10.0, 1),
    }


@click.command(help=__doc__)
@click.option("--quick", is_flag=True, help="Ten runners at most: some seconds.")
@click.option("--runners", type=click.IntRange(min=1), help="One size alone, with --fits.")
@click.option("--fits", type=click.IntRange(min=1), default=5_000, show_default=True)
def main(*, quick: bool, runners: int | None, fits: int) -> None:
    """Simulate every size, print and save."""
    from benchmarks.machine import save_results  # noqa: PLC0415

    sizes = [(runners, fits, True)] if runners else QUICK if quick else SIZES
    table = []
    for n_runners, n_fits, spread in sizes:
        with tempfile.TemporaryDirectory() as folder:
            seen = simulate(n_runners, n_fits, Path(folder), spread=spread)
        table.append(describe(n_runners, n_fits, seen, spread=spread))
    note = (
        f"Simulated runners, a slot each, on fits of {FIT_S:g} s, {SEEDS_A_TRIAL} in a folder; "
        "requests are calls by name, those of records included. A pass is a look at a fit that "
        "another has filed: whoever is left at the end makes one a fit."
    )
    save_results("claims_scale", table, note=note)


if __name__ == "__main__":
    main()
