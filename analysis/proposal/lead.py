"""The value of a hyperparameter that stands out, where a configuration has another."""

import math

from analysis.findings.evidence import Evidence
from analysis.frames.scale import find_scale
from analysis.proposal.rules.spacing import settle_value

_FAR = 0.2  # of the tested range, that a configuration is off a range of values that stands out


def find_lead(evidence: Evidence, param: str, now: float | str | None) -> float | str | None:
    """Return the value that stands out, or one in the middle of the range that does.

    Parameters
    ----------
    now
        What a configuration has.

    Returns
    -------
    float or str or None
        None where nothing stands out, or it is what the configuration has: a value in the range, or
        near it.
    """
    table = next((one for one in evidence.ranked_tables if one.param == param), None)
    if table is None or table.merged_leader.lift <= 1:
        return None
    row, scale = table.merged_leader, find_scale(evidence.frame, param)
    if math.isnan(row.value) or scale is None:
        is_word = scale is None and row.label in set(evidence.frame.rows[param].dropna())
        return row.label if is_word and row.label != now else None
    if not table.is_binned:
        return None if row.value == now else row.value
    value = settle_value(scale, row.value)
    if not isinstance(now, float) or (scale.is_log and min(now, value) <= 0):
        return value
    span = scale.to_position(scale.ends[1]) - scale.to_position(scale.ends[0])
    off = abs(scale.to_position(now) - scale.to_position(value))
    return value if off > _FAR * span else None
