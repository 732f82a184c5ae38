"""Which metric the verdicts of a run are on, where the tables were asked for another."""

from analysis.frames.frame import TrialFrame
from analysis.report.formats.markdown import escape_text

JUDGED_METRIC = "val_auc"


def note_judged_metric(frame: TrialFrame) -> str:
    """Say that verdicts and tables are on two metrics; nothing where they are on one."""
    if frame.metric == JUDGED_METRIC:
        return ""
    return (
        "The verdicts, the candidate and the baselines are on the validation AUC "
        f"({JUDGED_METRIC}), but for claims that name another metric; the trends, findings and "
        f"next steps are on {escape_text(frame.metric)} ({frame.direction}d), as asked."
    )
