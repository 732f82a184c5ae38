"""What ``--find-learning-rate`` does: the range test of the base, its figure, what it suggests."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from analysis.figures.range_test import plot_range_test
from analysis.figures.saving import save_figure
from runner.batch.range_test import TESTED_RATES, RangeTestPlan, find_learning_rates
from runner.batch.run import settle_devices, start_workers
from runner.errors import RunError
from runner.search.planning import SearchPlan, plan_search
from runner.search.request import SearchRequest
from runner.storage.durable import writing
from scripts.running.overview import print_summary
from scripts.running.plan_tables import new_table
from scripts.text import mark, say, short_number
from trial_sets.configuration import AnyConfiguration, Configuration
from trial_sets.errors import InputError
from trial_sets.records.range_test import RangeTestRecord, read_range_test
from trial_sets.space import SearchSpace
from trial_sets.tuning.usual import UsualRange, find_usual_rate

RATE, STEM = "learning_rate", "learning-rate"
ANY_RATE = SearchSpace(  # of a study that has no space yet: a range test needs its base alone
    dimensions={RATE: TESTED_RATES}
)
_N_ROWS = 12  # of the table


def find_rates(asked: SearchRequest, *, as_json: bool) -> None:
    """Run the range test of the study's base, draw it, and print what it suggests."""
    plan = plan_search(asked, is_look=True, otherwise=ANY_RATE)
    plan.run.folder.refuse_unwritable()
    record, place = find_base_rates(plan)
    with writing(place):
        figure = save_figure(plot_range_test(record, title=plan.run.info.study.name), place, STEM)
    print_summary(record, lambda one, console: _print_test(one, plan, console), as_json=as_json)
    if not as_json:
        say(f"Figure: {figure[0]}")


def find_base_rates(plan: SearchPlan) -> tuple[RangeTestRecord, Path]:
    """Return the range test of a search's base, and the folder where it lies.

    One that was filed before is read, and no worker started.

    Raises
    ------
    RunError
        If a trainer of one's own trains, or the study has no base.
    BatchStopped
        If the training failed.
    """
    if plan.run.is_custom:
        raise RunError(
            "--find-learning-rate: the range test is one of the built-in networks; a trainer of "
            "one's own sets its rates itself"
        )
    tested = RangeTestPlan.of(plan.run, find_base(plan), plan.info.fit_seed)
    path = plan.run.folder.range_test(tested.configuration.key, tested.seed, tested.fold)
    plan.run.folder.refuse_links(path)
    with suppress(InputError):  # what cannot be read is tested again
        if path.exists():
            return read_range_test(path), path.parent
    with start_workers(replace(plan.asked.request, jobs=1)) as pool:
        plan.run.data.refuse_change()  # the data is prepared while the worker imports PyTorch
        ready, devices = settle_devices(replace(plan.run, jobs=1), pool)
        pool.open(devices[:1])
        return find_learning_rates(tested, pool, ready), path.parent


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
    for sentence in describe_test(record, plan.searched.space):
        console.print(mark(sentence), soft_wrap=True)


def pick_points(record: RangeTestRecord) -> Iterator[tuple[float, float]]:
    """Yield a few points of the curve that is judged, evenly apart."""
    points = list(zip(record.smoothed_rates, record.smoothed_losses, strict=True))
    step = max((len(points) - 1) / (_N_ROWS - 1), 1.0)
    yield from (points[round(n * step)] for n in range(_N_ROWS) if round(n * step) < len(points))


def describe_test(record: RangeTestRecord, space: SearchSpace) -> Iterator[str]:
    """Yield what the test suggests, and how the space compares with it."""
    said = record.describe()
    yield f"{said[:1].upper()}{said[1:]}."
    suggested = record.suggestion
    if suggested is None:
        usual = _find_usual(record.configuration)
        if usual is not None:
            yield (
                f"What is usual: {usual.whose}, {short_number(usual.low)} to "
                f"{short_number(usual.high)}, begin at {short_number(usual.start)}."
            )
        return
    low, high = (float(f"{one:.2g}") for one in (suggested.low, suggested.high))
    entry = {RATE: {"type": "float", "low": low, "high": high, "log": True}}
    yield f"In the space: {json.dumps(entry)[1:-1]}"
    searched = space.dimensions.get(RATE)
    if space == ANY_RATE:
        yield "The study has no space yet: a space.json beside its study.json can begin with this."
    elif searched is None or searched.low is None or searched.high is None:
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


def _find_usual(configuration: AnyConfiguration) -> UsualRange | None:
    """Return the usual learning rates of a configuration's optimizer."""
    optimizer = str(configuration.settings.get("optimizer"))
    return find_usual_rate(optimizer, is_transformer=isinstance(configuration, Configuration))
