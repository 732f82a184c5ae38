"""Whether the words that a person puts beside a claim say the opposite of what is judged."""

import re
from collections.abc import Iterable

from trial_sets.claim import Claim, ClaimForm

_WINS = r"beats?|exceeds?|outperforms?|wins? (?:against|over)|(?:is|are) better than|better than"
_LOSES = r"loses? to|trails?|falls? behind|(?:is|are) worse than|worse than"
_VERB = re.compile(rf"\b(?:(?P<wins>{_WINS})|(?P<loses>{_LOSES}))\b", re.IGNORECASE)
_UP = re.compile(r"\b(?:rises?|increases?|grows?|climbs?)\b", re.IGNORECASE)
_DOWN = re.compile(r"\b(?:falls?|decreases?|declines?|shrinks?)\b", re.IGNORECASE)
_NEGATION = re.compile(r"\b(?:not|no|never|neither|nor|cannot|n't)\b", re.IGNORECASE)


def contradicts(claim: Claim) -> bool:
    """Tell whether a claim's words turn its sides round.

    Only what is plain counts: "A1 beats A2" where A2 is to beat A1. Words that name none of the
    trials, or that hold a negation, are a person's own affair.
    """
    if claim.words is None or _NEGATION.search(claim.words):
        return False
    if claim.form in {ClaimForm.RISES, ClaimForm.FALLS}:
        up, down = _UP.search(claim.words), _DOWN.search(claim.words)
        return bool(down and not up) if claim.form is ClaimForm.RISES else bool(up and not down)
    verb = _VERB.search(claim.words)
    winners = claim.better or claim.any_of
    if verb is None or winners is None:
        return False
    before, after = claim.words[: verb.start()], claim.words[verb.end() :]
    if verb["loses"]:
        before, after = after, before
    return _names(after, winners) and not _names(before, winners) and _names(before, claim.than)


def _names(text: str, names: Iterable[str] | None) -> bool:
    """Whether a text holds one of the names as a word."""
    words = set(re.findall(r"[A-Za-z][A-Za-z0-9_]*", text.casefold()))
    return any(name.casefold() in words for name in names or ())
