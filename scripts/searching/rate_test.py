"""What ``--find-learning-rate`` does: the range test of the base, its figure, what it suggests."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from analysis.figures.range_test import plot_range_test
from analysis.figures.saving import save_figure
from runner.batch.range_test import RangeTestPlan, find_learning_rates
from runner.batch.run import settle_devices, start_workers
from runner.errors import RunError
from runner.planning.request import Request
from runner.search.planning import SearchPlan, plan_search
from runner.search.request import SearchRequest
from runner.storage.durable import writing
from scripts.running.overview import print_summary
from scripts.running.plan_tables import new_table
from scripts.text import mark, say, short_number
from trial_sets.configuration import AnyConfiguration
from trial_sets.records.range_test import RangeTestRecord
from trial_sets.space import Dimension

RATE, STEM = "learning_rate", "learning-rate"
_N_ROWS = 12  # of the table


def find_rates(asked: SearchRequest, *, as_json: bool) -> None:
    """Run the range test of the study's base, draw it, and print what it suggests."""
    plan = plan_search(asked)
    plan.run.folder.refuse_unwritable()
    record, place = find_base_rates(plan)
    with writing(place):
        figure = save_figure(plot_range_test(record, title=plan.run.info.study.name), place, STEM)
    print_summary(record, lambda one, console: _print_test(one, plan, console), as_json=as_json)
    if not as_json:
        say(f"Figure: {figure[0]}")


def find_base_rates(plan: SearchPlan) -> tuple[RangeTestRecord, Path]:
    """Return the range test of a search's base, and the folder where it lies.

    Raises
    ------
    RunError
        If a trainer of one's own trains, or the study has no base.
    """
    seed = plan.info.fit_seed
    tested = RangeTestPlan.of(plan.run, find_base(plan), seed)
    request: Request = replace(plan.asked.request, jobs=1)
    if plan.run.is_custom:
        raise RunError(
            "--find-learning-rate: the range test is one of the built-in networks; a trainer of "
            "one's own sets its rates itself"
        )
    with start_workers(request) as pool:
        plan.run.data.refuse_change()  # the data is prepared while the worker imports PyTorch
        ready, devices = settle_devices(replace(plan.run, jobs=1), pool)
        pool.open(devices[:1])
        record = find_learning_rates(tested, pool, ready)
    return record, plan.run.folder.range_test(tested.configuration.key, seed, tested.fold).parent


def find_base(plan: SearchPlan) -> AnyConfiguration:
    """Return the configuration that is proposed first, else the study's base.

    Raises
    ------
    RunError
        If there is neither.
    """
    if plan.searched.default is not None:
        return plan.searched.complete(plan.searched.default)
    if plan.run.info.study.base is None:
        raise RunError(
            f"study {plan.run.info.study.name}: the range test needs a base, and study.json has no "
            "full one"
        )
    return plan.run.info.study.base


def _print_test(record: RangeTestRecord, plan: SearchPlan, console: Console) -> None:
    table = new_table("")
    for column in ("learning rate", "training loss"):
        table.add_column(column, justify="right")
    for rate, loss in pick_points(record):
        table.add_row(short_number(rate), f"{loss:.4g}")
    console.print(table)
    for sentence in describe_test(record, plan.info.space.dimensions.get(RATE)):
        console.print(mark(sentence), soft_wrap=True)


def pick_points(record: RangeTestRecord) -> Iterator[tuple[float, float]]:
    """Yield a few points of the curve that is judged, evenly apart."""
    points = list(zip(record.smoothed_rates, record.smoothed_losses, strict=True))
    step = max((len(points) - 1) / (_N_ROWS - 1), 1.0)
    yield from (points[round(n * step)] for n in range(_N_ROWS) if round(n * step) < len(points))


def describe_test(record: RangeTestRecord, searched: Dimension | None) -> Iterator[str]:
    """Yield what the test suggests, and how the space compares with it."""
    said = record.describe()
    yield f"{said[:1].upper()}{said[1:]}."
    suggested = record.suggestion
    if suggested is None:
        return
    low, high = (float(f"{one:.2g}") for one in (suggested.low, suggested.high))
    entry = {RATE: {"type": "float", "low": low, "high": high, "log": True}}
    yield f"In the space: {json.dumps(entry)[1:-1]}"
    if searched is None or searched.low is None or searched.high is None:
        yield f"The space does not vary {RATE}."
    elif searched.low > suggested.high or searched.high < suggested.low:
        yield (
            f"The space varies {RATE} from {short_number(searched.low)} to "
            f"{short_number(searched.high)}, all outside of it."
        )
    else:
        yield (
            f"The space varies it from {short_number(searched.low)} to "
            f"{short_number(searched.high)}."
        )
