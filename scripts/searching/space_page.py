"""What ``--plan`` tells of a search before it runs: its page, remarks, time and phases."""

from collections.abc import Iterator

from analysis.numbers import count_noun, format_duration
from runner.search.planning import SearchPlan
from runner.search.pruners import explain_idle
from runner.summaries.search_standing import count_expected
from runner.summaries.trial_price import TrialPrice, price_trials
from scripts.searching.commands import list_phase_commands
from trial_sets.configuration import StrictModel
from trial_sets.linting.remark import Remark
from trial_sets.linting.role import SearchFacts
from trial_sets.linting.space import lint_space
from trial_sets.redaction import hide_home
from trial_sets.tuning.page import Outline, write_page


class SpacePage(StrictModel):
    """A search before it runs."""

    page: str  # Markdown
    remarks: tuple[str, ...]  # of the linter
    notes: tuple[str, ...]
    seconds_a_fit: float | None  # of one worker; None where nothing is known
    seconds_from: str  # how that is known
    trials: int | None
    workers: int
    seconds: float | None  # of all trials
    phases: tuple[tuple[str, str, str], ...]  # name, what for, command


def summarize_space(plan: SearchPlan) -> SpacePage:
    """Return what there is to know of a search before it runs."""
    price = price_trials(plan.searched, plan.run.info, plan.run.speed, custom=plan.run.is_custom)
    workers = plan.info.jobs
    return SpacePage(
        page=write_page(_outline(plan, price)),
        remarks=tuple(map(str, _lint(plan, price))),
        notes=tuple(list_notes(plan)),
        seconds_a_fit=price.seconds,
        seconds_from=price.source,
        trials=count_expected(plan),
        workers=workers,
        seconds=_estimate(plan, price, workers),
        phases=tuple(list_phase_commands(plan, price)),
    )


def write_document(summary: SpacePage) -> str:
    """Return all of it as one Markdown document."""
    return "\n".join([summary.page.rstrip("\n"), "", *_list_rest(summary)])


def list_notes(plan: SearchPlan) -> Iterator[str]:
    """Yield what a person should know of a search before it runs, as sentences."""
    yield from (note.removesuffix(".") for note in plan.notes)
    epochs = plan.searched.fixed.get("epochs")
    idle = explain_idle(plan.info.pruner, epochs if isinstance(epochs, int) else None)
    if idle is not None:
        yield idle


def _list_rest(summary: SpacePage) -> Iterator[str]:
    yield from ("## Remarks", "")
    yield from (f"- {remark}." for remark in (*summary.remarks, *summary.notes))
    if not summary.remarks and not summary.notes:
        yield "None: nothing is wrong with the space that can be seen from here."
    yield from ("", "## What it takes", "")
    yield f"- {_say_fit(summary)}"
    if summary.seconds is not None and summary.trials is not None:
        workers = count_noun(summary.workers, "worker")
        yield (
            f"- {count_noun(summary.trials, 'trial')} on {workers}: about "
            f"{format_duration(summary.seconds)}, less where fits end early."
        )
    yield from ("", "## Phases", "")
    for name, purpose, command in summary.phases:
        yield from (f"**{name}**: {purpose}.", "", f"    {command}", "")


def _say_fit(summary: SpacePage) -> str:
    if summary.seconds_a_fit is None:
        return "Seconds a fit: not known before the first has run; `--check` runs five."
    known = f"({summary.seconds_from})"
    return f"A fit takes about {format_duration(summary.seconds_a_fit)} of one worker {known}."


def _estimate(plan: SearchPlan, price: TrialPrice, workers: int) -> float | None:
    n_trials = count_expected(plan)
    if price.seconds is None or n_trials is None:
        return None
    seconds = price.seconds * n_trials / workers
    hours = plan.asked.hours
    return seconds if hours is None else min(seconds, 3600 * hours)


def _lint(plan: SearchPlan, price: TrialPrice) -> tuple[Remark, ...]:
    info, searched = plan.run.info, plan.searched
    train = info.data.splits.get("train")
    facts = SearchFacts(
        n_train_rows=None if train is None else train.rows,
        smallest=price.fewest,
        largest=price.most,
        sampler=plan.info.sampler,
        n_trials=count_expected(plan),
    )
    return lint_space(info.study, searched.space, searched.fixed, searched.default, facts)


def _outline(plan: SearchPlan, price: TrialPrice) -> Outline:
    info, searched = plan.run.info, plan.searched
    train = info.data.splits.get("train")
    request = plan.asked.request
    trainer = request.command or request.trainer or info.study.trainer
    return Outline(
        title=info.study.title,
        model=hide_home(trainer),
        objective=f"{info.study.metric.direction} val {info.study.metric.title}",
        space=searched.space,
        fixed=searched.fixed,
        default=searched.default,
        sampler=plan.info.sampler,
        pruner=plan.info.pruner,
        n_trials=count_expected(plan),
        hours=plan.asked.hours,
        n_rows=None if train is None else train.rows,
        n_parameters=price.of_default,
        is_transformer=not plan.run.is_custom and info.study.trainer == "patch_transformer",
    )
