"""The command's table of results."""

from collections.abc import Iterable, Sequence
from math import inf

from rich.console import Console

from analysis.numbers import choose_decimals, count_noun, format_duration
from runner.faults.breaker import generalise
from runner.summaries.results import ResultLine, ResultSummary
from scripts.running.long_table import keep_best, tell_rest
from scripts.running.plan_tables import join_names, new_table
from scripts.text import mark, score


def _join_scores(values: Iterable[float], decimals: int) -> str:
    return " ".join(score(value, decimals) for value in values)


def _join_epochs(counts: Sequence[int], *, has_folds: bool) -> str:
    """Return each fit's epochs or, since on folds they are many, the fewest and the most."""
    if not has_folds or not counts:
        return " ".join(map(str, counts))
    return f"{min(counts)} to {max(counts)}" if min(counts) < max(counts) else str(counts[0])


def _list_kinds(failures: Sequence[str]) -> list[str]:
    """Return the failures of different causes: of those that differ in numbers alone, the first."""
    return list({generalise(failure): failure for failure in reversed(failures)}.values())[::-1]


def print_results(results: ResultSummary, console: Console) -> None:
    """Print what came out and where it lies."""
    decimals = choose_decimals(results.rope)
    table, title = new_table(""), mark(results.metric.title)
    tested = results.test_looks is not None
    has_folds = any(line.val_by_fold for line in results.lines)
    by_fold = ["each fold"] if has_folds else []
    columns = [
        "fit",
        "seeds",
        f"mean val {title}",
        *by_fold,
        "each seed",
        "epochs",
        "time",
        "failed",
    ]
    for column in [*columns[:3], f"mean test {title}", *columns[3:]] if tested else columns:
        table.add_column(column, justify="left" if column in {"fit", "failed"} else "right")
    means = [line.mean_val for line in results.lines if line.mean_val is not None]
    best = max(means, key=lambda value: results.metric.sign * value, default=None)
    for line in keep_best(results.lines, lambda line: _weigh(line, results)):
        mean = score(line.mean_val, decimals)
        table.add_row(
            join_names(line.names, line.kind),
            str(len(line.seeds)),
            f"[bold]{mean}[/]" if mean and line.mean_val == best else mean,
            *([score(line.mean_test, decimals)] if tested else []),
            *([_join_scores(line.val_by_fold.values(), decimals)] if has_folds else []),
            _join_scores(line.val, decimals) if len(line.seeds) > 1 else "",
            _join_epochs([count for count in line.epochs if count], has_folds=has_folds),
            format_duration(line.seconds),
            mark("; ".join(_list_kinds(line.failures))),
        )
    console.print(table)
    tell_rest(len(results.lines), console, "best")
    for where, known in (
        ("the same", results.baselines),
        ("the test", results.test_baselines),
    ):
        told = ", ".join(f"{mark(name)} {score(one, decimals)}" for name, one in known.items())
        if told:
            is_told_apart = results.test_baselines and where == "the same"
            rows = "the validation" if is_told_apart else where
            console.print(f"Baselines on {rows} rows: {told}.", soft_wrap=True)
    for name, why in results.failed_baselines.items():
        console.print(f"The baseline {mark(name)} failed: {mark(why)}", soft_wrap=True)
    if results.test_looks is not None:
        console.print(f"Looks at these test rows so far: {results.test_looks}.")
    failed = f", {results.failed} failed or missing" if results.failed else ""
    console.print(f"{count_noun(results.complete, 'fit')} complete{failed}.")
    console.print(f"Records: {mark(results.folder)}", soft_wrap=True)


def _weigh(line: ResultLine, results: ResultSummary) -> float:
    """Return what a configuration has come to; the more, the better."""
    return -inf if line.mean_val is None else results.metric.sign * line.mean_val


def print_next(commands: Sequence[tuple[str, str]], console: Console) -> None:
    """Print what to do next: what for, and the command."""
    if commands:
        console.print("Next:")
    for purpose, command in commands:
        console.print(f"  {mark(purpose)}: {mark(command)}", soft_wrap=True)
