"""Before anything is spent: what the planned folds, seeds and rows can find about each claim."""

import contextlib
from collections.abc import Iterator

from analysis.numbers import count_noun, format_difference, format_duration
from analysis.runs.run import Run, read_run
from analysis.statistics.planning.claim_power import USUAL_POWER
from analysis.statistics.planning.variance_parts import REFERENCE_PARTS
from analysis.verdicts.forecast import (
    MOST_SEEDS,
    Cost,
    Forecast,
    Rows,
    find_parts,
    forecast_claims,
)
from runner.planning.plan import Plan
from runner.summaries.plan_summary import PlanSummary, summarize_plan
from trial_sets.claims.binding import BoundClaim
from trial_sets.claims.sentence import write_sentence
from trial_sets.configuration import StrictModel
from trial_sets.errors import InputError
from trial_sets.records.layout import is_run, list_runs
from trial_sets.records.run_info import read_run_info
from trial_sets.wording import join_words


class PlannedPower(StrictModel):
    """What the plan can find about one claim, and what would decide it."""

    set_name: str
    sentence: str
    limits: tuple[str, ...]  # why nothing can be confirmed or refuted
    detectable: float | None  # found in four of five batches
    truth: float  # a difference of so much counts as true
    confirms: float  # probability, where the claim is true
    refutes: float | None  # probability, where the difference is zero
    folds: int | None  # of the cheapest plan that does both with 80 %; None where there is none
    seeds: int | None
    fits: int | None  # of that plan, of the claim's own trials
    seconds: float | None  # that they take on the planned workers; None where it is not known
    text: str  # the same in words


class PlanPower(StrictModel):
    """What a plan can find."""

    rows: int
    error_from: str  # where the expected error is taken from
    claims: tuple[PlannedPower, ...]


class ForecastPlan(PlanSummary):
    """What ``--dry-run`` shows: the plan, and what it can find."""

    power: PlanPower


def forecast_plan(plan: Plan) -> ForecastPlan:
    """Return the plan's summary with what it can find about each of its claims."""
    summary = summarize_plan(plan)
    cuts = plan.data.request.val_start is not None
    rows = Rows.of_data(plan.info.data, plan.info.study.label.horizon, cuts_validation=cuts)
    found = find_parts(list(_list_earlier(plan)))
    parts = REFERENCE_PARTS if found is None else found[0]
    forecasts = forecast_claims(
        plan.info.study,
        {planned.fit.key for planned in plan.fits},
        rows,
        len(summary.seeds),
        parts,
        _count_fits,
    )
    power = PlanPower(
        rows=rows.n_folds * rows.fold_rows,
        error_from=_REFERENCE if found is None else f"as the fits of {found[1].info.run} have it",
        claims=tuple(_describe(plan, one, rows) for one in forecasts),
    )
    return ForecastPlan(**dict(summary), power=power)


_REFERENCE = (
    "that of the reference, since no fits on these data tell it: networks with AUCs of about .72, "
    "18 % positive"
)


def _list_earlier(plan: Plan) -> Iterator[Run]:
    """Yield the runs of the study on these data, the plan's own first, the others by their fits."""
    layouts = [run for run in list_runs(plan.folder.path.parent) if is_run(run.path)]
    own = plan.folder.path.name
    for layout in sorted(layouts, key=lambda run: (run.path.name != own, -len(run.list_fits()))):
        with contextlib.suppress(InputError):
            if read_run_info(layout.run_json).data.fingerprint == plan.info.data.fingerprint:
                yield read_run(layout.path)


def _count_fits(claim: BoundClaim) -> Cost:
    """Return the fits that so many folds and seeds of a claim's trials are."""
    n_trials = len({trial.configuration.key for trial in claim.trials})
    return lambda folds, seeds: n_trials * folds * seeds


def _price_fit(plan: Plan, claim: BoundClaim) -> float | None:
    """Return the seconds that a fit of a claim's trials takes of a batch, if that is known."""
    keys = {trial.configuration.key for trial in claim.trials}
    fits = [planned for planned in plan.fits if planned.fit.key in keys]
    seconds = plan.estimate_s(fits)
    return None if seconds is None else seconds / len(fits) / plan.count_slots()


def _describe(plan: Plan, forecast: Forecast, rows: Rows) -> PlannedPower:
    power, cheapest = forecast.power, forecast.cheapest
    price = _price_fit(plan, forecast.claim)
    seconds = None if cheapest is None or price is None else cheapest.cost * price
    return PlannedPower(
        set_name=forecast.claim.set_name,
        sentence=write_sentence(forecast.claim.claim),
        limits=power.limits,
        detectable=power.detectable,
        truth=forecast.target.truth,
        confirms=power.confirms,
        refutes=power.refutes,
        folds=None if cheapest is None else cheapest.design.n_folds,
        seeds=None if cheapest is None else cheapest.design.n_seeds,
        fits=None if cheapest is None else round(cheapest.cost),
        seconds=seconds,
        text=f"{_say_power(forecast)}; {_say_cheapest(forecast, rows, seconds)}",
    )


def _say_power(forecast: Forecast) -> str:
    power, target = forecast.power, forecast.target
    if power.limits:
        return f"nothing can be confirmed or refuted: {join_words(power.limits)}"
    if target.bound is not None:
        said = f"equality is confirmed with {power.confirms:.0%} where it holds"
    else:
        reach = "none" if power.detectable is None else format_difference(power.detectable)
        said = (
            f"finds a difference of {reach} in four of five batches; a true "
            f"{format_difference(target.truth)} is confirmed with {power.confirms:.0%}"
        )
    if power.refutes is not None:
        false = "two bounds apart" if target.bound is not None else "a true zero"
        said += f", {false} refuted with {power.refutes:.0%}"
    return said.replace("%", " %")


def _say_cheapest(forecast: Forecast, rows: Rows, seconds: float | None) -> str:
    cheapest, aim = forecast.cheapest, f"with {USUAL_POWER:.0%} each".replace("%", " %")
    if cheapest is None:
        most = f"{count_noun(rows.most_folds, 'fold')} x {MOST_SEEDS} seeds"
        reach = forecast.utmost.detectable
        found = "" if reach is None else f", of which even the largest finds {reach:.4f}"
        return f"no plan of up to {most} does both {aim}{found}: not decidable on these rows"
    design = cheapest.design
    plan = f"{count_noun(design.n_folds, 'fold')} x {count_noun(design.n_seeds, 'seed')}"
    time = "" if seconds is None else f", at most about {format_duration(seconds)}"
    fits = count_noun(round(cheapest.cost), "fit")
    return f"the cheapest plan that does both {aim}: {plan}, {fits} of its trials{time}"
