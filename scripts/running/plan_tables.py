"""The command's tables before anything runs: the study, the plan, how things stand."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from analysis.numbers import count_noun, format_duration
from runner.summaries.claim_summary import ClaimStatus, FixedClaims
from runner.summaries.study_summary import StudySummary, TrialLine
from scripts.running.long_table import keep_first, tell_rest
from scripts.running.queue_lines import print_queue
from scripts.running.setting_columns import choose_settings, show_settings
from scripts.text import mark, print_aligned
from trial_sets.claim import Claim
from trial_sets.records.claim_stops import list_plan

if TYPE_CHECKING:  # the list of a study does without plan and numpy
    from runner.summaries.plan_summary import FitLine, PlanSummary
    from runner.summaries.status import StatusSummary
    from scripts.running.plan_power import ForecastPlan, PlanPower
    from trial_sets.records.run_info import FoldSummary, SplitSummary


def print_study(study: StudySummary, console: Console) -> None:
    """Print sets, trials with notes, and expected outcomes."""
    console.print(f"[bold]{mark(study.name)}[/]: {mark(study.title)}")
    standing = iter(study.claims)
    for part in study.sets:
        control = f", control {part.control}" if part.control else ""
        _print_trials(f"Set {part.name}: {part.title}{control}", part.trials, console)
        for claim in part.expectations:
            console.print(_describe_claim(claim, next(standing)))
    _print_trials("Controls", study.controls, console)
    if study.looks is not None:
        console.print(f"Looks at {list_plan(study.looks)} seeds")
    for notice in study.notices:
        console.print(f"Notice: {mark(notice)}", soft_wrap=True)
    _print_findings(study.findings, console)


def _describe_claim(claim: Claim, standing: ClaimStatus) -> str:
    """Return the line of one expected outcome."""
    parts = [f"  Expected: {mark(standing.sentence)}"]
    if claim.words is not None and claim.words != standing.sentence.removeprefix("any of "):
        parts.append(f' (in words: "{mark(claim.words)}")')
    parts.append(".")
    parts += [f" Shows: {mark(claim.shows)}."] if claim.shows else []
    parts += [f" Then: {mark(claim.then)}."] if claim.then else []
    parts.append(f" [dim]({mark(standing.text)})[/]")
    return "".join(parts)


def print_plan(plan: "ForecastPlan", console: Console) -> None:
    """Print what would run, on which rows, for how long, and what it can find."""
    table = new_table("")
    columns = choose_settings([line.configuration for line in plan.lines])
    for column in ("fit", *map(mark, columns.values()), "size", "time"):
        left = column in {"fit", "time"}
        table.add_column(column, justify="left" if left else "right", no_wrap=column == "fit")
    for line in keep_first(plan.lines):
        table.add_row(
            join_names(line.names, line.kind),
            *show_settings(line.configuration, columns),
            _count(line.n_parameters),
            _state(line),
        )
    console.print(table)
    tell_rest(len(plan.lines), console)
    for text in describe_plan(plan):
        console.print(mark(text), soft_wrap=True)
    print_claims(plan.claims, console)
    _print_power(plan.power, console)
    _print_findings(plan.findings, console)


def _print_power(power: "PlanPower", console: Console) -> None:
    """Print what the plan can find about each claim whose trials are in it."""
    if power.untold:
        console.print(
            f"Power of {count_noun(power.untold, 'claim')}: known once two seeds of its trials are "
            "there",
            soft_wrap=True,
        )
    if not power.claims:
        return
    sources = {claim.error_from for claim in power.claims}
    shared = f"; error: {sources.pop()}" if len(sources) == 1 else ""
    head = f"Power on {count_noun(power.rows, 'validation row')}, {power.level}{shared}:"
    console.print(mark(head), soft_wrap=True)
    for claim in power.claims:
        own = "" if shared else f"; error: {claim.error_from}"
        console.print(f"  {mark(claim.sentence)}: {mark(claim.text + own)}.", soft_wrap=True)


def describe_claims(fixed: FixedClaims) -> str:
    """Return how many claims are fixed, as a sentence."""
    counts = Counter(claim.status for claim in fixed.claims)
    shown = ", ".join(f"{number} {status}" for status, number in counts.items())
    return f"Claims: {shown}; --dry-run says which, and since when" if shown else "Claims: none"


def print_fixed(fixed: FixedClaims, console: Console) -> None:
    """Print which claims of a study are fixed, and where."""
    if not fixed.claims:
        console.print(f"{mark(fixed.study)} claims nothing.")
    print_claims(fixed.claims, console)
    console.print(f"Ledger: {mark(fixed.ledger)}", soft_wrap=True)


def print_claims(claims: Sequence[ClaimStatus], console: Console) -> None:
    """Print how each claim stands, a line each."""
    for claim in claims:
        sentence = f"Claim of set {mark(claim.set_name)}: {mark(claim.sentence)}"
        console.print(f"{sentence}: {mark(claim.text)}.", soft_wrap=True)


def describe_plan(plan: "PlanSummary") -> list[str]:
    """Return the plan's data, fits and time as sentences."""
    same = ", ".join(" = ".join(line.names) for line in plan.lines if len(line.names) > 1)
    fits = (
        f"{count_noun(plan.trial_names, 'trial name')}, {plan.trial_configurations} distinct"
        f"{f' ({same})' if same else ''}, and {count_noun(plan.control_configurations, 'control')} "
        f"x {_count_folds(plan)}{_count_seeds(plan)}: "
        f"{count_noun(plan.fits_to_run, 'fit')} to run, {plan.fits_finished} finished"
        f"{f', {plan.fits_failed} failed' if plan.fits_failed else ''}"
    )
    lines = [
        _describe_data(plan),
        *(f"Fold {fold.number}: {_describe_fold(fold)}" for fold in plan.folds if plan.splits),
        *([f"Data read as {plan.reading}"] if plan.reading else []),
        *(f"Notice: {notice}" for notice in plan.notices),
        f"Fits: {fits}",
    ]
    if plan.fits_to_run and plan.seconds is not None:
        lines.append(
            f"Time: at most about {format_duration(plan.seconds)} on "
            f"{count_noun(plan.workers, 'worker')} ({plan.speed}), less with early stopping"
        )
    lines.append(f"Machine: {plan.machine}; precision {plan.precision}")
    return [*lines, f"Records: {plan.folder}"]


def _describe_data(plan: "PlanSummary") -> str:
    """Say what is trained and validated on."""
    if not plan.splits:
        return "Data: read by the trainer itself"
    rows = "; ".join(
        f"{name} {_describe_rows(split)}"
        for name, split in plan.splits.items()
        if not plan.folds or name == "test"
    )
    context = f", context {plan.context} rows" if plan.is_ordered else ""
    return f"Data: {plan.data}, tier {plan.tier}, {plan.features} features{context}: {rows}"


def _describe_rows(split: "SplitSummary") -> str:
    return f"{split.rows:,} rows, {split.describe_labels()}{split.describe_period()}"


def _describe_fold(fold: "FoldSummary") -> str:
    """Say what a fold trains and validates on."""
    if fold.train is None or fold.validation is None:
        return f"dropped: {fold.dropped}"
    return f"train {_describe_rows(fold.train)}; validation {_describe_rows(fold.validation)}"


def _count_folds(plan: "PlanSummary") -> str:
    """Return the folds that the plan's fits are on, as a factor."""
    kept = sum(not fold.dropped for fold in plan.folds)
    return f"{count_noun(kept, 'fold')} x " if plan.folds else ""


def _count_seeds(plan: "PlanSummary") -> str:
    """Return the seeds of a configuration as a factor; a range where some are asked fewer of."""
    numbers = {line.n_seeds for line in plan.lines} or {0}
    least, most = min(numbers), max(numbers)
    return f"{'' if least == most else f'{least} to '}{count_noun(most, 'seed')}"


def _print_findings(findings: Sequence[str], console: Console) -> None:
    for finding in findings:
        console.print(f"[yellow]Study:[/] {mark(finding)}.", soft_wrap=True)


def print_status(status: "StatusSummary", console: Console) -> None:
    """Print how every planned fit stands, a line each: there may be thousands."""
    has_folds = any(fit.fold is not None for fit in status.fits)
    head = ("fit", *(["fold"] if has_folds else []), "seed", "state", "since", "by", "why")
    rows = [
        (
            " = ".join(fit.names),
            *([str(fit.fold)] if has_folds else []),
            *(str(fit.seed), fit.state, fit.since, fit.by, fit.why),
        )
        for fit in status.fits
    ]
    print_aligned([head, *rows], console)
    counts = ", ".join(f"{number} {state}" for state, number in status.counts.items())
    console.print(f"{count_noun(len(status.fits), 'fit')}: {counts}.")
    console.print(f"Records: {mark(status.folder)}", soft_wrap=True)
    print_queue(status.queue, console)


def _print_trials(title: str, trials: Sequence[TrialLine], console: Console) -> None:
    table = new_table(title)
    columns = choose_settings([trial.configuration for trial in trials])
    for column in ("trial", *map(mark, columns.values()), "note"):
        table.add_column(column, justify="left" if column in {"trial", "note"} else "right")
    for trial in keep_first(trials):
        table.add_row(
            join_names((trial.name, *trial.same_as), ""),
            *show_settings(trial.configuration, columns),
            mark(trial.note),
        )
    console.print(table)
    tell_rest(len(trials), console)


def new_table(title: str) -> Table:
    """Return an empty table in the command's style."""
    return Table(
        title=mark(title) or None,
        title_justify="left",
        box=SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )


def join_names(names: Sequence[str], kind: str) -> str:
    """Return all names of a configuration, and whether it is a control, for a cell."""
    return mark(" = ".join(names)) + (" control" if kind == "control" else "")


def _count(value: int | None) -> str:
    """Return a number of parameters as people say it: ``1.31M``, ``234k``."""
    if value is None:
        return ""
    return f"{value / 1e6:.2f}M" if value >= 1e6 else f"{value / 1e3:.0f}k"


def _state(line: "FitLine") -> str:
    """Say how long a configuration will take, for which seeds, and why."""
    other = [reason for reason in line.reasons if reason not in {"new", "finished"}][:1]
    if not line.seeds_to_run:
        return mark("; ".join(other) or "finished")
    parts = ["to run" if line.seconds is None else format_duration(line.seconds)]
    if line.seeds_finished:
        parts.append(f"seeds {', '.join(map(str, line.seeds_to_run))}")
    return mark("; ".join([*parts, *other]))
