"""What ``run_supplementary`` does when something is to run."""

from contextlib import ExitStack

from rich.console import Console

from runner.batch.baseline_fits import baselines_to_replace, complete_baselines
from runner.batch.claim_entry import enter_claims
from runner.batch.look_ledger import close_look, note_validation, open_look
from runner.batch.run import run_plan, settle_devices, start_workers
from runner.batch.tracker import Tracker
from runner.planning.own_trainer import refuse_untrainable
from runner.planning.plan import Plan, is_first_batch, make_plan
from runner.planning.request import Request
from runner.summaries.plan_summary import summarize_fixed, summarize_plan
from runner.summaries.results import summarize_results
from runner.workers.pool import WorkerPool
from scripts.running.final_commands import list_final_commands
from scripts.running.live import watch
from scripts.running.overview import print_summary
from scripts.running.plan_tables import describe_claims, describe_plan
from scripts.running.result_table import print_next, print_results
from trial_sets.wording import tame_text


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
        Whether every fit and baseline that was asked for is complete.
    """
    plan = run_batch(request, Console(stderr=True), again=again)
    summary = summarize_results(plan)
    if request.evaluate_test and not summary.failed:
        close_look(plan)
    print_summary(summary, print_results, as_json=as_json)
    if not as_json:
        print_next(list(list_final_commands(plan, request, summary)), Console())
    return not summary.failed and not summary.failed_baselines


def run_batch(request: Request, screen: Console, *, again: bool = False) -> Plan:
    """Run what is missing, and return the plan as it was before.

    Parameters
    ----------
    request, again
        As in `run`.
    screen
        Where the batch shows how it gets on.
    """
    with ExitStack() as ending:
        # Importing PyTorch takes workers seconds: where it is sure that they are needed, they do so
        # while the plan is made.
        pool = ending.enter_context(start_workers(request)) if is_first_batch(request) else None
        plan = make_plan(request)
        refuse_untrainable(plan.info.study, request)
        plan.folder.refuse_unwritable()
        if plan.to_run and pool is None:
            pool = ending.enter_context(start_workers(request))
        replacing = baselines_to_replace(plan, force=request.force)
        for text in describe_plan(summarize_plan(plan)):
            tell(text, screen)
        if plan.to_run and pool is not None:
            plan.data.refuse_change()  # the data is prepared while the workers import PyTorch
            settle_devices(plan, pool)  # before a look at the test is counted
        if request.evaluate_test:
            open_look(plan, again=again)
        claims = enter_claims(plan)
        tell(claims.note or describe_claims(summarize_fixed(plan)), screen)
        if plan.to_run and pool is not None:
            note_validation(plan)
            _run_fits(plan, pool, screen, claims.head)
        else:
            plan.folder.write_run_info(plan.info)  # what the study claims now
        complete_baselines(plan, replacing, claims.head)
    return plan


def tell(text: str, screen: Console) -> None:
    """Say something of a batch beside its live table."""
    screen.print(tame_text(text), markup=False, highlight=False, soft_wrap=True)


def _run_fits(plan: Plan, pool: WorkerPool, screen: Console, claims_head: str | None) -> None:
    """Run the fits of a plan and show how they get on."""
    tracker = Tracker(
        [planned.fit for planned in plan.to_run],
        [planned.epoch_flops for planned in plan.to_run],
        metric=plan.info.study.metric,
        rope=plan.info.study.rope,
    )
    with watch(tracker, screen, plan.folder.log) as observe:
        run_plan(plan, pool, observe, claims_head)
