"""Before anything is spent: what the planned folds, seeds and rows can find about each claim."""

import contextlib
from collections.abc import Iterator, Sequence

from analysis.numbers import choose_decimals, count_noun, format_difference, format_duration
from analysis.runs.run import Run, read_run
from analysis.statistics.planning.claim_power import USUAL_POWER
from analysis.verdicts.expected_parts import find_parts, refer
from analysis.verdicts.forecast import Forecast, Rows, forecast_claims, write_design
from runner.planning.plan import Plan
from scripts.running.plan_power import PlannedPower
from trial_sets.claims.binding import BoundClaim
from trial_sets.errors import InputError
from trial_sets.records.layout import is_run, list_runs
from trial_sets.records.run_info import read_run_info
from trial_sets.wording import join_words


def predict_claims(plan: Plan, claims: Sequence[BoundClaim]) -> tuple[PlannedPower, ...]:
    """Return what a plan can find about claims whose every trial is in it."""
    rows = Rows.of_run(plan.info)
    if rows is None:
        return ()
    earlier = list(_list_earlier(plan))
    forecasts = forecast_claims(
        plan.info.study,
        claims,
        rows,
        n_trials=len({planned.fit.key for planned in plan.fits}),
        n_seeds=lambda claim: _count_seeds(plan, claim),
        expect=lambda claim: find_parts(earlier, claim) or refer(claim.study_metric),
    )
    return tuple(_describe(plan, one, rows) for one in forecasts)


def _count_seeds(plan: Plan, claim: BoundClaim) -> int:
    """Return the seeds that all trials of a claim have in the plan."""
    seeds = [
        {planned.fit.seed for planned in plan.fits if planned.fit.key == trial.configuration.key}
        for trial in claim.trials
    ]
    return len(set.intersection(*seeds))


def _list_earlier(plan: Plan) -> Iterator[Run]:
    """Yield the runs of the study on these data, the plan's own first, the others by their fits."""
    layouts = [run for run in list_runs(plan.folder.path.parent) if is_run(run.path)]
    own = plan.folder.path.name
    for layout in sorted(layouts, key=lambda run: (run.path.name != own, -len(run.list_fits()))):
        with contextlib.suppress(InputError):
            if read_run_info(layout.run_json).data.fingerprint == plan.info.data.fingerprint:
                yield read_run(layout.path)


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
        sentence=forecast.claim.sentence,
        limits=power.limits,
        detectable=power.detectable,
        truth=forecast.target.truth,
        confirms=power.confirms,
        refutes=power.refutes,
        folds=None if cheapest is None else cheapest.design.n_folds,
        seeds=None if cheapest is None else cheapest.design.n_seeds,
        fits=None if cheapest is None else round(cheapest.cost),
        seconds=seconds,
        error_from=forecast.expected.describe(rows.most_folds),
        text=f"{_say_power(forecast)}; {_say_cheapest(forecast, seconds)}",
    )


def _say_power(forecast: Forecast) -> str:
    power, target = forecast.power, forecast.target
    decimals = choose_decimals(target.rope)
    if power.limits:
        return f"nothing can be confirmed or refuted: {join_words(power.limits)}"
    if target.bound is not None:
        said = f"equality is confirmed with {power.confirms:.0%} where it holds"
    else:
        reach = (
            "none"
            if power.detectable is None
            else format_difference(power.detectable, decimals=decimals)
        )
        said = (
            f"finds a difference of {reach} in four of five batches; a true "
            f"{format_difference(target.truth, decimals=decimals)} is confirmed with "
            f"{power.confirms:.0%}"
        )
    if power.refutes is not None:
        false = "two bounds apart" if target.bound is not None else "a true zero"
        said += f", {false} refuted with {power.refutes:.0%}"
    return said.replace("%", " %")


def _say_cheapest(forecast: Forecast, seconds: float | None) -> str:
    cheapest, aim = forecast.cheapest, f"with {USUAL_POWER:.0%} each".replace("%", " %")
    if cheapest is None:
        largest = forecast.describe_largest()
        return f"not decidable on these rows: no plan does both {aim}; {largest}"
    time = "" if seconds is None else f", at most about {format_duration(seconds)}"
    fits = count_noun(round(cheapest.cost), "fit")
    plan = write_design(cheapest.design)
    return f"the cheapest plan that does both {aim}: {plan}, {fits} of its trials{time}"
