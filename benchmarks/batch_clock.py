"""The time of a batch's fits, shown and recorded as the command does."""

import time
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runner.planning.request import Request


def time_batch(request: "Request", n: int) -> float:
    """Return the seconds of ``n`` fits of a batch after its first."""
    from rich.console import Console  # noqa: PLC0415 - so that --help answers at once

    from runner.batch.events import Event, FitEnded  # noqa: PLC0415
    from runner.batch.run import run_plan, start_workers  # noqa: PLC0415
    from runner.batch.tracker import Tracker  # noqa: PLC0415
    from runner.planning.plan import make_plan  # noqa: PLC0415
    from scripts.running.live import watch  # noqa: PLC0415

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
