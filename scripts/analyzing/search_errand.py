"""The report on one search, to be made beside those of runs."""

from collections.abc import Callable
from pathlib import Path

from analysis.report.document import Report
from analysis.report.options import ReportOptions
from analysis.report.search import report_search
from analysis.searches.reading import name_alike, read_search
from scripts.analyzing.errand import Errand
from trial_sets.records.layout import RunLayout


def plan_search_report(search: RunLayout, options: ReportOptions, output: Path | None) -> Errand:
    """Return the errand of a search's report.

    Parameters
    ----------
    output
        Where it goes; None for the search's own folder.
    """
    path = output or search.report
    others = [one for one in RunLayout(search.path).list_searches() if one != search]

    def make(with_figures: bool, advance: Callable[[], None]) -> Report:
        found = name_alike(read_search(search, advance), others)
        return report_search(found, options, path.parent if with_figures else None, advance)

    return Errand(str(search.path / search.section), path, len(search.list_fits()), make)
