"""What ``run_supplementary`` does once its options are read: list, plan, or run."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from rich.console import Console

from runner.baseline_fits import complete_baselines
from runner.batch import run_plan, start_workers
from runner.plan import load_requested_study, make_plan
from runner.request import Request
from runner.status import survey
from runner.summary import summarize_plan, summarize_results, summarize_study
from runner.test_look import close_look, open_look
from runner.tracker import Tracker
from scripts.live import watch
from scripts.tables import describe_plan, print_plan, print_results, print_status, print_study
from trial_sets.configuration import StrictModel
from trial_sets.template import write_new_study

Summary = TypeVar("Summary", bound=StrictModel)


def start_study(folder: Path) -> None:
    """Write a study to start from and say what to do next."""
    for path in write_new_study(folder):
        print(path)
    print(f"Next: run_supplementary --study {folder} --set all --dry-run")


def show_study(request: Request, *, as_json: bool) -> None:
    """Print the study's sets, trials and expected outcomes."""
    _show(summarize_study(load_requested_study(request)), print_study, as_json=as_json)


def show_plan(request: Request, *, as_json: bool) -> None:
    """Print what would run, on which rows, and for how long."""
    _show(summarize_plan(make_plan(request)), print_plan, as_json=as_json)


def show_status(request: Request, *, as_json: bool) -> None:
    """Print how things stand with every planned fit."""
    _show(survey(make_plan(request)), print_status, as_json=as_json)


def run(request: Request, *, again: bool, as_json: bool) -> bool:
    """Run what is missing and print what came out.

    Parameters
    ----------
    request
        What to run.
    again
        Whether another look at the test period is allowed.
    as_json
        Whether the results are printed as JSON.

    Returns
    -------
    bool
        Whether every fit that was asked for is complete.
    """
    screen = Console(stderr=True)
    with start_workers(request) as pool:
        plan = make_plan(request)
        for text in describe_plan(summarize_plan(plan)):
            screen.print(text, markup=False, highlight=False, soft_wrap=True)
        if request.evaluate_test:
            open_look(plan, again=again)
        if plan.to_run:
            tracker = Tracker(
                [planned.fit for planned in plan.to_run],
                [planned.epoch_flops for planned in plan.to_run],
            )
            with watch(tracker, screen, plan.folder.log) as observe:
                run_plan(plan, pool, observe)
        complete_baselines(plan)
    summary = summarize_results(plan)
    if request.evaluate_test and not summary.failed:
        close_look(plan)
    _show(summary, print_results, as_json=as_json)
    return summary.failed == 0


def _show(summary: Summary, table: Callable[[Summary, Console], None], *, as_json: bool) -> None:
    """Print a summary for a program or for a person."""
    if as_json:
        print(summary.model_dump_json(indent=1, by_alias=True))
    else:
        table(summary, Console())
