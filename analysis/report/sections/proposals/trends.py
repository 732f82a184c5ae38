"""What was seen, a hyperparameter each: the table that proposals print, and what follows."""

from collections.abc import Iterator, Sequence

from analysis.findings.evidence import Evidence
from analysis.findings.search_rules import report_copies, report_pooling
from analysis.findings.trial_rules import compare_references
from analysis.numbers import count_noun, format_share
from analysis.proposal.round_plan import RoundPlan
from analysis.proposal.rules.move import Move
from analysis.report.formats.markdown import escape_text, join_blocks
from analysis.report.sections.trend_tables import render_proposal_table
from analysis.top import SMALLEST_TOP
from analysis.trends.table import TrendTable

_GIVE_IT = (
    "Before any finer step, give the network what the baseline has: windows that keep their level "
    "(RevIN off, where the network has it), and other features (the tier in study.json)."
)
_TELLING = 0.05  # of a share of the top, that copies make


def render_observed(plan: RoundPlan) -> str:
    """Return the observed trends, numbered, with a finding each."""
    evidence = plan.evidence
    general = [
        *([plan.reference, _GIVE_IT] if plan.reference else _name_baseline(evidence)),
        plan.signal.sentence,
        *(
            finding.sentence
            for rule in (report_copies, report_pooling)
            for finding in rule(evidence)
        ),
    ]
    blocks = [" ".join(escape_text(one, longest=None) for one in general)]
    for number, table in enumerate(evidence.tables, 1):
        moves = [move for move in plan.moves if move.param == table.param]
        blocks.append(_render_param(number, plan, table, moves))
    return join_blocks(*blocks)


def describe_copies(evidence: Evidence, table: TrendTable) -> str:
    """Say what is left of a value's share of the top once copies are merged; empty where all is."""
    leader = table.leader
    lost = leader.top_share - leader.merged_share
    if evidence.has_seeds or lost < _TELLING or table.n_configurations == table.n_trials:
        return ""
    first = max((row for row in table.rows if row is not leader), key=lambda row: row.merged_share)
    return (
        f"Copies make part of the lead: {leader.label} has {format_share(leader.top_share)} of the "
        f"top {table.n_top} of {table.n_trials} trials, and with copies merged "
        f"{format_share(leader.merged_share)} of the top {table.n_merged_top} of "
        f"{count_noun(table.n_configurations, 'distinct configuration')}, where {first.label} has "
        f"{format_share(first.merged_share)}."
    )


def _name_baseline(evidence: Evidence) -> list[str]:
    """Return the sentence on a baseline that stands first, though not by a known error."""
    leads = compare_references(evidence)
    return [lead.sentence for lead in leads if lead.role == "baseline"]


def _render_param(number: int, plan: RoundPlan, table: TrendTable, moves: list[Move]) -> str:
    evidence = plan.evidence
    head = f"### {number}. {escape_text(table.param)}"
    said = list(_list_findings(evidence, table, moves, _explain_none(plan, table)))
    finding = " ".join(escape_text(one, longest=None) for one in said)
    return join_blocks(
        head, render_proposal_table(table, evidence.frame.decimals), f"**Finding**: {finding}"
    )


def join_evidence(sentences: Sequence[str]) -> str:
    """Return the sentences of several moves, of which none repeats how the one before began."""
    said, head = list[str](), None
    for sentence in sentences:
        begin, semicolon, rest = sentence.partition("; nothing was tried ")
        is_known = bool(semicolon) and head is not None and head.startswith(begin)
        said.append(f"Nothing was tried {rest}" if is_known else sentence)
        head = sentence
    return " ".join(said)


def _explain_none(plan: RoundPlan, table: TrendTable) -> str:
    """Say why a hyperparameter has no move, where the signal's sentence has not said it."""
    if not plan.signal.is_shown or min(table.n_top, table.n_merged_top) >= SMALLEST_TOP:
        return ""
    n = count_noun(plan.evidence.n_configurations, "configuration")
    return (
        f": {n} have too small a top, and what differs from the best in it alone leads no further"
    )


def _list_findings(
    evidence: Evidence, table: TrendTable, moves: list[Move], why: str
) -> Iterator[str]:
    if not moves:
        yield f"{table.param}: no value is followed{why}."
    if moves:
        yield join_evidence([move.evidence for move in moves])
    if said := describe_copies(evidence, table):
        yield said
