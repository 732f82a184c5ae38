"""What both kinds of report have in common: what the trials' frame says, and the JSON values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.findings.evidence import Evidence, gather_evidence
from analysis.findings.finding import Finding
from analysis.findings.rules import find
from analysis.frames.filters import filter_frame
from analysis.frames.frame import TrialFrame
from analysis.proposal.moves import propose_moves
from analysis.proposal.next_trials import NextTrial, list_trials
from analysis.proposal.rules.move import Move
from analysis.proposal.signal import Signal, look_for_signal
from analysis.report.document import Illustration, Report, gather_sections
from analysis.report.formats.json_values import SCHEMA_VERSION, to_values
from analysis.report.options import ReportOptions
from analysis.report.sections.findings import render_findings
from analysis.report.sections.next import render_next
from analysis.report.sections.trends import render_trends
from analysis.verdicts.checklist import Checklist, ChecklistRow
from analysis.verdicts.verdict import ClaimTest
from trial_sets.errors import InputError
from trial_sets.parameter import Parameter
from trial_sets.wording import join_words


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What the trials' frame says."""

    evidence: Evidence
    findings: tuple[Finding, ...]
    signal: Signal
    steps: tuple[Move, ...]
    trials: tuple[NextTrial, ...]


def prepare_evidence(frame: TrialFrame, options: ReportOptions, rope: float | None) -> Evidence:
    """Filter the frame and gather what the tables and rules need.

    Raises
    ------
    InputError
        If the filter or a named hyperparameter does not fit the trials.
    """
    kept = filter_frame(frame, options.filter_text) if options.filter_text else frame
    if kept.rows.empty:
        raise InputError(f"no trial satisfies --filter {options.filter_text!r}")
    unknown = [name for name in options.params if name not in kept.params]
    if unknown:
        known = join_words(kept.params) or "none"
        raise InputError(f"--param {unknown[0]}: not a hyperparameter; there are {known}")
    return gather_evidence(kept, n_top=options.n_top, rope=rope)


def read_evidence(evidence: Evidence, detectable: float | None = None) -> Reading:
    """Apply the rules and propose the next round."""
    signal = look_for_signal(evidence)
    steps = propose_moves(evidence, signal, detectable=detectable)
    return Reading(evidence, find(evidence), signal, steps, list_trials(evidence, steps))


def render_reading(
    reading: Reading,
    params: tuple[str, ...],
    illustrations: Sequence[Illustration],
    commands: Sequence[str] = (),
    parameters: Mapping[str, Parameter] | None = None,
) -> dict[str, str]:
    """Return the sections that come from the frame alone.

    Parameters
    ----------
    parameters
        As a study declares them, where it declares its own.
    """
    return {
        "trends": render_trends(reading.evidence, params, illustrations),
        "findings": render_findings(reading.findings) or "No rule found anything to say.",
        "next": render_next(reading.signal, reading.steps, reading.trials, commands, parameters),
    }


def list_reading(reading: Reading) -> dict[str, Any]:
    """Return the same as JSON values."""
    frame = reading.evidence.frame
    return {
        "metric": frame.metric,
        "direction": frame.direction,
        "direction_source": frame.direction_source,
        "assumptions": list(frame.assumptions),
        "states": to_values(frame.count_states()),
        "n_configurations": reading.evidence.n_configurations,
        "trends": to_values(reading.evidence.tables),
        "findings": to_values(reading.findings),
        "next_steps": to_values(reading.steps),
        "next_trials": to_values(reading.trials),
        "notes": list(frame.notes),
    }


def assemble_report(
    title: str,
    texts: Mapping[str, str],
    reading: Reading,
    checklist: Checklist | None,
    values: Mapping[str, Any],
) -> Report:
    """Return the report.

    Parameters
    ----------
    texts
        Of the sections, by name.
    values
        JSON values of this kind of report alone, its `kind` among them; in this order they stand
        before what the frame says.
    """
    return Report(
        title=title,
        sections=gather_sections(texts),
        data={"schema_version": SCHEMA_VERSION, **values, **list_reading(reading)},
        checklist=checklist,
    )


def list_checklist(checklist: Checklist) -> dict[str, Any]:
    """Return a checklist as JSON values."""
    return {**to_values(checklist), "rows": [_list_row(row) for row in checklist.rows]}


def _list_row(row: ChecklistRow) -> dict[str, Any]:
    case = row.case
    trials = {} if case.bound is None else {
        side: [{"name": t.name, "key": t.configuration.key} for t in getattr(case.bound, side)]
        for side in ("claiming", "references")
    }  # fmt: skip
    last = case.test.last_epoch if isinstance(case.test, ClaimTest) else None
    return {
        "set": case.set_name,
        "claim": case.claim.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        "sentence": case.sentence,
        **trials,
        "seeds": list(case.seeds),
        "observation": to_values(case.observation),
        "judgement": to_values(row.judgement),
        "last_epoch": to_values(last),
        "as_every": to_values(row.every),
        "dating": to_values(row.dating),
        "look": to_values(row.look),
        "look_number": row.look_number,
        "command": row.advice.command,
        "advice": row.advice.text,
    }
