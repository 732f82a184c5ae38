"""The time of a batch's fits, shown and recorded as the command does."""

import time
from io import StringIO
from pathlib import Path


def time_batch(
    study: Path, n: int, n_seeds: int, *, trainer: str | None = None, command: str | None = None
) -> float:
    """Return the seconds of ``n`` fits after the first of a batch by one worker.

    Parameters
    ----------
    study
        The folder of a study with one set, A.
    n
        Fits that are timed.
    n_seeds
        Of every trial.
    trainer, command
        What trains, as a request takes it.
    """
    from rich.console import Console  # noqa: PLC0415 - so that --help answers at once

    from runner.batch.events import Event, FitEnded  # noqa: PLC0415
    from runner.batch.run import run_plan, start_workers  # noqa: PLC0415
    from runner.batch.tracker import Tracker  # noqa: PLC0415
    from runner.planning.plan import make_plan  # noqa: PLC0415
    from runner.planning.request import Request  # noqa: PLC0415
    from scripts.running.live import watch  # noqa: PLC0415

    request = Request(
        study=str(study),
        sets=("A",),
        seeds=n_seeds,
        output=study.parent / "outputs",
        device="cpu",
        jobs=1,
        baselines=False,
        trainer=trainer,
        command=command,
    )
    ends: list[float] = []
    with start_workers(request) as pool:
        plan = make_plan(request)
        tracker = Tracker(
            [planned.fit for planned in plan.to_run],
            [planned.epoch_flops for planned in plan.to_run],
        )
        with watch(tracker, Console(file=StringIO()), plan.folder.log) as show:

            def observe(event: Event) -> None:
                show(event)
                if isinstance(event, FitEnded):
                    assert event.record.status == "complete"
                    ends.append(time.perf_counter())

            run_plan(plan, pool, observe)
    assert len(ends) > n
    return ends[n] - ends[0]
