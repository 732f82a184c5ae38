"""What ``run_supplementary`` does when nothing is to run: list, plan, say how things stand."""

import json
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console

from runner.planning.request import Request
from runner.planning.requested_study import load_requested_study
from runner.summaries.study_summary import summarize_study
from scripts.running.plan_tables import print_fixed, print_plan, print_status, print_study
from scripts.text import say
from trial_sets.configuration import StrictModel
from trial_sets.records.layout import Outputs
from trial_sets.writing.new_study import write_new_study

if TYPE_CHECKING:
    from runner.planning.plan import Plan
    from runner.summaries.status import StatusSummary

Summary = TypeVar("Summary", bound=StrictModel)


def start_study(folder: Path) -> None:
    """Write a study to start from and say what to do next."""
    for path in write_new_study(folder):
        say(str(path))
    command = ["run_supplementary", "--study", str(folder), "--set", "all", "--dry-run"]
    say(f"Next: {shlex.join(command)}")


def show_study(request: Request, *, as_json: bool) -> None:
    """Print the study's sets, trials and expected outcomes."""
    summary = summarize_study(load_requested_study(request), Outputs(request.output))
    print_summary(summary, print_study, as_json=as_json)


def show_plan(request: Request, *, as_json: bool) -> None:
    """Print what would run, on which rows, and for how long."""
    from runner.planning.plan import make_plan  # noqa: PLC0415 - a list does without numpy
    from scripts.running.plan_power import forecast_plan  # noqa: PLC0415

    print_summary(forecast_plan(make_plan(request)), print_plan, as_json=as_json)


def fix_claims(request: Request, *, as_json: bool) -> bool:
    """Enter the study's claims in the ledger, and print how each stands.

    Returns
    -------
    bool
        Whether the ledger could be used.
    """
    from runner.batch.claim_entry import enter_claims  # noqa: PLC0415 - a list does without numpy
    from runner.planning.own_trainer import refuse_untrainable  # noqa: PLC0415
    from runner.planning.plan import make_plan  # noqa: PLC0415
    from runner.summaries.plan_summary import summarize_fixed  # noqa: PLC0415

    everything = replace(request, sets=("all",), trials=(), evaluate_test=None)
    plan = make_plan(everything)
    refuse_untrainable(plan.info.study, request)  # its rows would be none that are ever run
    plan.folder.refuse_unwritable()
    entered = enter_claims(plan, scoring=False)
    if entered.note is not None:
        say(f"{entered.note}.", is_error=True)
    print_summary(summarize_fixed(plan), print_fixed, as_json=as_json)
    return entered.note is None


def show_status(request: Request, *, as_json: bool) -> None:
    """Print how things stand with every planned fit."""
    from runner.planning.plan import make_plan  # noqa: PLC0415 - a list does without numpy

    print_summary(survey_all(make_plan(request)), print_status, as_json=as_json)


def survey_all(plan: "Plan") -> "StatusSummary":
    """Return how things stand with every planned fit, and with the jobs that are to run them."""
    from runner.cluster.standing import read_queue  # noqa: PLC0415 - a list does without
    from runner.summaries.status import survey  # noqa: PLC0415

    queue = read_queue(plan.outputs, plan.info.study.name)
    return survey(plan).model_copy(update={"queue": queue})


def print_summary(
    summary: Summary, table: Callable[[Summary, Console], None], *, as_json: bool
) -> None:
    """Print a summary for a program or for a person."""
    if as_json:
        say(json.dumps(summary.model_dump(mode="json", by_alias=True), indent=1))
    else:
        table(summary, Console())
