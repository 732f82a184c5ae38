"""Trial states, in the words of every tool."""

import pandas as pd

_WORDS = {
    "complete": (
        *("complete", "completed", "finished", "success", "succeeded", "ok", "done", "passed"),
        "terminated",  # Ray Tune's word for a trial that ran to its end
    ),
    "pruned": ("pruned", "stopped", "early_stopped", "earlystopped"),
    "failed": (
        *(
            "fail",
            "failed",
            "error",
            "errored",
            "crashed",
            "crash",
            "diverged",
            "killed",
            "timeout",
        ),
        *("timedout", "memout", "memoryout", "invalid", "abandoned", "aborted", "cancelled"),
        *("canceled", "user_canceled", "sys_canceled", "preempted", "metricsunavailable"),
    ),
    "running": ("running", "started", "inprogress", "in_progress"),
    "waiting": (
        *("waiting", "queued", "pending", "scheduled", "candidate", "idle", "paused", "staged"),
        *("created", "new"),
    ),
}
_KNOWN = {word: state for state, words in _WORDS.items() for word in words}
_CODES = {"0": "running", "1": "complete", "2": "pruned", "3": "failed", "4": "waiting"}


def is_state_column(column: pd.Series) -> bool:
    """Say whether a column holds states of trials: at least half of what it says is known."""
    present = column.dropna()
    return bool(len(present)) and bool(_squash(present).map(_KNOWN).notna().mean() >= 0.5)


def holds_codes(column: pd.Series) -> bool:
    """Say whether a column holds Optuna's numbers of states and nothing else."""
    return bool(_squash(column.dropna()).isin([*_CODES]).all())


def read_states(column: pd.Series) -> tuple[pd.Series, list[str]]:
    """Return the states in this project's words, and notes on unknown ones (counted as failed).

    Numbers are Optuna's.
    """
    present = column.dropna()
    states = _squash(present).map(_KNOWN | _CODES)
    unknown = sorted(present.astype("str")[states.isna()].unique())
    notes = [f"state {word!r} is not known and counts as failed" for word in unknown[:3]]
    return states.fillna("failed").astype("str").reindex(column.index), notes


def _squash(present: pd.Series) -> pd.Series:
    words = present.astype("str").str.strip().str.lower()
    return words.str.removesuffix(".0").str.split(".").str[-1]
