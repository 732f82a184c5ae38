"""The options of ``analyze``."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from analysis.top import describe_top
from scripts.ranges import FiniteRange

Command = TypeVar("Command", bound=Callable[..., Any])
FILE = click.Path(path_type=Path)


def _option(*names: str, about: str, **settings: Any) -> Callable[[Command], Command]:  # noqa: ANN401
    return click.option(*names, help=about, **settings)


def _show_formats(context: click.Context, _: click.Parameter, is_asked: bool) -> None:
    """Print which files are read, and end."""
    if is_asked and not context.resilient_parsing:
        # Imported only now, so that --help answers at once.
        from scripts.formats import print_formats  # noqa: PLC0415

        print_formats()
        context.exit()


READING = (
    _option("--metric", "--metric-column", "metric", metavar="NAME",
            about="The metric: a column of other tools' results; of a run, what its claims are "
                  "judged on instead of the study's, with --rope in its units."),
    _option("--param-columns", "param_columns", metavar="NAME[,NAME]",
            about="Columns of the hyperparameters, where they are not found by themselves."),
    _option("--direction", type=click.Choice(["maximize", "minimize"]),
            about="Whether more or less of the metric is better, where nothing records it."),
    _option("--filter", "filter_text", metavar="CLAUSES",
            about="Keep these trials in tables and findings: 'tier == a50 and dropout >= 0.3'."),
    _option("--study", metavar="NAME|FOLDER",
            about="The study to read from an Optuna file that holds it, or all, a report each. "
                  "Otherwise set other tools' results beside the expectations of this study of the "
                  "project; by default a50 when the trials bear its names."),
)  # fmt: skip
TABLES = (
    _option("--top", "n_top", type=click.IntRange(min=1), metavar="N",
            about=f"Size of the top; by default {describe_top()}."),
    _option("--rope", type=FiniteRange(0.0), metavar="X",
            about="Differences below it, in units of the metric, are practically nothing; by "
                  "default the study's."),
    _option("--param", "params", multiple=True, metavar="NAME",
            about="Show this hyperparameter alone; given twice, also the pair."),
)  # fmt: skip
WRITING = (
    _option("--output", type=FILE, metavar="FILE.md",
            about="Where the report goes, with figures/ beside it."),
    _option("--html", type=FILE, metavar="FILE",
            about="Also write the report as one self-contained HTML file."),
    _option("--json", "json_file", metavar="FILE|-",
            about="Also write the report as JSON, - for the standard output."),
    _option("--section", metavar="NAME",
            about="Print one section and write no report (the look at the claims "
                  "is entered all the same): headline, checklist, candidate, regret, importance, "
                  "interactions, trends, findings, diagnoses, unfinished, stops, health, cost, "
                  "next, caveats, methods, provenance."),
    _option("--propose", type=FILE, metavar="FOLDER",
            about="Write no report but the next round: a new study folder with its sets, claims, "
                  "a search space and proposal.md. No look at the claims is entered."),
    _option("--rounds", type=FILE, metavar="FILE.md",
            about="Write no report but a page on two rounds or more, named from the first to the "
                  "last: what was predicted and what came, and the champion's history. The looks "
                  "at their claims are entered."),
    _option("--no-figures", "figures", flag_value=False, default=True, about="Draw no figures."),
    _option("--formats", is_flag=True, is_eager=True, expose_value=False, callback=_show_formats,
            about="Say which files of other tools are read, and end."),
)  # fmt: skip
EXPORTS = (
    _option("--to-optuna", type=FILE, metavar="FILE",
            about="Write what was read as an Optuna storage, a journal, in place of a report; a "
                  "file that is there is never replaced."),
    _option("--to-csv", type=FILE, metavar="FOLDER",
            about="Write tidy tables in place of a report: fits.csv, and of a run curves.csv and "
                  "predictions.csv; none that is there is replaced."),
    _option("--to-parquet", type=FILE, metavar="FOLDER",
            about="The same as Parquet, which needs pyarrow."),
)  # fmt: skip


def add_options(command: Command) -> Command:
    """Give a command all options of a report."""
    for option in reversed((*READING, *TABLES, *WRITING, *EXPORTS)):
        command = option(command)
    return command
