"""Whether the hyperparameters explain anything at all, before any of them is followed."""

import math
from dataclasses import dataclass

from analysis.findings.evidence import Evidence
from analysis.numbers import count_noun, format_p
from analysis.trends.importance import measure_importances

_LEVEL = 0.01  # a round that follows noise costs more than one more look


@dataclass(frozen=True, slots=True)
class Signal:
    """Whether trials differ by more than chance.

    Attributes
    ----------
    is_shown
        Whether the hyperparameters, together or one of them, explain more than chance would.
    p_value
        Of both ways together (Bonferroni); NaN where nothing could be compared.
    sentence
        What was found, with figures, and what follows from it.
    """

    is_shown: bool
    p_value: float
    sentence: str


def look_for_signal(evidence: Evidence) -> Signal:
    """Test all hyperparameters together, and the strongest of them alone.

    The F tests are those of the importances, over distinct configurations.
    """
    n = evidence.n_configurations
    found = measure_importances(evidence.frame, evidence.tables)
    alone = [float(p) for p in found.rows["p_value"] if math.isfinite(p)]
    tests = [min(1.0, min(alone) * len(alone))] if alone else []
    if math.isfinite(found.together.p_value):
        tests.append(float(found.together.p_value))
    if not tests:
        return Signal(
            False,
            math.nan,
            f"{count_noun(n, 'distinct configuration')} are too few, or too unlike, to tell what "
            "the hyperparameters do from chance: no value of any is followed, and what ran best "
            "is run again with other seeds.",
        )
    p_value = min(1.0, len(tests) * min(tests))
    seen = f"(F tests, {format_p(p_value)}, {count_noun(n, 'distinct configuration')})"
    if p_value < _LEVEL:
        return Signal(True, p_value, f"The hyperparameters explain more than chance would {seen}.")
    return Signal(
        False,
        p_value,
        f"That the hyperparameters explain more than chance would is not shown {seen[:-1]}; asked "
        f"is p < {_LEVEL:g}): to follow any value may be to follow noise, so that controls and "
        "more seeds alone are proposed.",
    )
