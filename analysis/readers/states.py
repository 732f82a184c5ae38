"""Trial states, in the words of every tool."""

import pandas as pd

_WORDS = {
    "complete": ("complete", "completed", "finished", "success", "succeeded", "ok", "done", "1"),
    "pruned": ("pruned", "stopped", "2"),
    "failed": ("fail", "failed", "error", "crashed", "diverged", "killed", "timeout", "3"),
    "running": ("running", "started", "0"),
    "waiting": ("waiting", "queued", "pending", "scheduled", "4"),
}
_KNOWN = {word: state for state, words in _WORDS.items() for word in (*words, state)}
_KNOWN["terminated"] = "complete"  # Ray Tune's word for a trial that ran to its end


def read_states(column: pd.Series) -> tuple[pd.Series, list[str]]:
    """Return the states in this project's words, and notes on unknown ones (counted as failed)."""
    present = column.dropna()
    words = present.astype("str").str.split(".").str[-1].str.strip().str.lower()
    states = words.map(_KNOWN)
    unknown = sorted(present.astype("str")[states.isna()].unique())
    notes = [f"state {word!r} is not known and counts as failed" for word in unknown[:3]]
    return states.fillna("failed").astype("str").reindex(column.index), notes
