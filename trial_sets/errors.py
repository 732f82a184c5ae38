"""The one exception for what a person can mend: the root of a small tree.

It is no `ValueError`, so that what expects a library's refusal swallows no sentence for a person,
and what answers a person swallows no mistake of ours.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

from trial_sets.aliases import SEEDS, find_meant

MOST_COMPARED, LONGEST = 1_000, 200  # names, and their characters: a comparison is slow
MOST_LISTED = 200
SHORT = 4  # characters, of a word of which half need be the same


class InputError(Exception):
    """A file or an option that a person can mend; the message is one sentence.

    It says where, what was found and what was expected.
    """


def suggest(word: str, choices: Iterable[str]) -> str:
    """Return ``; did you mean X?`` for the choice nearest to ``word``, else the list of choices.

    What other files call a choice is nearest: ``depth`` is answered with ``n_layers``, ``seed``
    among hyperparameters with ``--seeds``. Initials are near, too.

    Parameters
    ----------
    word
        What was found.
    choices
        What would have been valid.

    Returns
    -------
    str
        An ending for an error sentence, beginning with a semicolon.
    """
    known = sorted(choices)
    folded = {choice.casefold(): choice for choice in known}
    initials = {"".join(part[:1] for part in choice.split("_")): choice for choice in folded}
    compared = [choice for choice in islice(folded, MOST_COMPARED) if len(choice) <= LONGEST]
    cutoff = 0.5 if len(word) <= SHORT else 0.6
    near = get_close_matches(word.casefold()[:LONGEST], compared, n=1, cutoff=cutoff)
    if len(word) > 1 and word.casefold() in initials:
        near = [initials[word.casefold()]]
    meant = find_meant(word[:LONGEST])
    if meant in folded:
        near = [meant]
    elif meant == SEEDS and "learning_rate" in folded:
        return f"; seeds are given to the command, for every trial the same: {SEEDS}"
    if near:
        return f"; did you mean {folded[near[0]]}?"
    if not known:
        return "; there are none"
    more = f" and {len(known) - MOST_LISTED} more" if len(known) > MOST_LISTED else ""
    return f"; valid: {', '.join(known[:MOST_LISTED])}{more}"
