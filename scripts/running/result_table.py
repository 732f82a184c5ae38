"""The command's table of results."""

from rich.console import Console

from analysis.numbers import count_noun, format_duration
from runner.summaries.results import ResultSummary
from scripts.running.plan_tables import join_names, new_table
from scripts.text import mark, score


def print_results(results: ResultSummary, console: Console) -> None:
    """Print what came out and where it lies."""
    table = new_table("")
    tested = results.test_looks is not None
    columns = ["fit", "seeds", "mean val AUC", "each seed", "epochs", "time", "failed"]
    for column in [*columns[:3], "mean test AUC", *columns[3:]] if tested else columns:
        table.add_column(column, justify="left" if column in {"fit", "failed"} else "right")
    best = max((line.mean_val_auc or 0.0 for line in results.lines), default=0.0)
    for line in results.lines:
        mean = score(line.mean_val_auc)
        table.add_row(
            join_names(line.names, line.kind),
            str(len(line.seeds)),
            f"[bold]{mean}[/]" if line.mean_val_auc == best else mean,
            *([score(line.mean_test_auc)] if tested else []),
            " ".join(score(value) for value in line.val_auc) if len(line.seeds) > 1 else "",
            " ".join(str(count) for count in line.epochs if count),
            format_duration(line.seconds),
            mark("; ".join(line.failures)),
        )
    console.print(table)
    if results.baselines:
        known = ", ".join(f"{mark(name)} {score(auc)}" for name, auc in results.baselines.items())
        console.print(f"Baselines on the same rows: {known}.", soft_wrap=True)
    for name, why in results.failed_baselines.items():
        console.print(f"The baseline {mark(name)} failed: {mark(why)}", soft_wrap=True)
    if results.test_looks is not None:
        console.print(f"Looks at this test period so far: {results.test_looks}.")
    failed = f", {results.failed} failed or missing" if results.failed else ""
    console.print(f"{count_noun(results.complete, 'fit')} complete{failed}.")
    console.print(f"Records: {mark(results.folder)}", soft_wrap=True)
