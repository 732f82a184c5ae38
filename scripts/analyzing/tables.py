"""What ``analyze`` prints: a report's headline and its checklist."""

from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from analysis.report.document import Report
from analysis.statistics.contrast import Contrast
from analysis.verdicts.checklist import Checklist, Observation
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
    table = Table(box=SIMPLE_HEAD)
    for name in ("if", "observed", "verdict", "difference [95 %]", "p"):
        table.add_column(name)
    for row in checklist.rows:
        contrast = row.judgement.contrast
        table.add_row(
            mark(row.case.expectation.claim),
            _describe_observation(row.case.observation),
            row.judgement.verdict.value,
            _describe_interval(contrast),
            "-" if contrast is None else f"{contrast.p_value:.3f}",
        )
    return table


def _describe_observation(seen: Observation | None) -> str:
    if seen is None:
        return "not run"
    return f"{'yes' if seen.is_yes else 'no'} ({seen.difference:+.4f})"


def _describe_interval(contrast: Contrast | None) -> str:
    if contrast is None:
        return "-"
    if contrast.is_without_spread:
        return f"{contrast.estimate:+.4f}"
    return mark(f"{contrast.estimate:+.4f} [{contrast.low:+.4f}, {contrast.high:+.4f}]")
