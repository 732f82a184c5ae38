"""What goes together: conditions between hyperparameters, and what makes a point trainable."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.findings.evidence import Evidence
from analysis.frames.scale import find_scale
from analysis.proposal.rules.spacing import is_apart
from analysis.proposal.terms import FrameValues, StudyTerms
from trial_sets.aliases import find_meant


@dataclass(frozen=True, slots=True)
class ParamCondition:
    """Beside which values of another hyperparameter one is set."""

    parent: str
    values: frozenset[float | str]


def find_conditions(evidence: Evidence) -> dict[str, ParamCondition]:
    """Find the hyperparameters that are set beside some values of another one alone.

    One that is missing in some trials is conditional on the first other, never missing, of which
    no value has trials both with and without it.
    """
    rows = evidence.frame.configured
    params = evidence.frame.params
    whole = [name for name in params if rows[name].notna().all()]
    found: dict[str, ParamCondition] = {}
    for name in params:
        is_set = rows[name].notna()
        if is_set.all() or not is_set.any():
            continue
        for parent in whole:
            with_it, without = set(rows[parent][is_set]), set(rows[parent][~is_set])
            if not with_it & without:
                found[name] = ParamCondition(parent, frozenset(with_it))
                break
    return found


def settle_conditions(
    evidence: Evidence, conditions: Mapping[str, ParamCondition], values: FrameValues
) -> dict[str, float | str]:
    """Drop what is not set beside the others, and give what is its value in the best of those."""
    settled = dict(values)
    for name, condition in conditions.items():
        if settled.get(condition.parent) not in condition.values:
            settled.pop(name, None)
        elif name not in settled:
            merged = evidence.merged
            those = merged[merged[condition.parent] == settled[condition.parent]]
            gains = evidence.frame.sign * those["metric"].to_numpy(dtype="float64")
            settled[name] = those[name].iloc[int(np.argmax(gains))]
    return settled


def mend_point(
    evidence: Evidence, terms: StudyTerms, values: FrameValues
) -> dict[str, float | str]:
    """Return the point with a tested number of heads that divides its width, if it needs one.

    The heads that divide the width and are nearest to those that were asked for.
    """
    heads = next((c for c in values if find_meant(c) == "n_heads"), None)
    if heads is None or terms.find_fault(values) is None:
        return dict(values)
    tested = [float(value) for value in evidence.frame.rows[heads].dropna().unique()]
    asked = float(values[heads])
    for one in sorted(tested, key=lambda value: abs(value - asked)):
        mended = {**values, heads: one}
        if terms.find_fault(mended) is None:
            return mended
    return dict(values)


def note_batch(terms: StudyTerms, base: FrameValues, values: FrameValues) -> str:
    """Say which batch size a network takes by itself beside another width; empty where none."""
    if "batch_size" in terms.write(values):
        return ""
    before, after = terms.find_implied("batch_size", base), terms.find_implied("batch_size", values)
    return "" if before == after else f"; batch_size follows, {after} (the base has {before})"


def was_run(evidence: Evidence, values: FrameValues) -> bool:
    """Say whether a configuration is among those that ran, missing hyperparameters included."""
    rows = evidence.frame.rows
    if not set(values) <= set(evidence.frame.params):
        return False
    is_same = np.ones(len(rows), dtype=bool)
    for name in evidence.frame.params:
        column = rows[name]
        same = _is_close(column, values[name]) if name in values else column.isna()
        is_same &= same.to_numpy(dtype=bool)
    return bool(is_same.any())


def is_told_apart(evidence: Evidence, values: FrameValues, other: FrameValues) -> bool:
    """Say whether trials may tell two configurations apart: not by one number, hardly another."""
    differing = {n for n in {*values, *other} if values.get(n) != other.get(n)}
    if len(differing) != 1:
        return bool(differing)
    (name,) = differing
    one, two, scale = values.get(name), other.get(name), find_scale(evidence.frame, name)
    if scale is None or not isinstance(one, float) or not isinstance(two, float):
        return True
    return is_apart(name, scale, one, two)


def _is_close(column: "pd.Series", value: float | str) -> "pd.Series[bool]":
    if isinstance(value, str) or not pd.api.types.is_numeric_dtype(column):
        return column == value
    return (column - value).abs() <= 1e-9 * abs(value)
