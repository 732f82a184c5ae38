"""What values came to, as Markdown: trend tables, pairs and importances."""

from collections.abc import Iterable, Sequence

import numpy as np

from analysis.findings.evidence import Evidence
from analysis.numbers import count_noun, format_p, format_share
from analysis.report.document import Illustration, show_images
from analysis.report.formats.markdown import escape_text, join_blocks, pipe_table
from analysis.report.sections.trend_tables import (
    render_correlations,
    render_evidence_table,
    render_pair,
    render_proposal_table,
)
from analysis.statistics.effects.regression import NestedTest
from analysis.top import DEFAULT_TOP_SHARE, choose_merged_top
from analysis.trends.importance import Importances, measure_importances
from analysis.trends.pair_table import tabulate_pair
from analysis.trends.table import TrendTable
from trial_sets.wording import join_words


def render_trends(
    evidence: Evidence,
    params: Sequence[str] = (),
    illustrations: Iterable[Illustration] = (),
) -> str:
    """Return the trend section.

    Parameters
    ----------
    params
        Show these hyperparameters alone, and with two of them their pair table.
    """
    images = tuple(illustrations)
    tables = [table for table in evidence.tables if not params or table.param in params]
    if not tables:
        return "No hyperparameter takes two values among the finished trials."
    parts = [_render_table(table, images, evidence.frame.decimals) for table in tables]
    if len(params) == 2:
        pair = tabulate_pair(evidence.frame, params[0], params[1])
        title = " by ".join(escape_text(name) for name in params)
        parts.append(join_blocks(f"### {title}", render_pair(pair), show_images(images, "pair")))
    numeric = tuple(table for table in tables if np.isfinite(table.pearson))
    correlations = render_correlations(numeric) if numeric else ""
    label = escape_text(evidence.frame.metric_label)
    lead = f"Correlation with {label} over the trials, as recorded:" if numeric else ""
    return join_blocks(
        _introduce(evidence),
        *parts,
        lead,
        correlations,
        "" if params else _render_importances(evidence),
        show_images(images, "trends"),
    )


def _introduce(evidence: Evidence) -> str:
    n_top = choose_merged_top(evidence.n_configurations)
    return (
        f"{count_noun(len(evidence.frame.configured), 'finished row')} of "
        f"{count_noun(evidence.n_configurations, 'distinct configuration')}. The first table of "
        "each hyperparameter is the usual one; the second says what stands behind it: trials and "
        f"distinct configurations, the share of the top {n_top} once copies are merged (always "
        f"{format_share(DEFAULT_TOP_SHARE)} of the configurations), lift (share of the top over "
        "share of all; 1 is no effect), and the effect at equal other hyperparameters, each of "
        "which enters by its levels. A value leads only where the levels differ by the F test."
    )


def _render_table(table: TrendTable, images: tuple[Illustration, ...], decimals: int) -> str:
    note = ""
    if table.n_top > table.n_asked:
        note = f"The top holds {table.n_top} trials, since the last place is tied."
    if table.n_set < table.n_trials:
        note = (
            f"{note} {table.n_set} of the {table.n_trials} trials set it "
            f"({table.n_set_configurations} of {table.n_configurations} configurations); the top "
            "is that of all of them."
        ).strip()
    return join_blocks(
        f"### {escape_text(table.param)}",
        render_proposal_table(table, decimals),
        render_evidence_table(table, decimals),
        _conclude(table),
        note,
        show_images(images, "trends", table.param),
    )


def _conclude(table: TrendTable) -> str:
    """Say what the test of the levels says."""
    p_value, n = table.adjusted.p_value, count_noun(table.adjusted.n, "configuration")
    if not np.isfinite(p_value):
        return f"The levels cannot be compared at equal other hyperparameters ({n})."
    said = "differ" if table.has_effect else "cannot be told apart"
    ranged = join_words([escape_text(name) for name in table.ranged])
    ending = f"; {ranged} entered as ranges of values" if ranged else ""
    return (
        f"At equal other hyperparameters the levels {said} "
        f"(F test {format_p(p_value)}, {n}{ending})."
    )


def _render_importances(evidence: Evidence) -> str:
    found = measure_importances(evidence.frame, evidence.tables)
    if not np.isfinite(found.together.p_value):
        return ""
    if found.is_suppressed:
        return (
            f"Importances are not shown: over {found.n} configurations the hyperparameters "
            "explain no more than chance would, neither together "
            f"({_describe_share(found.together)}) nor any of them alone."
        )
    return join_blocks(_introduce_importances(found), _tabulate_importances(found))


def _introduce_importances(found: Importances) -> str:
    return (
        "Importance of each hyperparameter: the share of the variance that its levels alone "
        f"explain at equal others in {found.n} configurations, beside what chance reaches in one "
        f"of twenty. Together they explain {_describe_share(found.together)}."
    )


def _describe_share(test: NestedTest) -> str:
    return (
        f"{format_share(test.share)}, {format_share(test.chance)} by chance in one of twenty, "
        f"{format_p(test.p_value)}"
    )


def _tabulate_importances(found: Importances) -> str:
    rows = [
        [
            escape_text(str(row["param"])),
            format_share(row["importance"]),
            format_share(row["chance"]),
            _write_p(row["p_value"]),
        ]
        for _, row in found.rows.iterrows()
    ]
    return pipe_table(["Hyperparameter", "Importance", "By chance", "p"], rows)


def _write_p(p_value: float) -> str:
    if not np.isfinite(p_value):
        return "-"
    return format_p(p_value).removeprefix("p = ").removeprefix("p ")
