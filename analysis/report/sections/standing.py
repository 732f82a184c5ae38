"""All trials of a run by the means of what their fits recorded, for runs without predictions."""

import numpy as np
import pandas as pd

from analysis.frames.frame import TrialFrame
from analysis.numbers import count_noun
from analysis.report.formats.markdown import escape_text, pipe_table
from analysis.report.yardstick import Yardstick


def tabulate_means(frame: TrialFrame, yardstick: Yardstick) -> str:
    """Return each trial's mean over its seeds and how much they differ, the best first."""
    rows = [
        [
            escape_text(str(row["trial"])),
            yardstick.write(row["mean"]),
            "-" if np.isnan(row["std"]) else yardstick.write_gain(row["std"], is_signed=False),
            str(row["count"]),
        ]
        for _, row in _rank(frame).iterrows()
    ]
    head = ["Trial", f"Mean validation {yardstick.title}", "Deviation between seeds", "Seeds"]
    return pipe_table(head, rows) if rows else ""


def describe_leader(frame: TrialFrame, yardstick: Yardstick) -> str:
    """Say which trial has the best mean; empty where none has one."""
    ranked = _rank(frame)
    if ranked.empty:
        return ""
    best = ranked.iloc[0]
    return (
        f"Best trial: {escape_text(str(best['trial']))}, mean validation {yardstick.title} "
        f"{yardstick.write(best['mean'])}; {count_noun(len(ranked), 'configuration')}, "
        f"{count_noun(int(best['count']), 'seed')}."
    )


def _rank(frame: TrialFrame) -> pd.DataFrame:
    """Return the trials that were trained, with mean, std and count over their seeds."""
    groups = frame.configured.groupby("configuration", sort=False)
    found = groups["metric"].agg(["mean", "std", "count"])
    found["trial"] = groups["trial"].first()
    order = np.argsort(-frame.sign * found["mean"].to_numpy(), kind="stable")
    return found.iloc[order]
