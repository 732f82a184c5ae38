"""Whether the contrast of an expectation can carry its claim."""

import math
from collections.abc import Iterator, Sequence

from trial_sets.configuration import Configuration
from trial_sets.errors import InputError
from trial_sets.files import Expectation
from trial_sets.line import Line
from trial_sets.linting.remark import MOST_WORDS, Remark
from trial_sets.study import Study, TrialSet
from trial_sets.wording import join_words


def lint_claim(study: Study, trial_set: TrialSet, expectation: Expectation) -> Iterator[Remark]:
    """Yield what is wrong with one expectation.

    Its names must be trials or controls, each configuration must be named once, and a claim about
    one hyperparameter must speak of every trial that it needs (see `find_gaps`).
    """
    where = f'set {trial_set.name}, "{expectation.claim}"'
    refusals = _find_unknown(study, (*expectation.better, *expectation.than))
    for refusal in refusals:
        yield Remark(where, refusal, "name a trial or a control of the study")
    if refusals:
        return
    better = [study.find_trial(name).configuration for name in expectation.better]
    than = [study.find_trial(name).configuration for name in expectation.than]
    repeated = [c for c in dict.fromkeys([*better, *than]) if [*better, *than].count(c) > 1]
    for configuration in repeated:
        name = " = ".join(study.names_of(configuration))
        is_shared = configuration in better and configuration in than
        sides = "on both sides" if is_shared else "twice on one side"
        yield Remark(where, f"{name} stands {sides}", "name every configuration once")
    if not repeated and (gaps := find_gaps(study, better, than)):
        yield Remark(
            where,
            f"the claim leaves out {join_words(gaps, most=MOST_WORDS)}, where all else is equal",
            "name what is left out in `than` or `better`, or claim less",
        )


def _find_unknown(study: Study, names: Sequence[str]) -> list[str]:
    """Return a clause for each name that is no trial's."""
    refusals = []
    for name in names:
        try:
            study.find_trial(name)
        except InputError as error:
            refusals.append(str(error).removeprefix(f"study {study.name}: "))
    return refusals


def find_gaps(
    study: Study, better: Sequence[Configuration], than: Sequence[Configuration]
) -> list[str]:
    """Return the trials that a claim about one hyperparameter leaves out.

    On a line, where all else is equal, a trial is left out if it lies within the range that the
    contrast spans, or beyond it on a side where a better trial stands: "0.45 and 0.5 beat 0.35
    and 0.4" shows no sweet spot without 0.55, and "5 layers beat 7" says nothing of 6. Beyond a
    worse trial there is no gap: the claim turns away from there.

    A contrast may consist of several lines, as when a sweep stands at two widths. Where a trial
    lies on no line with the other side, several hyperparameters change at once (a new champion's
    claim), and nothing is left out.

    Parameters
    ----------
    study
        Its trials and controls are what could have been named.
    better, than
        The configurations of the contrast's two sides.

    Returns
    -------
    list of str
        Such as ``A5 (dropout 0.55)``, in study order; each configuration once.
    """
    lines = _find_lines(better, than)
    gaps: dict[Configuration, str] = {}
    for trial in study.trials():
        for line in lines:
            place = line.place(trial.configuration)
            if place is not None and _is_gap(place, line, better, than):
                value = "null" if math.isinf(place) else f"{place:g}"
                gaps.setdefault(trial.configuration, f"{trial.name} ({line.field} {value})")
    return list(gaps.values())


def _find_lines(better: Sequence[Configuration], than: Sequence[Configuration]) -> list[Line]:
    """Return the lines between the sides, or none when a trial lies on none of them."""
    pairs = {(one, other): Line.through(one, other) for one in better for other in than}
    joined = {end for ends, line in pairs.items() if line is not None for end in ends}
    if joined != {*better, *than}:
        return []
    return list(dict.fromkeys(line for line in pairs.values() if line is not None))


def _is_gap(
    place: float, line: Line, better: Sequence[Configuration], than: Sequence[Configuration]
) -> bool:
    """Tell whether a place on a line belongs to the claim without being named by it."""
    winners = {found for c in better if (found := line.place(c)) is not None}
    losers = {found for c in than if (found := line.place(c)) is not None}
    named = winners | losers
    if not named or place in named:
        return False
    low, high = min(named), max(named)
    return (
        low < place < high or (place < low and low in winners) or (place > high and high in winners)
    )
