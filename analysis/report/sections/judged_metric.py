"""Which metric the verdicts of a run are on, where a person asked for another than its study's."""

from analysis.report.formats.markdown import escape_text
from trial_sets.task import Metric


def note_judged_metric(own: Metric, judged: Metric) -> str:
    """Say that verdicts and tables are on another metric than the study's; nothing on its own."""
    if judged == own:
        return ""
    return (
        f"Verdicts, candidate, baselines, trends and findings are on the validation "
        f"{escape_text(judged.title)} ({judged.direction}d), as asked. The claims, and the choice "
        f"of every epoch, are of {escape_text(own.title)}, so that none is confirmed."
    )
