"""The steps of a manual search, each with its reason, as Markdown."""

from analysis.report.formats.markdown import escape_text, join_blocks, pipe_table
from analysis.report.sections.searches.headline import write_point
from analysis.report.yardstick import Yardstick
from analysis.searches.search import Search

_REASON = 200


def render_steps(search: Search, yardstick: Yardstick) -> str:
    """Return what was tried in turn, why, and what came of it."""
    rows = [
        [
            escape_text(trial.name),
            write_point(trial.values),
            escape_text(trial.reason, longest=_REASON) or "-",
            trial.state if trial.score is None else yardstick.write(trial.score),
        ]
        for trial in search.trials
    ]
    head = ["Step", "Values", "Reason", f"Validation {yardstick.title}"]
    return join_blocks("The steps by hand:", pipe_table(head, rows, n_left=3))
