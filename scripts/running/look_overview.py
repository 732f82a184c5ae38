"""What ``run_supplementary --until-decided`` tells without running: the looks and their cost."""

from collections.abc import Sequence

from rich.console import Console

from analysis.numbers import count_noun, format_duration
from runner.planning.plan import Plan
from runner.planning.request import Request
from runner.summaries.look_costs import LookCost, list_look_costs
from scripts.running.claim_state import list_states, read_looked_at, refuse_prefixes
from scripts.running.look_options import Stopping
from scripts.running.look_plan import LookPlan, settle_looks
from scripts.running.overview import fix_claims, print_summary, survey_all
from scripts.running.plan_power import ForecastPlan, forecast_plan
from scripts.running.plan_tables import print_plan, print_status


def show_look_plan(request: Request, stopping: Stopping, *, as_json: bool) -> None:
    """Print what the looks would run, at most, and what each of them costs."""
    looks = settle_looks(request, stopping)
    plan = _plan_at_most(looks)
    costs = list_look_costs(plan, looks.rule.plan)
    summary = forecast_plan(plan).model_copy(update={"looks": costs})

    def print_both(summary: ForecastPlan, console: Console) -> None:
        print_plan(summary, console)
        _print_costs(summary.looks, looks, console)

    print_summary(summary, print_both, as_json=as_json)


def show_look_status(request: Request, stopping: Stopping, *, as_json: bool) -> None:
    """Print how every fit stands that the looks have asked for or may ask for yet."""
    plan = _plan_at_most(settle_looks(request, stopping))
    print_summary(survey_all(plan), print_status, as_json=as_json)


def fix_looks(request: Request, stopping: Stopping, *, as_json: bool) -> bool:
    """Enter the study's claims with the plan of looks, and print how each stands.

    Returns
    -------
    bool
        Whether the ledger could be used.
    """
    return fix_claims(settle_looks(request, stopping).request, as_json=as_json)


def _plan_at_most(looks: LookPlan) -> Plan:
    """Return the plan of all fits, if no more claims are decided than are already."""
    states = list_states(looks, read_looked_at(looks))
    refuse_prefixes(states, looks.rule)
    return looks.join_plans([(state.claim, state.count_wanted(looks.rule)) for state in states])


def _print_costs(costs: Sequence[LookCost], looks: LookPlan, console: Console) -> None:
    """Print what each look adds, if every claim that is open goes on to it."""
    last = len(costs)
    for cost in costs:
        console.print(
            f"Look {cost.number} of {last} ({cost.seeds} seeds): "
            f"{count_noun(cost.fits_to_run, 'fit')} to run, "
            f"{cost.fits - cost.fits_to_run} finished{_write_time(cost.seconds)}",
            soft_wrap=True,
        )
    known = [cost.seconds for cost in costs if cost.seconds is not None]
    time = _write_time(sum(known) if len(known) == last else None)
    number = count_noun(sum(cost.fits_to_run for cost in costs), "fit")
    console.print(
        f"In all {number} to run at most{time}: a claim that is decided needs no further look. "
        "They are to find a difference of "
        f"{looks.rule.design:g} {looks.plan.info.study.metric.title}",
        soft_wrap=True,
    )
    for note in looks.notes:
        console.print(note, markup=False, soft_wrap=True)


def _write_time(seconds: float | None) -> str:
    return f", at most about {format_duration(seconds)}" if seconds else ""
