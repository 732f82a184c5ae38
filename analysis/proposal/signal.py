"""Whether the hyperparameters explain anything at all, before any of them is followed."""

import math
from dataclasses import dataclass

from analysis.findings.evidence import Evidence
from analysis.numbers import count_noun, format_p
from analysis.trends.chance import compare_repeats, flip_importances
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
    """Test all hyperparameters together, the strongest of them alone, and whole configurations.

    The F tests are those of the importances, over distinct configurations, and have to hold where
    some trials are noisier than others. Configurations that ran with several seeds are also held
    against what these make of them. Of several ways p values are Bonferroni's.
    """
    if evidence.merged["metric"].nunique() == 1:
        return Signal(False, math.nan, _say_equal(evidence))
    plain, repeats = _test_importances(evidence), compare_repeats(evidence.frame)
    ways = [p for p in (plain, repeats) if math.isfinite(p)]
    if not ways:
        return Signal(
            False,
            math.nan,
            f"{count_noun(evidence.n_configurations, 'distinct configuration')} are too few, or "
            "too unlike, to tell what the hyperparameters do from chance: no value of any is "
            "followed, and what ran best is run again with other seeds.",
        )
    by_seeds = min(ways) == repeats
    p_value = min(1.0, len(ways) * min(ways))
    if p_value < _LEVEL and by_seeds:
        cited = _cite(evidence, p_value)
        said = f"The configurations differ on these rows by more than their seeds do {cited}."
        return Signal(True, p_value, said)
    if p_value < _LEVEL:
        said = f"The hyperparameters explain more than chance would {_cite(evidence, p_value)}."
        return Signal(True, p_value, said)
    return Signal(
        False,
        p_value,
        "That the hyperparameters explain more than chance would is not shown "
        f"{_cite(evidence, p_value)[:-1]}; asked is p < {_LEVEL:g}): to follow any value may be to "
        "follow noise, so that controls and more seeds alone are proposed.",
    )


def _test_importances(evidence: Evidence) -> float:
    """Return the p value of both ways to look at them; NaN where neither is to be had."""
    found = measure_importances(evidence.frame, evidence.tables)
    alone = [float(p) for p in found.rows["p_value"] if math.isfinite(p)]
    tests = [min(1.0, min(alone) * len(alone))] if alone else []
    if math.isfinite(found.together.p_value):
        tests.append(float(found.together.p_value))
    if not tests:
        return math.nan
    p_value = min(1.0, len(tests) * min(tests))
    flipped = flip_importances(evidence.frame) if p_value < _LEVEL else math.nan
    return max(p_value, flipped) if math.isfinite(flipped) else p_value


def _cite(evidence: Evidence, p_value: float) -> str:
    n = count_noun(evidence.n_configurations, "distinct configuration")
    return f"(F tests, {format_p(p_value)}, {n})"


def _say_equal(evidence: Evidence) -> str:
    n, label = evidence.n_configurations, evidence.frame.metric_label
    if n == 1:
        return "There is one configuration: nothing says what the hyperparameters do."
    return (
        f"All {count_noun(n, 'distinct configuration')} have the same {label}: nothing says what "
        "the hyperparameters do, so that no value is followed."
    )
