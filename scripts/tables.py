"""The command's tables: the study, the plan, the results."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from runner.status import StatusSummary
from runner.summary import FitLine, PlanSummary, ResultSummary, StudySummary, TrialLine
from scripts.text import duration, score, short_number

SEARCHED = {
    "d_model": "width",
    "n_layers": "layers",
    "n_heads": "heads",
    "d_ff_ratio": "ff",
    "dropout": "dropout",
    "learning_rate": "lr",
    "weight_decay": "wd",
    "batch_size": "batch",
}


def print_study(study: StudySummary, console: Console) -> None:
    """Print sets, trials with notes, and expected outcomes."""
    console.print(f"[bold]{escape(study.name)}[/]: {escape(study.title)}")
    for part in study.sets:
        control = f", control {part.control}" if part.control else ""
        _print_trials(f"Set {part.name}: {part.title}{control}", part.trials, console)
        for expected in part.expectations:
            console.print(
                f"  Expected: {escape(expected.claim)}. Shows: {escape(expected.shows)}. "
                f"Then: {escape(expected.then)}."
            )
    _print_trials("Controls", study.controls, console)
    _print_findings(study.findings, console)


def print_plan(plan: PlanSummary, console: Console) -> None:
    """Print what would run, on which rows, and for how long."""
    table = _table("")
    for column in ("fit", *SEARCHED.values(), "size", "time"):
        left = column in {"fit", "time"}
        table.add_column(column, justify="left" if left else "right", no_wrap=column == "fit")
    for line in plan.lines:
        table.add_row(
            _names(line.names, line.kind),
            *_values(line),
            _count(line.n_parameters),
            _state(line),
        )
    console.print(table)
    for text in describe_plan(plan):
        console.print(escape(text), soft_wrap=True)
    _print_findings(plan.findings, console)


def describe_plan(plan: PlanSummary) -> list[str]:
    """Return the plan's data, fits and time as sentences."""
    rows = "; ".join(
        f"{name} {split.rows:,} rows, {split.positives} positive, {split.first} to {split.last}"
        for name, split in plan.splits.items()
    )
    same = ", ".join(" = ".join(line.names) for line in plan.lines if len(line.names) > 1)
    fits = (
        f"{_plural(plan.trial_names, 'trial name')}, {plan.trial_configurations} distinct"
        f"{f' ({same})' if same else ''}, and {_plural(plan.control_configurations, 'control')} "
        f"x {_plural(len(plan.seeds), 'seed')}: "
        f"{_plural(plan.fits_to_run, 'fit')} to run, {plan.fits_finished} finished"
        f"{f', {plan.fits_failed} failed' if plan.fits_failed else ''}"
    )
    lines = [
        f"Data: {plan.data}, tier {plan.tier}, {plan.features} features, "
        f"context {plan.context} rows: {rows}",
        *(f"Notice: {notice}" for notice in plan.notices),
        f"Fits: {fits}",
    ]
    if plan.fits_to_run and plan.seconds is not None:
        lines.append(
            f"Time: at most about {duration(plan.seconds)} on {_plural(plan.workers, 'worker')} "
            f"({plan.speed}), less with early stopping"
        )
    return [*lines, f"Records: {plan.folder}"]


def print_results(results: ResultSummary, console: Console) -> None:
    """Print what came out and where it lies."""
    table = _table("")
    tested = results.test_looks is not None
    columns = ["fit", "seeds", "mean val AUC", "each seed", "epochs", "time", "failed"]
    for column in [*columns[:3], "mean test AUC", *columns[3:]] if tested else columns:
        table.add_column(column, justify="left" if column in {"fit", "failed"} else "right")
    best = max((line.mean_val_auc or 0.0 for line in results.lines), default=0.0)
    for line in results.lines:
        mean = score(line.mean_val_auc)
        table.add_row(
            _names(line.names, line.kind),
            str(len(line.seeds)),
            f"[bold]{mean}[/]" if line.mean_val_auc == best else mean,
            *([score(line.mean_test_auc)] if tested else []),
            " ".join(score(value) for value in line.val_auc) if len(line.seeds) > 1 else "",
            " ".join(str(count) for count in line.epochs if count),
            duration(line.seconds),
            escape("; ".join(line.failures)),
        )
    console.print(table)
    if results.baselines:
        known = ", ".join(f"{name} {score(auc)}" for name, auc in results.baselines.items())
        console.print(f"Baselines on the same rows: {known}.", soft_wrap=True)
    if results.test_looks is not None:
        console.print(f"Looks at this test period so far: {results.test_looks}.")
    failed = f", {results.failed} failed or missing" if results.failed else ""
    console.print(f"{_plural(results.complete, 'fit')} complete{failed}.")
    console.print(f"Records: {escape(results.folder)}", soft_wrap=True)


def _print_findings(findings: Sequence[str], console: Console) -> None:
    for finding in findings:
        console.print(f"[yellow]Study:[/] {escape(finding)}.", soft_wrap=True)


def print_status(status: StatusSummary, console: Console) -> None:
    """Print how every planned fit stands."""
    table = _table("")
    for column in ("fit", "seed", "state", "since", "by", "why"):
        table.add_column(column, justify="right" if column == "seed" else "left")
    for fit in status.fits:
        cells = (fit.state, fit.since, fit.by, fit.why)
        table.add_row(_names(fit.names, ""), str(fit.seed), *map(escape, cells))
    console.print(table)
    counts = ", ".join(f"{number} {state}" for state, number in status.counts.items())
    console.print(f"{_plural(len(status.fits), 'fit')}: {counts}.")
    console.print(f"Records: {escape(status.folder)}", soft_wrap=True)


def _print_trials(title: str, trials: Sequence[TrialLine], console: Console) -> None:
    table = _table(title)
    for column in ("trial", *SEARCHED.values(), "note"):
        table.add_column(column, justify="left" if column in {"trial", "note"} else "right")
    for trial in trials:
        table.add_row(_names((trial.name, *trial.same_as), ""), *_values(trial), escape(trial.note))
    console.print(table)


def _table(title: str) -> Table:
    return Table(
        title=escape(title) or None,
        title_justify="left",
        box=SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )


def _names(names: Sequence[str], kind: str) -> str:
    return escape(" = ".join(names)) + (" control" if kind == "control" else "")


def _values(line: TrialLine | FitLine) -> list[str]:
    """Return the searched hyperparameters as people write them."""
    return [short_number(getattr(line.configuration, field)) for field in SEARCHED]


def _plural(number: int, noun: str) -> str:
    """Return ``1 fit`` or ``2 fits``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _count(value: int | None) -> str:
    """Return a number of parameters as people say it: ``1.31M``, ``234k``."""
    if value is None:
        return ""
    return f"{value / 1e6:.2f}M" if value >= 1e6 else f"{value / 1e3:.0f}k"


def _state(line: FitLine) -> str:
    """Say how long a configuration will take, for which seeds, and why."""
    other = [reason for reason in line.reasons if reason not in {"new", "finished"}][:1]
    if not line.seeds_to_run:
        return escape("; ".join(other) or "finished")
    parts = ["to run" if line.seconds is None else duration(line.seconds)]
    if line.seeds_finished:
        parts.append(f"seeds {', '.join(map(str, line.seeds_to_run))}")
    return escape("; ".join([*parts, *other]))
