"""What ``--dry-run`` tells: the plan, and what it can find about each claim that is open."""

from collections.abc import Iterator

from runner.planning.plan import Plan
from runner.summaries.plan_summary import PlanSummary, summarize_plan
from trial_sets.claims.binding import BoundClaim, bind_each
from trial_sets.configuration import StrictModel
from trial_sets.records.claim_ledger import read_sound_claims
from trial_sets.records.claim_stops import find_stop, list_plan
from trial_sets.records.run_info import describe_validation


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
    error_from: str  # where the expected error is taken from
    text: str  # what it can find, in words


class PlanPower(StrictModel):
    """What a plan can find."""

    rows: int
    level: str  # that p is held to, in words
    claims: tuple[PlannedPower, ...]
    untold: int = 0  # claims of which nothing is known before the first fits


class ForecastPlan(PlanSummary):
    """What ``--dry-run`` shows: the plan, and what it can find."""

    power: PlanPower


def forecast_plan(plan: Plan) -> ForecastPlan:
    """Return the plan's summary with what it can find about each of its claims.

    Those that its run has confirmed or refuted at a look are left out: nothing is open of them.
    What the error of another metric than AUC will be follows from fits alone, and not from rows.
    """
    summary = summarize_plan(plan)
    validation = plan.info.data.splits.get("validation")
    n_rows = 0 if validation is None else validation.rows
    power = PlanPower(rows=n_rows, level=_say_level(plan), claims=())
    claims = tuple(_list_open(plan)) if n_rows else ()
    if claims:  # the statistics take longer to load than the plan to make
        from scripts.running.forecast import predict_claims  # noqa: PLC0415

        told = predict_claims(plan, claims)
        power = power.model_copy(update={"claims": told, "untold": len(claims) - len(told)})
    return ForecastPlan(**dict(summary), power=power)


def _say_level(plan: Plan) -> str:
    looks = plan.info.study.looks
    if looks is None:
        return "at Holm's first step, one look at the end"
    return (
        f"at Holm's first step and the last look of {list_plan(looks)} seeds that the plan reaches "
        "(a cheapest plan has one look, at the end)"
    )


def _list_open(plan: Plan) -> Iterator[BoundClaim]:
    """Yield the claims whose every trial is planned, but those that are decided."""
    study, (ledger, _) = plan.info.study, read_sound_claims(plan.outputs.claims)
    keys = {planned.fit.key for planned in plan.fits}
    rows = ledger.complete(describe_validation(plan.info.data))
    for _, _, bound in bind_each(study):
        if not isinstance(bound, BoundClaim):
            continue
        stop = find_stop(ledger, study.name, bound.digest(study.rope), rows, plan.info.run)
        is_decided = stop is not None and stop.verdict in {"confirmed", "refuted"}
        if not is_decided and {trial.configuration.key for trial in bound.trials} <= keys:
            yield bound
