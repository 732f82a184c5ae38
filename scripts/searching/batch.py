"""What ``run_search`` does when something is to run."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from rich.console import Console

from analysis.numbers import count_noun, format_duration
from runner.batch.baseline_fits import baselines_to_replace, complete_baselines
from runner.batch.claim_entry import enter_claims
from runner.batch.look_ledger import note_validation
from runner.batch.run import start_workers
from runner.batch.search_tracker import SearchTracker
from runner.batch.tracker import BestTrial
from runner.planning.estimate import epoch_flops
from runner.search.extra import require_search_extra
from runner.search.opening import describe_foreign, read_outcome
from runner.search.outcome import SearchOutcome
from runner.search.planning import SearchPlan, plan_search, refuse_endless
from runner.search.request import SearchRequest
from runner.search.running import run_search
from runner.summaries.search_standing import count_expected, summarize_outcome
from runner.summaries.search_summary import SearchSummary
from runner.summaries.trial_price import price_trials
from runner.workers.pool import WorkerPool
from scripts.running.batch import tell
from scripts.running.live import watch
from scripts.running.overview import print_summary
from scripts.running.result_table import print_next
from scripts.searching.best_trials import write_best_trials
from scripts.searching.commands import list_validation, write_analysis, write_next_round
from scripts.searching.rate_test import find_base_rates
from scripts.searching.result_tables import print_search
from scripts.searching.space_page import list_notes
from trial_sets.loading.study_folder import find_study
from trial_sets.records.layout import Outputs, list_runs, record_of

GoOn = Callable[[int | None, bool], str]  # the command that goes on, with its stop rules or not


def run_and_report(asked: SearchRequest, go_on: GoOn, *, as_json: bool) -> bool:
    """Run a search and print what came of it.

    Parameters
    ----------
    asked
        The search.
    go_on
        Returns the command that goes on to so many trials, None where time alone ends them; with
        the rules that may stop it, or without.
    as_json
        Whether the results are printed as JSON.

    Returns
    -------
    bool
        Whether no trial and no baseline has failed.
    """
    refuse_endless(asked)
    plan, summary = run_trials(asked, Console(stderr=True))
    print_summary(summary, print_search, as_json=as_json)
    if not as_json:
        print_next(list(_list_next(plan, summary, go_on)), Console())
    return not summary.counts.get("failed") and not summary.failed_baselines


def _list_next(plan: SearchPlan, summary: SearchSummary, go_on: GoOn) -> Iterator[tuple[str, str]]:
    """Yield what comes after a search, each with its command."""
    yield "report", write_analysis(plan)
    if summary.best:
        yield from list_validation(plan)
        yield write_next_round(plan)
    if plan.info.sampler not in {"grid", "manual"}:
        most = None if plan.n_trials is None else 2 * max(plan.n_trials, summary.ended)
        yield "search on", go_on(most, summary.stop is None)  # a rule that has held still holds


def run_trials(asked: SearchRequest, screen: Console) -> tuple[SearchPlan, SearchSummary]:
    """Run the trials that are missing; return the plan, and what the search has come to.

    Parameters
    ----------
    asked
        The search.
    screen
        Where it shows how it gets on.
    """
    require_search_extra()
    with ExitStack() as ending:
        # Importing PyTorch takes workers seconds: where it is sure that they are needed, they do so
        # while the plan is made.
        request = asked.request
        pool = ending.enter_context(start_workers(request)) if is_first_search(asked) else None
        plan = plan_search(asked)
        plan.folder.refuse_unwritable()
        before = read_outcome(plan)
        for text in list(_describe_plan(plan, before)):  # what is wrong stands alone
            tell(text, screen)
        claims = enter_claims(plan.run)
        if claims.note is not None:
            tell(claims.note, screen)
        replacing = baselines_to_replace(plan.run, force=False)
        outcome = before
        if has_more(plan, before):
            if pool is None:
                pool = ending.enter_context(start_workers(request))
            plan.run.data.refuse_change()  # the data is prepared while the workers import PyTorch
            note_validation(plan.run)
            outcome = _run(plan, pool, screen, before, claims.head)
        complete_baselines(plan.run, replacing, claims.head)
    summary = summarize_outcome(plan, outcome)
    write_best_trials(summary, plan.folder.best_file)
    return plan, summary


def is_first_search(asked: SearchRequest) -> bool:
    """Return whether no run of the study has a search of this name, so that one is sure to run."""
    study = find_study(asked.request.study).resolve().name
    runs = list_runs(Outputs(asked.request.output).study(study))
    return not any(run.of_search(asked.name).search_json.exists() for run in runs)


def has_more(plan: SearchPlan, outcome: SearchOutcome) -> bool:
    """Return whether a search may have further fits: trials are to come, or lack their record."""
    ended = [trial for trial in outcome.trials if trial.counts and trial.has_ended]
    expected = count_expected(plan)
    if expected is None or len(ended) < expected:
        return True
    places = (plan.folder.fit(t.name, plan.info.fit_seed) for t in ended if not t.is_repeat)
    return not all(record_of(place).exists() for place in places)


def _run(
    plan: SearchPlan,
    pool: WorkerPool,
    screen: Console,
    before: SearchOutcome,
    claims_head: str | None,
) -> SearchOutcome:
    """Run the search and show how it gets on."""
    start_rate = _find_start_rate(plan, before, screen)
    tracker = make_tracker(plan, before)
    with watch(tracker, screen, plan.folder.log) as observe:
        return run_search(plan, pool, observe, claims_head, start_rate, see=tracker.see)


def _find_start_rate(plan: SearchPlan, before: SearchOutcome, screen: Console) -> float | None:
    """Return the rate that the manual protocol begins with, which a range test suggests."""
    has_base = plan.searched.default is not None or plan.run.info.study.base is not None
    if plan.info.sampler != "manual" or plan.run.is_custom or not has_base:
        return None
    record, _ = find_base_rates(plan)
    if not before.trials:
        tell(f"Range test: {record.describe()}", screen)
    return None if record.suggestion is None else record.suggestion.start


def make_tracker(plan: SearchPlan, before: SearchOutcome) -> SearchTracker:
    """Return what follows a search, with what has come of it before."""
    study, best, hours = plan.run.info.study, before.best, plan.asked.hours
    ended = Counter(trial.state for trial in before.trials if trial.counts and trial.has_ended)
    return SearchTracker(
        [],
        [],
        metric=study.metric,
        rope=study.rope,
        space=plan.info.space,
        most=count_expected(plan),
        seconds=None if hours is None else 3600 * hours,
        cost=lambda configuration: epoch_flops(configuration, plan.run.info.data),
        before=Counter({str(state): n for state, n in ended.items()}),
        best=None
        if best is None or best.score is None
        else BestTrial(best.name, best.score, best.values),
    )


def _describe_plan(plan: SearchPlan, before: SearchOutcome) -> Iterator[str]:
    """Yield what is about to run, and for how long, as sentences."""
    info, most = plan.info, count_expected(plan)
    varied = count_noun(len(info.space.dimensions), "hyperparameter")
    pruner = "" if info.pruner == "none" else f", pruner {info.pruner}"
    yield (
        f"Search {info.name} of study {plan.run.info.study.name}: {varied}, sampler "
        f"{info.sampler}, seed {info.seed}{pruner}"
    )
    yield from list_notes(plan)
    foreign = describe_foreign(plan)
    if foreign is not None:
        yield foreign
    ended = sum(trial.counts and trial.has_ended for trial in before.trials)
    left = None if most is None else max(most - ended, 0)
    said = "as many trials as there is time for" if left is None else count_noun(left, "trial")
    yield f"{said} to run{f', {ended:,} ended before' if ended else ''}{_say_time(plan, left)}"


def _say_time(plan: SearchPlan, left: int | None) -> str:
    """Say how long the trials that are left will take, where anything is known of it."""
    price = price_trials(plan.searched, plan.run.info, plan.run.speed, custom=plan.run.is_custom)
    if price.seconds is None or not left:
        return ""
    seconds = price.seconds * left / min(plan.info.jobs, left)
    return f", about {format_duration(seconds)} ({price.source})"
