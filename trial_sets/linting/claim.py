"""Whether what a claim compares can carry it."""

import math
import re
from collections.abc import Iterator, Sequence

from trial_sets.claim import Claim, ClaimForm
from trial_sets.claims.binding import BoundClaim, bind_claim
from trial_sets.claims.sentence import write_sentence
from trial_sets.configuration import AnyConfiguration
from trial_sets.errors import InputError
from trial_sets.line import Line
from trial_sets.linting.remark import MOST_WORDS, Remark
from trial_sets.study import Study, TrialSet
from trial_sets.wording import join_words


def lint_claim(study: Study, trial_set: TrialSet, claim: Claim) -> Iterator[Remark]:
    """Yield what one claim leaves open.

    A claim about one hyperparameter must speak of every trial that it needs (see `find_gaps`),
    and words beside it must name the trials that are judged.
    """
    where = f'set {trial_set.name}, "{write_sentence(claim, study.metric)}"'
    try:
        bound = bind_claim(study, trial_set, claim)
    except InputError as error:  # in a study that was read from a run: a file's is refused
        yield Remark(where, str(error), "mend the claim in the study")
        return
    if claim.form is ClaimForm.BEATS:
        better = [trial.configuration for trial in bound.claiming]
        than = [trial.configuration for trial in bound.references]
        if gaps := find_gaps(study, better, than):
            yield Remark(
                where,
                f"the claim leaves out {join_words(gaps, most=MOST_WORDS)}, where all else is "
                "equal",
                _advise(claim),
            )
    if strangers := _find_strangers(study, claim, bound):
        yield Remark(
            where,
            f'the words "{claim.words}" name {join_words(strangers, most=MOST_WORDS)}, which the '
            "claim does not judge",
            "name the same trials in both",
        )


def _advise(claim: Claim) -> str:
    """Say how a claim can speak of what it leaves out; a mean would hide it."""
    if claim.sides == "mean":
        return 'say `"sides": "every"` and name what is left out in `than`, or claim less'
    return "name what is left out in `than` or `better`, or claim less"


def _find_strangers(study: Study, claim: Claim, bound: BoundClaim) -> list[str]:
    """Return the trials that the words name and the claim does not."""
    said = set(re.findall(r"[A-Za-z][A-Za-z0-9_]*", (claim.words or "").casefold()))
    judged = {trial.configuration for trial in bound.trials}
    return [
        trial.name
        for trial in study.trials()
        if trial.name.casefold() in said and trial.configuration not in judged
    ]


def find_gaps(
    study: Study, better: Sequence[AnyConfiguration], than: Sequence[AnyConfiguration]
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
    gaps: dict[AnyConfiguration, str] = {}
    for trial in study.trials():
        for line in lines:
            place = line.place(trial.configuration)
            if place is not None and _is_gap(place, line, better, than):
                value = "null" if math.isinf(place) else f"{place:g}"
                gaps.setdefault(trial.configuration, f"{trial.name} ({line.field} {value})")
    return list(gaps.values())


def _find_lines(better: Sequence[AnyConfiguration], than: Sequence[AnyConfiguration]) -> list[Line]:
    """Return the lines between the sides, or none when a trial lies on none of them."""
    pairs = {(one, other): Line.through(one, other) for one in better for other in than}
    joined = {end for ends, line in pairs.items() if line is not None for end in ends}
    if joined != {*better, *than}:
        return []
    return list(dict.fromkeys(line for line in pairs.values() if line is not None))


def _is_gap(
    place: float, line: Line, better: Sequence[AnyConfiguration], than: Sequence[AnyConfiguration]
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
