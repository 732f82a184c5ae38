"""What ``analyze`` prints: a report's headline and its checklist."""

from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from analysis.report.document import Report
from analysis.report.sections.checklist import (
    choose_yardstick,
    describe_observation,
    describe_verdict,
    write_interval,
    write_p,
)
from analysis.verdicts.checklist import Checklist
from scripts.text import mark


def print_report(report: Report, path: Path, html: Path | None) -> None:
    """Print headline, checklist and where the report lies."""
    console = Console()
    console.print(f"[bold]{mark(' '.join(report.title.split()))}[/]")
    headline = report.render_section("headline").replace("> - ", "- ")
    console.print(Markdown(headline))
    if report.checklist is not None and report.checklist.rows:
        console.print(_tabulate(report.checklist))
    for place in (path, html):
        if place is not None:
            console.print(f"Report: {mark(place)}", soft_wrap=True)


def _tabulate(checklist: Checklist) -> Table:
    table, yardstick = Table(box=SIMPLE_HEAD), choose_yardstick(checklist)
    gain = yardstick.difference.lower()
    for name in ("if", "observed", "verdict", f"{gain} [95 %]", "p"):
        table.add_column(name)
    for row in checklist.rows:
        judgement = row.judgement
        table.add_row(
            mark(row.case.sentence),
            describe_observation(row, yardstick),
            describe_verdict(row),
            "-"
            if judgement.inference is None
            else mark(write_interval(judgement.inference, row.case.claim, yardstick)),
            write_p(row),
        )
    return table
