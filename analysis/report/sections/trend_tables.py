"""Trend tables in Markdown."""

from functools import partial

import numpy as np

from analysis.numbers import DECIMALS, format_difference, format_metric, format_share
from analysis.report.formats.markdown import bold, escape_text, pipe_table
from analysis.trends.pair_table import PairTable
from analysis.trends.table import TrendTable


def render_proposal_table(table: TrendTable, decimals: int = DECIMALS) -> str:
    """Return the table that proposals print, with the leader's value, share and mean in bold.

    The mean is bold only where it is the best of its column too.
    """
    best = "Max" if table.direction == "maximize" else "Min"
    head = [
        escape_text(table.param),
        f"Mean {escape_text(table.metric_label)}",
        f"{best} {escape_text(table.metric_label)}",
        f"% of Top {table.n_asked}",
    ]
    cells = [
        [
            escape_text(row.label),
            format_metric(row.mean, decimals=decimals),
            format_metric(row.best, decimals=decimals),
            format_share(row.top_share),
        ]
        for row in table.rows
    ]
    has_best_mean = table.leader.mean == max(
        (row.mean for row in table.rows), key=lambda mean: table.sign * mean
    )
    leader = cells[table.rows.index(table.leader)]
    bolded = (0, 1, 3) if has_best_mean else (0, 3)
    for column in bolded if table.leader.top_share else ():
        leader[column] = bold(leader[column])
    return pipe_table(head, cells)


def render_evidence_table(table: TrendTable, decimals: int = DECIMALS) -> str:
    """Return what makes the plain table honest: counts, merged share, lift, adjusted effect.

    The merged share is bold where its value may be said to lead.
    """
    head = [
        escape_text(table.param),
        "Trials",
        "Configurations",
        f"% of top {table.n_merged_top} of {table.n_configurations} configurations",
        "Lift [95 %]",
        "Adjusted effect [95 %]",
    ]
    cells = [
        [
            escape_text(row.label),
            str(row.n),
            str(row.n_configurations),
            format_share(row.merged_share),
            f"{row.lift:.2f} [{row.lift_low:.2f}, {row.lift_high:.2f}]",
            _write_effect(row.effect, row.effect_low, row.effect_high, decimals),
        ]
        for row in table.rows
    ]
    if table.lead is not None:
        leader = cells[table.rows.index(table.lead)]
        leader[3] = bold(leader[3])
    return pipe_table(head, cells)


def render_correlations(tables: tuple[TrendTable, ...]) -> str:
    """Return the correlations of the numeric hyperparameters with the metric."""
    numeric = [table for table in tables if np.isfinite(table.pearson)]
    cells = [[escape_text(t.param), f"{t.pearson:+.3f}", f"{t.spearman:+.3f}"] for t in numeric]
    return pipe_table(["Hyperparameter", "Pearson", "Spearman"], cells)


def render_pair(pair: PairTable) -> str:
    """Return the mean metric of two hyperparameters' values, with the number of trials."""
    corner = f"{escape_text(pair.row_param)} \\ {escape_text(pair.column_param)}"
    head = [corner, *(escape_text(label) for label in pair.column_labels)]
    cells = [
        [
            escape_text(label),
            *(_write_cell(*cell, pair.decimals) for cell in zip(means, counts, strict=True)),
        ]
        for label, means, counts in zip(pair.row_labels, pair.means, pair.counts, strict=True)
    ]
    return pipe_table(head, cells)


def _write_effect(effect: float, low: float, high: float, decimals: int) -> str:
    if not np.isfinite(effect):
        return "not separable"
    write = partial(format_difference, is_signed=True, decimals=decimals)
    if not np.isfinite(low):
        return write(effect)
    return f"{write(effect)} [{write(low)}, {write(high)}]"


def _write_cell(mean: float, n: int, decimals: int) -> str:
    return f"{format_metric(mean, decimals=decimals)} ({n})" if n else "-"
