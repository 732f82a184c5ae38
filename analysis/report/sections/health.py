"""How training went and what it took, as Markdown."""

import numpy as np
import pandas as pd

from analysis.findings.trial_rules import COLLAPSED_RANGE
from analysis.frames.frame import TrialFrame
from analysis.numbers import count_noun, format_difference, format_duration, format_metric
from analysis.report.formats.markdown import escape_text, join_blocks, list_items, pipe_table
from analysis.report.yardstick import Yardstick
from analysis.runs.run import Run
from trial_sets.records.record import Record
from trial_sets.wording import join_words

_MOST_LISTED = 10
_MESSAGE = 160


def render_health(
    frame: TrialFrame,
    run: Run | None = None,
    images: str = "",
    yardstick: Yardstick | None = None,
) -> str:
    """Return early stops, collapsed predictions and failures; for a run a table of its trials.

    Parameters
    ----------
    yardstick
        In what the table counts; None for the metric of the run's study.
    """
    rows = frame.finished[frame.finished["role"] != "baseline"]
    facts = [
        _count_states(frame),
        _describe_epochs(rows),
        _describe_ranges(rows),
        _describe_overfit(frame, rows),
    ]
    failures = [] if run is None else _list_failures(run)
    return join_blocks(
        list_items(fact for fact in facts if fact),
        "" if run is None else _tabulate_fits(run, yardstick or _choose_yardstick(run)),
        images,
        "Failed fits:" if failures else "",
        list_items(failures),
    )


def render_cost(frame: TrialFrame, run: Run | None = None, images: str = "") -> str:
    """Return the time that the trials took."""
    seconds = frame.rows["duration_s"].dropna()
    seconds = seconds[np.isfinite(seconds) & (seconds >= 0)]
    if seconds.empty:
        return "No durations are recorded."
    said = [
        f"{format_duration(float(seconds.sum()))} of training in "
        f"{count_noun(len(seconds), 'fit')}: {format_duration(float(seconds.median()))} in the "
        f"median, {format_duration(float(seconds.max()))} at most."
    ]
    if run is not None:
        trained = [record for record in run.records if record.kind != "baseline"]
        devices = sorted({record.provenance.device for record in trained})
        said.append(f"Device: {join_words([escape_text(device) for device in devices])}.")
        memory = [m for record in run.records if (m := record.peak_memory_mib) is not None]
        said += [f"Peak memory {max(memory):,.0f} MiB."] if memory else []
    return join_blocks(" ".join(said), images)


def _count_states(frame: TrialFrame) -> str:
    counts = frame.count_states()
    shown = join_words([f"{n:,} {escape_text(state)}" for state, n in counts.items()])
    return f"{count_noun(len(frame.rows), 'fit')}: {shown}."


def _describe_epochs(rows: pd.DataFrame) -> str:
    epochs = rows["epochs_run"].dropna()
    if epochs.empty:
        return ""
    stopped = rows["stopped_early"].dropna()
    early = f"; {int(stopped.sum())} of {len(stopped)} stopped early" if len(stopped) else ""
    return f"Epochs: {epochs.min():.0f} to {epochs.max():.0f}, median {epochs.median():.0f}{early}."


def _describe_ranges(rows: pd.DataFrame) -> str:
    width = (rows["prediction_high"] - rows["prediction_low"]).dropna()
    if width.empty:
        return ""
    collapsed = int((width < COLLAPSED_RANGE).sum())
    return (
        f"Predicted probabilities span {width.min():.2f} to {width.max():.2f}; "
        f"{collapsed} of {len(width)} span less than {COLLAPSED_RANGE:g} (collapse)."
    )


def _describe_overfit(frame: TrialFrame, rows: pd.DataFrame) -> str:
    gaps = frame.sign * (rows["train_metric"] - rows["metric"])
    gaps = gaps.dropna()
    if gaps.empty:
        return ""
    median = format_difference(float(gaps.median()), is_signed=True, decimals=frame.decimals)
    less = "Training less validation" if frame.sign > 0 else "Validation less training"
    return f"{less} {escape_text(frame.metric_label)}: {median} in the median."


def _choose_yardstick(run: Run) -> Yardstick:
    return Yardstick.of(run.info.study.metric, run.info.study.rope)


def _tabulate_fits(run: Run, yardstick: Yardstick) -> str:
    """One row a configuration: where it stopped, and what the last epoch lost."""
    by_key: dict[str, list[Record]] = {}
    for record in run.records:
        if record.kind != "baseline":
            by_key.setdefault(record.key, []).append(record)
    cells = []
    for fits in by_key.values():
        done = [record for record in fits if record.status == "complete"]
        curves = [len(record.curve) for record in done]
        chosen = [record.selected_epoch for record in done if record.selected_epoch is not None]
        early = sum(record.stop_reason == "patience" for record in done)
        losses = [
            yardstick.metric.sign * (value - last)
            for record in done
            if (value := record.metrics.get(yardstick.metric.key())) is not None
            and (last := record.metrics.get(yardstick.metric.key(suffix="_last"))) is not None
        ]
        cells.append(
            [
                escape_text(" = ".join(fits[0].names)),
                f"{len(done)} of {len(fits)}",
                _write_counts(curves),
                _write_counts(chosen),
                str(early),
                yardstick.write_gain(float(np.mean(losses)), is_signed=False) if losses else "-",
            ]
        )
    head = ["Trial", "Complete", "Epochs", "Selected epoch", "Stopped early", "Lost by last epoch"]
    return pipe_table(head, cells)


def _write_counts(counts: list[int]) -> str:
    """Write the counts of a few fits one by one, of many as a range."""
    if not counts:
        return "-"
    return " ".join(map(str, counts)) if len(counts) < 4 else f"{min(counts)} to {max(counts)}"


def _list_failures(run: Run) -> list[str]:
    failed = [record for record in run.records if record.failure is not None]
    lines = [
        f"{escape_text(str(record.id))}: {record.failure.kind}, "
        f"{escape_text(record.failure.message, longest=_MESSAGE)}"
        for record in failed[:_MOST_LISTED]
        if record.failure is not None
    ]
    rest = len(failed) - len(lines)
    return [*lines, f"and {rest} more"] if rest else lines


def describe_best(frame: TrialFrame) -> str:
    """Say how good the best finished row is, for the headline of other tools' results."""
    finished = frame.configured if len(frame.configured) else frame.finished
    best = finished.iloc[int(np.argmax(frame.sign * finished["metric"].to_numpy()))]
    value = format_metric(float(best["metric"]), decimals=frame.decimals)
    return f"trial {escape_text(str(best['trial']))}, {escape_text(frame.metric)} {value}"
