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
from analysis.trends.importance import Importances, measure_importances
from analysis.trends.pair_table import tabulate_pair
from analysis.trends.table import TrendTable

_SEED = 20_260_128


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
    parts = [_render_table(table, images) for table in tables]
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
    frame = evidence.frame
    return (
        f"{count_noun(len(frame.configured), 'finished row')} of "
        f"{count_noun(len(evidence.merged), 'distinct configuration')}. The first table of each "
        "hyperparameter is the usual one; the second says what stands behind it: distinct "
        "configurations, the share of the top once copies are merged, lift (share of the top over "
        "share of all; 1 is no effect), and the effect at equal other hyperparameters."
    )


def _render_table(table: TrendTable, images: tuple[Illustration, ...]) -> str:
    note = ""
    if table.n_top > table.n_asked:
        note = f"The top holds {table.n_top} trials, since the last place is tied."
    return join_blocks(
        f"### {escape_text(table.param)}",
        render_proposal_table(table),
        render_evidence_table(table),
        note,
        show_images(images, "trends", table.param),
    )


def _render_importances(evidence: Evidence) -> str:
    found = measure_importances(evidence.frame, np.random.default_rng(_SEED))
    if not np.isfinite(found.p_value):
        return ""
    if found.is_suppressed:
        return (
            f"Importances are not shown: over {found.n} configurations the hyperparameters "
            f"together explain no more than chance would "
            f"(R² {found.r_squared:.2f}, {format_p(found.p_value)})."
        )
    return join_blocks(_introduce_importances(found), _tabulate_importances(found))


def _introduce_importances(found: Importances) -> str:
    return (
        f"Importance of each hyperparameter: the share of the variance that it alone explains in "
        f"a main-effects model of {found.n} configurations (R² {found.r_squared:.2f}, "
        f"{format_p(found.p_value)} by permutation), beside what chance reaches in one of twenty."
    )


def _tabulate_importances(found: Importances) -> str:
    rows = [
        [
            escape_text(str(row["param"])),
            format_share(row["importance"]),
            format_share(row["null"]),
            format_p(row["p_value"]).removeprefix("p = ").removeprefix("p "),
        ]
        for _, row in found.rows.iterrows()
    ]
    return pipe_table(["Hyperparameter", "Importance", "By chance", "p"], rows)
