"""Rules about the search as a whole: copies, pooling, interactions, pruning, convergence."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.findings.evidence import Evidence
from analysis.findings.finding import Finding
from analysis.frames.copies import mark_top
from analysis.frames.covariates import build_covariates, choose_limit
from analysis.frames.frame import TrialFrame
from analysis.frames.levels import cut_levels
from analysis.numbers import count_noun, format_p, format_share
from analysis.statistics.comparisons.multiplicity import ALPHA, adjust_holm
from analysis.statistics.effects.regression import compare_nested, fit_least_squares
from trial_sets.wording import join_words

_MOST_PRUNED = 0.9
_STALLED = 30


def report_copies(evidence: Evidence) -> Iterator[Finding]:
    """Say of how many distinct configurations the top consists."""
    frame = evidence.frame
    if not evidence.tables or evidence.has_seeds:
        return
    finished = frame.configured
    gains = frame.sign * finished["metric"].to_numpy(dtype="float64")
    n_top = max(table.n_top for table in evidence.tables)
    top = finished[mark_top(gains, n_top)]
    counts = top["configuration"].value_counts()
    if len(counts) == len(top):
        return
    spread = finished.groupby("configuration")["metric"].agg(np.ptp)
    same = " with the same result each time" if (spread[counts.index] == 0).all() else ""
    yield Finding(
        "copies",
        f"The top {len(top)} trials are {count_noun(len(counts), 'distinct configuration')}; one "
        f"stands there {counts.iloc[0]} times{same}.",
    )


def report_pooling(evidence: Evidence) -> Iterator[Finding]:
    """Warn that trials of several tiers, budgets or horizons stand in one table."""
    finished = evidence.frame.finished
    for origin in ("tier", "budget", "horizon"):
        counts = finished[origin].value_counts()
        if len(counts) > 1:
            names = evidence.frame.list_levels(origin)
            shown = join_words([f"{name} ({counts[name]})" for name in names])
            yield Finding(
                "pooled",
                f"The tables pool trials of {len(counts)} {origin}s, {shown}, which need not "
                f"agree; --filter '{origin} == {names[0]}' shows one.",
            )


def report_interactions(evidence: Evidence) -> Iterator[Finding]:
    """Name the hyperparameters whose effect depends on the tier or the budget.

    F test of the products of a hyperparameter's main-effect columns with the origin's indicators,
    added to all main effects, over distinct configurations; Holm over the hyperparameters.
    """
    frame = evidence.frame
    names = [table.param for table in evidence.tables]
    for origin in ("tier", "budget"):
        if len(frame.list_levels(origin)) < 2:
            continue
        merged = frame.merge_copies(origin).dropna(subset=[origin])
        if merged[origin].nunique() < 2:  # the others' trials set no hyperparameter
            continue
        p_values = adjust_holm(_test_interactions(frame, merged, names, origin))
        for name, p_value in zip(names, p_values, strict=True):
            if p_value < ALPHA:
                yield Finding(
                    "interaction",
                    f"{name} acts differently by {origin} (F test {format_p(float(p_value))} after "
                    f"Holm over {len(names)}): {_list_best(frame, merged, name, origin)}.",
                    name,
                )


def report_pruning(evidence: Evidence) -> Iterator[Finding]:
    """Say that nearly all trials were pruned."""
    n_pruned, n = evidence.frame.count_states().get("pruned", 0), len(evidence.frame.rows)
    if n_pruned >= _MOST_PRUNED * n:
        yield Finding(
            "too much pruning",
            f"{n_pruned} of {n} trials were pruned: the pruner is too strict or the search space "
            "poor, and what finished is too little to compare values.",
        )


def report_agreement(evidence: Evidence) -> Iterator[Finding]:
    """Say that independent searches found the same best configuration."""
    finished = evidence.frame.configured
    gains = (evidence.frame.sign * finished["metric"]).groupby(finished["file"])
    best = finished.loc[gains.idxmax()] if finished["file"].nunique() > 1 else finished.head(0)
    for _, same in best.groupby("configuration"):
        if len(same) > 1:
            yield Finding(
                "searches agree",
                f"{join_words(list(same['file']))} found the same best configuration: a robust "
                "result.",
            )


def report_stall(evidence: Evidence) -> Iterator[Finding]:
    """Say that a search stopped improving earlier than chance explains.

    Where no configuration is better than another, the best of n is among the first k with chance
    k/n; copies of an earlier one are no further tries.
    """
    frame = evidence.frame
    for file, rows in frame.finished[frame.finished["role"] != "baseline"].groupby("file"):
        tries = order_tries(rows)
        gains = frame.sign * tries["metric"].to_numpy(dtype="float64")
        place, n = int(np.argmax(gains)) + 1, len(gains)
        is_sorted = bool((np.diff(gains) <= 0).all())  # best first: the order is not that of time
        if n - place < _STALLED or place >= ALPHA * n or is_sorted or rows["seed"].nunique() > 1:
            continue
        noun = "trials" if n == len(rows) else "distinct configurations"
        yield Finding(
            "stalled",
            f"{file}: nothing better in the last {n - place} of {n} {noun} than the best "
            f"({evidence.write(float(tries['metric'].iloc[place - 1]))}), where chance leaves the "
            f"best that early in {format_share(place / n)} of searches; the search has converged "
            "or is stuck.",
        )


def order_tries(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the first row of each configuration, by trial number where trials are numbered."""
    if rows["trial"].str.fullmatch(r"\d{1,18}").all():
        rows = rows.iloc[np.argsort(rows["trial"].astype("int64").to_numpy(), kind="stable")]
    return rows.drop_duplicates("configuration")


def report_large_top(evidence: Evidence) -> Iterator[Finding]:
    """Warn that the top holds most of the trials, so that its shares say little."""
    for table in evidence.tables[:1]:
        if table.n_top > table.n_trials / 2:
            yield Finding(
                "large top",
                f"The top {table.n_top} holds more than half of the {table.n_trials} trials, so "
                "that its shares say little; a smaller --top tells more.",
            )


def _test_interactions(
    frame: TrialFrame, merged: pd.DataFrame, names: list[str], origin: str
) -> list[float]:
    """Return the p value of each hyperparameter's interaction with an origin; 1 if untestable."""
    rows, keys = frame.configured.dropna(subset=[origin]), ("configuration", origin)
    limit = choose_limit(rows, (*frame.varying, origin), len(merged))

    def build(*chosen: str) -> NDArray[np.float64]:
        return build_covariates(rows, chosen, keys, limit=limit).columns

    metric = merged["metric"].to_numpy(dtype="float64")
    total = float(((metric - metric.mean()) ** 2).sum())
    mains = np.column_stack([np.ones(len(merged)), build(*frame.varying, origin)])
    smaller, groups = fit_least_squares(mains, metric), build(origin)
    p_values = []
    for name in names:
        products = (build(name)[:, :, None] * groups[:, None, :]).reshape(len(merged), -1)
        larger = fit_least_squares(np.column_stack([mains, products]), metric)
        p_value = compare_nested(smaller, larger, total).p_value
        p_values.append(p_value if np.isfinite(p_value) else 1.0)
    return p_values


def _list_best(frame: TrialFrame, merged: pd.DataFrame, name: str, origin: str) -> str:
    """List the value with the best mean at each level of the origin."""
    levels = cut_levels(merged[name])
    gains = frame.sign * merged["metric"]
    shown = []
    for level in frame.list_levels(origin):
        is_here = (merged[origin] == level).to_numpy() & (levels.codes >= 0)
        means = gains[is_here].groupby(levels.codes[is_here]).mean()
        best = int(means.index[int(np.argmax(means))])
        shown.append(f"{levels.labels[best]} at {level}")
    return f"the best mean is that of {join_words(shown)}"
