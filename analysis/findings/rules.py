"""Findings: sentences with figures, from small rules, only where the rule holds."""

from collections.abc import Callable, Iterator

from analysis.findings.evidence import Evidence
from analysis.findings.finding import Finding
from analysis.findings.search_rules import (
    report_agreement,
    report_copies,
    report_interactions,
    report_large_top,
    report_pooling,
    report_pruning,
    report_stall,
)
from analysis.findings.trial_rules import (
    report_collapse,
    report_false_stops,
    report_few,
    report_narrow_range,
    report_noise,
    report_overfit,
    report_references,
    report_seed_noise,
    report_short_trials,
    report_spikes,
    report_states,
)
from analysis.findings.value_rules import (
    report_confounding,
    report_edge,
    report_gaps,
    report_leader,
    report_no_effect,
    report_regions,
)

Rule = Callable[[Evidence], Iterator[Finding]]

# In the order of a report: what limits every claim, what the values came to, how the trials fared.
RULES: tuple[Rule, ...] = (
    report_states,
    report_few,
    report_pooling,
    report_copies,
    report_large_top,
    report_noise,
    report_seed_noise,
    report_narrow_range,
    report_references,
    report_leader,
    report_gaps,
    report_edge,
    report_regions,
    report_confounding,
    report_interactions,
    report_no_effect,
    report_collapse,
    report_short_trials,
    report_spikes,
    report_false_stops,
    report_overfit,
    report_pruning,
    report_stall,
    report_agreement,
)


def find(evidence: Evidence) -> tuple[Finding, ...]:
    """Apply every rule; without a finished trial only the states are reported."""
    if evidence.frame.finished.empty:
        return tuple(report_states(evidence))
    return tuple(finding for rule in RULES for finding in rule(evidence))
