"""Rules about the values of one hyperparameter. Each yields a sentence only where it holds."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.stats import ttest_ind

from analysis.findings.evidence import Evidence, describe_trial
from analysis.findings.finding import Finding
from analysis.frames.scale import find_scale, format_on_scale, list_untested
from analysis.numbers import count_noun, format_p, format_share
from analysis.statistics.comparisons.multiplicity import ALPHA
from analysis.trends.table import TrendRow, TrendTable
from trial_sets.wording import join_words

_TESTED_ENOUGH = 5
_PEAK_TRIALS = 3
_EDGE_SHARE = 0.05


def report_leader(evidence: Evidence) -> Iterator[Finding]:
    """Say which value leads, or that the one with most of the top does not.

    A value leads where the F test of the levels at equal other hyperparameters says that they
    differ; otherwise the top holds most of what was tried most.
    """
    for table in evidence.ranked_tables:
        if (lead := table.lead) is not None:
            yield Finding("leader", f"{_describe_lead(evidence, table, lead)}.", table.param)
            continue
        leader = table.leader
        tried = f"({leader.n} of {table.n_trials} trials have it)"
        if leader.n == max(row.n for row in table.rows):
            tried = f"was tried most ({leader.n} of {table.n_trials} trials) and"
        yield Finding(
            "no lead",
            f"{table.param}: {leader.label} {tried} has {_describe_shares(table, leader)}; no "
            f"value leads: {_explain_no_lead(table)}.",
            table.param,
        )


def report_gaps(evidence: Evidence) -> Iterator[Finding]:
    """Name the values beside the leader that were never tried, where the gap is wide."""
    for table in evidence.ranked_tables:
        scale, lead = find_scale(evidence.frame, table.param), table.lead
        if scale is None or table.is_binned or lead is None:
            continue
        gaps = list_untested(scale, lead.value)
        if gaps:
            untried = join_words([format_on_scale(scale, middle) for _, _, middle in gaps])
            verb = "was" if len(gaps) == 1 else "were"
            suffix = " (midway on a log scale)" if scale.is_log else ""
            yield Finding(
                "untested gap",
                f"{table.param}: {lead.label} leads; {untried} {verb} never tried{suffix}.",
                table.param,
            )


def report_edge(evidence: Evidence) -> Iterator[Finding]:
    """Say where the leading value is the outermost that was tested.

    Of a sampled range, where values are too many to lead, the best trial stands for them, if the
    ranges of values differ.
    """
    for table in evidence.ranked_tables:
        scale, lead = find_scale(evidence.frame, table.param), table.lead
        if scale is None or len(scale.values) < 3 or lead is None:
            continue
        best = evidence.best_row
        if not table.is_binned and scale.find_open_end(lead.value):
            end = "lowest" if lead.value == scale.values[0] else "highest"
            head = f"the leading value {lead.label} is the {end}"
        elif table.is_binned and scale.is_near_end(float(best[table.param]), _EDGE_SHARE):
            name = describe_trial(evidence.frame, best)
            value = format_on_scale(scale, float(best[table.param]))
            head = (
                f"the best trial ({name}, {evidence.write(best['metric'])}) has {value}, the edge"
            )
        else:
            continue
        yield Finding(
            "best at the edge",
            f"{table.param}: {head} of what was tested; the optimum may lie beyond it.",
            table.param,
        )


def report_no_effect(evidence: Evidence) -> Iterator[Finding]:
    """Say where the values cannot be told apart at equal other hyperparameters."""
    for table in evidence.tables:
        adjusted = table.adjusted
        if not adjusted.p_value > ALPHA or not np.isfinite(adjusted.span):
            continue
        reach = float(np.nanmax(np.abs([adjusted.lows, adjusted.highs])))
        bound = (
            f"any effect is below {evidence.rope:g}"
            if evidence.rope is not None and reach < evidence.rope
            else f"effects of up to {evidence.write_difference(reach)} are not excluded"
        )
        yield Finding(
            "no effect",
            f"{table.param}: no effect can be told from chance; at equal other hyperparameters "
            f"its values differ by at most {evidence.write_difference(adjusted.span)} "
            f"{table.metric_label} (F test {format_p(adjusted.p_value)}, {adjusted.n} "
            f"configurations); {bound}.",
            table.param,
        )


def report_regions(evidence: Evidence) -> Iterator[Finding]:
    """Say whether two peaks are two separate good regions, or one with an untested gap."""
    for table in evidence.ranked_tables:
        peaks = _find_peaks(table)
        if peaks is None:
            continue
        low, high = (table.rows.index(peak) for peak in peaks)
        between = table.rows[low + 1 : high]
        tested = [row for row in between if row.n_configurations >= _TESTED_ENOUGH]
        valleys = [row for row in tested if _is_lower(evidence, table, row, peaks)]
        worse = "lower" if evidence.frame.sign > 0 else "worse"
        names = " and ".join(f"{p.label} ({format_share(p.top_share)})" for p in peaks)
        span = (
            between[0].label if len(between) == 1 else f"{between[0].label} to {between[-1].label}"
        )
        if valleys and table.has_effect:
            shown = join_words([_describe_level(evidence, row) for row in valleys])
            sentence = (
                f"two separate good regions, {names}: between them {shown} is {worse} than both"
            )
        elif valleys:
            sentence = (
                f"{names} stand out in the top {table.n_top}, but two separate regions are not "
                f"shown: {_explain_no_lead(table)}"
            )
        elif tested:
            shown = join_words([_describe_level(evidence, row) for row in tested])
            sentence = (
                f"{names} stand out in the top {table.n_top}, but two separate regions are not "
                f"shown: {shown} between them cannot be told from both"
            )
        else:
            n = sum(row.n_configurations for row in between)
            sentence = (
                f"{names} stand out in the top {table.n_top}; {span} between them has only "
                f"{count_noun(n, 'configuration')}: an untested gap, not two optima"
            )
        yield Finding("separate regions", f"{table.param}: {sentence}.", table.param)


def report_confounding(evidence: Evidence) -> Iterator[Finding]:
    """Say where the value with most of the top was tried at one tier or budget only."""
    for origin in ("tier", "budget"):
        levels = evidence.frame.list_levels(origin)
        for table in evidence.tables if len(levels) > 1 else ():
            first, finished = table.merged_leader, evidence.frame.finished
            tried = finished.loc[finished[table.param] == first.value, origin].unique()
            if len(tried) == 1 and not table.is_binned:
                yield Finding(
                    "confounded",
                    f"{table.param}: {first.label}, which has most of the top, was tried at "
                    f"{origin} {tried[0]} only, so that its effect cannot be told from the "
                    f"{origin}'s.",
                    table.param,
                )


def _describe_lead(evidence: Evidence, table: TrendTable, lead: TrendRow) -> str:
    """Say with what a value leads, and whether the plain table shows it."""
    others = [r.label for r in table.rows if r.merged_share == lead.merged_share and r is not lead]
    shared = f", as much as {join_words(others)}" if others else ""
    said = (
        f"{table.param}: {lead.label} leads with {format_share(lead.merged_share)} of the top "
        f"{table.n_merged_top} of {table.n_configurations} configurations{shared} (the levels "
        f"differ at equal other hyperparameters, F test {format_p(table.adjusted.p_value)})"
    )
    if table.leader is lead or table.n_configurations == table.n_trials:
        return said
    several = "each seed counted" if evidence.has_seeds else "copies counted"
    share = format_share(table.leader.top_share)
    return f"{said}; {several}, {table.leader.label} has {share} of the top {table.n_top} trials"


def _describe_shares(table: TrendTable, row: TrendRow) -> str:
    """Say what a value has of the top trials, and of the top configurations where these differ."""
    said = f"{format_share(row.top_share)} of the top {table.n_top} trials"
    if (table.n_top, table.n_trials) == (table.n_merged_top, table.n_configurations):
        return said
    held = format_share(row.merged_share)
    return (
        f"{said}, {held} of the top {table.n_merged_top} of {table.n_configurations} configurations"
    )


def _explain_no_lead(table: TrendTable) -> str:
    """Say why no value of a hyperparameter may be said to lead."""
    if table.has_effect:
        first = table.merged_leader
        return f"{first.label} is no more frequent in the top than among all configurations"
    if not np.isfinite(table.adjusted.p_value):
        return "its levels cannot be compared at equal other hyperparameters"
    return (
        "its levels cannot be told apart at equal other hyperparameters "
        f"(F test {format_p(table.adjusted.p_value)})"
    )


def _find_peaks(table: TrendTable) -> tuple[TrendRow, TrendRow] | None:
    """Return the leader and the largest other peak beyond a valley, in numeric order.

    A peak holds at least three trials of the top and more of it than of all trials; a valley is a
    value between the peaks with less than half of the smaller peak's share.
    """
    rows, leader = table.rows, table.rows.index(table.leader)
    if np.isnan(rows[0].value):
        return None
    found = []
    for index, row in enumerate(rows):
        inside = rows[min(index, leader) + 1 : max(index, leader)]
        is_peak = row.top_share * table.n_top >= _PEAK_TRIALS
        is_frequent = row.top_share > row.n / table.n_trials
        if is_peak and is_frequent and any(r.top_share < row.top_share / 2 for r in inside):
            found.append(row)
    if not found:
        return None
    other = max(found, key=lambda row: row.top_share)
    return (other, table.leader) if other.value < table.leader.value else (table.leader, other)


def _is_lower(
    evidence: Evidence, table: TrendTable, valley: TrendRow, peaks: tuple[TrendRow, TrendRow]
) -> bool:
    """Say whether a value's configurations are worse than both peaks' (Welch's t test)."""
    if table.is_binned:
        return False
    gains = evidence.frame.sign * evidence.merged["metric"]
    groups: list[pd.Series] = [
        gains[evidence.merged[table.param] == row.value] for row in (valley, *peaks)
    ]
    if min(len(group) for group in groups) < 2:
        return False
    tests = [ttest_ind(groups[0], g, equal_var=False, alternative="less") for g in groups[1:]]
    return all(test.pvalue < ALPHA for test in tests)


def _describe_level(evidence: Evidence, row: TrendRow) -> str:
    mean = evidence.write(row.merged_mean)
    return f"{row.label} ({count_noun(row.n_configurations, 'configuration')}, mean {mean})"
