"""What is to run: the base, the sets with a table and a note a trial, and the claims."""

from collections.abc import Mapping
from itertools import groupby

from analysis.numbers import format_value
from analysis.proposal.round_plan import RoundPlan
from analysis.proposal.round_set import CONTROL, VALIDATED, RoundSet
from analysis.proposal.study_files import list_settings, write_base
from analysis.report.formats.markdown import (
    code_span,
    escape_text,
    join_blocks,
    list_items,
    pipe_table,
)
from analysis.report.sections.proposals.trends import join_evidence
from trial_sets.configuration import OptionValue
from trial_sets.study import Study

_DIGITS = 4  # of a value that a sampler drew; the files hold all


def render_base(plan: RoundPlan) -> str:
    """Return the base and why it is that."""
    row = plan.evidence.best_configuration
    merged = plan.evidence.merged
    mean = float(merged.loc[merged["configuration"] == row["configuration"], "metric"].iloc[0])
    label = escape_text(plan.evidence.frame.metric_label)
    n_best = int((merged["metric"] == mean).sum())
    first = "it has" if n_best == 1 else f"it is the first of {n_best:,} with"
    why = (
        f"All trials depart from {escape_text(plan.base.name)}: of "
        f"{plan.evidence.n_configurations:,} distinct configurations {first} the best {label}, "
        f"{plan.evidence.write(mean)}. It runs again as {CONTROL} in every set, so that what a "
        "trial gains is held against it on the same rows and seeds, and not against a number from "
        "another day."
    )
    values = [f"{code_span(n)}: {_write(value)}" for n, value in _flatten(write_base(plan)).items()]
    return join_blocks(why, list_items(values))


def render_sets(plan: RoundPlan) -> str:
    """Return the phases, each with its sets."""
    blocks = []
    ordered = sorted(plan.sets, key=lambda one: one.phase)
    for phase, sets in groupby(ordered, key=lambda one: one.phase):
        blocks.append(f"### Phase {phase}")
        blocks += [_render_set(plan, one) for one in sets]
    if not blocks:
        return "No set is proposed."
    return join_blocks("An empty cell is the base's value.", *blocks)


def render_claims(plan: RoundPlan, study: Study) -> str:
    """Return the claims: what is judged, by which sides and margin, what it shows, what then."""
    rows = [
        [
            escape_text(part.name),
            escape_text(claim.words or "", longest=None),
            claim.sides if claim.better is not None else "any",
            f"{claim.by:g}" if claim.by else "-",
            escape_text(claim.shows, longest=None),
            escape_text(claim.then, longest=None),
        ]
        for part, claim in study.expectations()
    ]
    head = ["Set", "If", "Sides", "Margin", "Shows", "Then"]
    text = (
        f"A claim is confirmed where the difference can be told from its margin and reaches the "
        f"ROPE of {study.rope:g} {escape_text(study.metric.title)}; below that a difference is "
        "practically nothing. All claims are one family (Holm)."
    )
    return join_blocks(text, pipe_table(head, rows, n_left=len(head)), _warn_of_scored(plan))


def _warn_of_scored(plan: RoundPlan) -> str:
    """Say that a claim on trials that ran before is none that was fixed before them."""
    is_scored = plan.base.terms.study is not None and any(s.name == VALIDATED for s in plan.sets)
    if not is_scored:
        return ""
    return (
        f"The trials of set {VALIDATED} were scored on these rows before, with other seeds: the "
        "ledger will say of its claim that it was not fixed before them. It says how far the "
        "first round's lead holds with new seeds, and confirms nothing by itself."
    )


def _render_set(plan: RoundPlan, one: RoundSet) -> str:
    changes = {name: _flatten(list_settings(plan, trial)) for name, trial in one.trials.items()}
    columns = list(dict.fromkeys(name for said in changes.values() for name in said))
    head = ["Trial", *map(escape_text, columns), "Notes"]
    rows = [
        [
            name,
            *(_write(said[column]) if column in said else "" for column in columns),
            escape_text(one.trials[name].note, longest=None),
        ]
        for name, said in changes.items()
    ]
    table = pipe_table(head, rows, n_left=len(head))
    why = escape_text(join_evidence(one.evidence), longest=None)
    return join_blocks(f"#### Set {one.name}: {escape_text(one.title)}", why, table)


def _flatten(said: Mapping[str, OptionValue | Mapping[str, OptionValue]]) -> dict[str, OptionValue]:
    flat: dict[str, OptionValue] = {}
    for name, value in said.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}.{inner}": one for inner, one in value.items()}
        else:
            flat[name] = value
    return flat


def _write(value: OptionValue) -> str:
    if isinstance(value, bool | str):
        return escape_text(str(value))
    is_whole = isinstance(value, int)
    return format_value(float(value), is_whole=is_whole, digits=12 if is_whole else _DIGITS)
