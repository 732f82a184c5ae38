"""What would complete a pending claim, or decide an open one."""

from statistics import fmean

from analysis.numbers import choose_decimals, format_difference, format_duration
from analysis.runs.commands import count_seeds_up_to, write_command, write_decision_command
from analysis.runs.run import Run
from analysis.runs.whole import take_whole
from analysis.statistics.comparisons.multiplicity import ALPHA
from analysis.statistics.planning.power import count_deciding_seeds
from analysis.verdicts.checklist import Advice, Case
from analysis.verdicts.dating import Dating
from analysis.verdicts.expected_parts import find_parts
from analysis.verdicts.forecast import (
    SEARCHED_SEEDS,
    Rows,
    find_target,
    forecast_claim,
    write_design,
)
from analysis.verdicts.verdict import ClaimTest, Judgement, Missing, Verdict
from trial_sets.claims.binding import BoundClaim

_SEEDS_TO_DECIDE = 5
_NEW_ROWS = "to confirm it, declare it before anything is scored on rows that nothing was seen of"


def advise(run: Run, case: Case, judgement: Judgement, dating: Dating) -> Advice:
    """Return what would change a verdict, with the command for it.

    Of a claim with a plan of looks that is what carries the plan on: other numbers of seeds would
    leave it.
    """
    if case.bound is None:
        return Advice()
    names = [trial.name for trial in case.bound.trials]
    if isinstance(case.test, Missing):
        if not case.test.can_be_run:
            return Advice()
        keys = [trial.configuration.key for trial in case.bound.trials]
        seeds = {seed for key in keys for seed in run.list_fits(key)}
        n_seeds = count_seeds_up_to(run.info.study, seeds)
        return Advice(write_command(run, names, n_seeds), "completes it")
    if judgement.verdict in {Verdict.POST_HOC, Verdict.UNDATED}:
        return Advice(text=_NEW_ROWS)
    if judgement.verdict is not Verdict.INCONCLUSIVE or case.test.limits:
        return Advice()
    planned = _advise_planned(run, case.set_name, case.test, judgement, dating)
    return planned or _advise_open(run, case.bound, case.test, _find_level(run, judgement))


def _advise_planned(
    run: Run, set_name: str, test: ClaimTest, judgement: Judgement, dating: Dating
) -> Advice | None:
    """Say what carries on the plan of looks of a claim; None without a further look."""
    plan = dating.plan
    if dating.stop is not None and dating.stop.verdict == "futile":
        command = write_decision_command(run, set_name, despite_futility=True)
        return Advice(command, "goes on with it all the same")
    if judgement.is_planned and plan is not None and test.n_seeds < plan[-1]:
        due = min(number for number in plan if number > test.n_seeds)
        return Advice(
            write_decision_command(run, set_name), f"goes on to the planned look at {due} seeds"
        )
    return None


def _advise_open(run: Run, claim: BoundClaim, test: ClaimTest, level: float) -> Advice:
    plan = _advise_plan(run, claim, level)
    if test.inference.bound is not None:
        return Advice(text=plan)
    return _advise_seeds(run, [trial.name for trial in claim.trials], test, level, plan)


def _find_level(run: Run, judgement: Judgement) -> float:
    """Return the level that another look at a claim would be held to, for its p alone.

    What Holm and the earlier looks have made of p, they would make of the next one; where p has
    come to 1, as if the claim were the first of its family and looked at as often as it costs.
    """
    found, p_value = judgement.inference, judgement.p_holm
    if found is None or p_value is None or p_value >= 1 or found.p_value == 0:
        return ALPHA / max(1, sum(1 for _ in run.info.study.expectations()))
    return ALPHA * found.p_value / p_value


def _advise_seeds(run: Run, names: list[str], test: ClaimTest, level: float, plan: str) -> Advice:
    """Say how many seeds may decide a claim that is open, and which folds and seeds surely do."""
    declared, wanted = len(run.info.study.seeds), _count_seeds(test, level)
    if wanted is None:
        seeds = "no number of seeds up to 30 would confirm it as it stands"
        return Advice(text=f"{seeds}; {plan}" if plan else f"{seeds}; more rows might")
    if wanted > declared:
        return Advice(text=f"{wanted} seeds may decide it; the study declares {declared}")
    return Advice(write_command(run, names, wanted), f"{wanted} seeds may decide it")


def _advise_plan(run: Run, claim: BoundClaim, level: float) -> str:
    """Say which folds and seeds would decide a claim either way; nothing where it is not known."""
    target = find_target(claim, run.info.study.rope, level)
    found = None if target is None else find_parts([run], claim)
    rows = Rows.of_run(run.info)
    if target is None or found is None or rows is None:
        return ""
    forecast = forecast_claim(
        claim,
        target,
        rows,
        found,
        n_seeds=SEARCHED_SEEDS,
        n_trials=len(run.by_key),
    )
    if forecast.cheapest is None and rows.most_folds == 1:
        return ""
    if forecast.cheapest is None:
        return f"no plan would decide it on these rows: {forecast.describe_largest()}"
    plan, seconds = forecast.cheapest, forecast.cheapest.cost * _average_seconds(run)
    truth = format_difference(target.truth, decimals=choose_decimals(target.rope))
    true = "where it holds" if target.bound else f"for a true {truth}"
    time = f"some {format_duration(seconds)} of one worker"
    return (
        f"{write_design(plan.design)} ({time}) would confirm it {true} and refute it for a "
        "false one, each in four of five batches"
    )


def _average_seconds(run: Run) -> float:
    """Return the mean seconds of a fit of one fold."""
    trained = [record for record in run.records if record.kind != "baseline"]
    seconds = [record.seconds for record in trained if record.status != "pruned"]
    return fmean(seconds) if seconds else 0.0


def _count_seeds(test: ClaimTest, level: float) -> int | None:
    """Return how many seeds may decide a claim: as many as its hardest part wants."""
    contrasts = test.inference.contrasts
    if any(contrast.is_provisional for contrast in contrasts):
        return _SEEDS_TO_DECIDE
    wanted = take_whole(
        count_deciding_seeds(one, rope=test.margin, against=test.against, alpha=level)
        for one in contrasts
    )
    return None if wanted is None else max(wanted)
