"""Whether rounds are named in the order in which they were made."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from analysis.rounds.round import Round
from trial_sets.errors import InputError
from trial_sets.origins.origin import OriginSource
from trial_sets.records.claim_standing import show_time
from trial_sets.wording import join_words

_MOST_NAMED = 5


def check_order(rounds: Sequence[Round]) -> tuple[str, ...]:
    """Check that every round comes after those that it goes on from, and began no earlier.

    Returns
    -------
    tuple of str
        What is to be said of the order, a sentence each: rounds that ran at the same time, and
        those that were proposed from results that are not among the rounds.

    Raises
    ------
    InputError
        If results are named twice, or records or origins tell another order.
    """
    for earlier, later in combinations(rounds, 2):
        if any(one.is_of(other) for one in earlier.sources for other in later.sources):
            raise InputError(f"{later.title} was named twice; rounds are different results")
        if earlier.goes_on_from(later):
            raise InputError(
                f"rounds are named from the first to the last: {earlier.title} was proposed from "
                f"{later.title}, which is named after it"
            )
        if earlier.began is not None and later.ended is not None and later.ended < earlier.began:
            raise InputError(
                f"rounds are named from the first to the last: {later.title} had ended on "
                f"{show_time(later.ended)}, before {earlier.title} began on "
                f"{show_time(earlier.began)}"
            )
    return tuple(_list_notes(rounds))


def _list_notes(rounds: Sequence[Round]) -> Iterator[str]:
    for earlier, later in combinations(rounds, 2):
        if earlier.ended is not None and later.began is not None and later.began < earlier.ended:
            yield (
                f"Round {later.number} began on {show_time(later.began)}, before round "
                f"{earlier.number} had ended on {show_time(earlier.ended)}: it did not know all of "
                "what that came to."
            )
    for later in rounds[1:]:
        if later.run is None or later.search is not None:
            continue
        if later.origin is None:
            yield (
                f"The study of round {later.number} says of no results that it was proposed from "
                "them: its claims alone are what was predicted."
            )
            continue
        before = [one for other in rounds[: later.number - 1] for one in other.sources]
        missing = [one for one in later.origin.sources if not any(one.is_of(o) for o in before)]
        if missing:
            names = join_words([name_source(one) for one in missing], most=_MOST_NAMED)
            yield (
                f"Round {later.number} was proposed from results that are not among those named "
                f"before it: {names}."
            )


def name_source(source: OriginSource) -> str:
    """Say in a few words which results these are."""
    if source.file is not None:
        return source.file
    search = f", search {source.search}" if source.search is not None else ""
    return f"{source.study}/{source.run}{search}"
