"""The champion's history: the best of each round, run again, and what a round has gained."""

from collections.abc import Callable, Iterator

from analysis.numbers import count_noun
from analysis.report.formats.markdown import escape_text, join_blocks, list_items, pipe_table
from analysis.report.sections.rounds.measure import choose_writers, write_ends
from analysis.report.yardstick import Yardstick
from analysis.rounds.champion import Champion
from analysis.rounds.gain import RoundGain
from analysis.rounds.rerun import Rerun
from analysis.rounds.review import RoundsReview

_SAME = {True: "the same", False: "another", None: "-"}
_BASES = {"own fits": "its own fits, equal seeds", "across rounds": "other seeds, across rounds",
          None: "-"}  # fmt: skip
Writers = Callable[[int], Yardstick]


def render_champions(review: RoundsReview, images: str = "") -> str:
    """Return the champions, each with its later figures, and the gains of the rounds."""
    if not review.champions:
        return "In no round has a trial with hyperparameters finished."
    writers = choose_writers(review)
    return join_blocks(
        _tabulate_champions(review.champions, writers),
        list_items(_list_doubts(review.champions)),
        images,
        _render_reruns(review.reruns, writers),
        _render_gains(review.gains, writers),
    )


def describe_history(review: RoundsReview) -> Iterator[str]:
    """Yield what a reader wants to know first: second figures, and what each round gained."""
    writers = choose_writers(review)
    for one in review.reruns:
        write = writers(one.first_round)
        if one.shift is not None and one.second is not None:
            shift = write_ends(write, one.shift.estimate, one.shift.low, one.shift.high)
            yield (
                f"The champion of round {one.first_round} ran again in round {one.second_round} "
                f"as {escape_text(one.name)}: first {write.write(one.first)}, then "
                f"{write.write(one.second)} with new seeds, {shift}."
            )
    for gain in review.gains:
        if gain.estimate is not None:
            write = writers(gain.round_number)
            ends = write_ends(write, gain.estimate, gain.low, gain.high)
            doubt = f" ({escape_text(gain.doubt, longest=None)})" if gain.doubt else ""
            yield (
                f"Round {gain.round_number}: {escape_text(gain.name)} over "
                f"{escape_text(gain.other)}, the champion before it, {ends}, on "
                f"{_BASES[gain.basis]}{doubt}."
            )


def _tabulate_champions(champions: tuple[Champion, ...], writers: Writers) -> str:
    head = ["Round", "Champion", "Mean", "Error by seeds", "Seeds", "Best of",
            "Worth after the choice", "Not told apart", "As before"]  # fmt: skip
    rows = []
    for one in champions:
        write = writers(one.round_number)
        apart = "-" if one.n_members is None else f"{one.n_members} of {one.n_compared}"
        rows.append(
            [
                str(one.round_number),
                escape_text(one.entrant.name),
                write.write(one.entrant.mean),
                write.write_gain(one.error, is_signed=False),
                str(one.entrant.n_seeds),
                str(one.n_configurations),
                "-" if one.adjusted is None else write.write(one.adjusted),
                apart,
                _SAME[one.is_same],
            ]
        )
    return pipe_table(head, rows, n_left=2)


def _list_doubts(champions: tuple[Champion, ...]) -> Iterator[str]:
    yield (
        "The best of many is partly luck. Its error by seeds does not hold that; what it is worth "
        "after the choice is its mean less what choosing it on some rows and seeds has added on "
        "the others. Not told apart are those of the 95 % confidence set of the best."
    )
    for one in champions:
        if one.doubt:
            doubt = escape_text(one.doubt, longest=None)
            yield f"Round {one.round_number}, what its champion is worth is not known: {doubt}."


def _render_reruns(reruns: tuple[Rerun, ...], writers: Writers) -> str:
    if not reruns:
        return "No champion has run again in a later round: how far its lead was luck is not known."
    head = ["Champion of", "Ran again in", "As", "First", "Seeds", "Then, new seeds", "Error",
            "Seeds", "Shift as a gain [95 %]"]  # fmt: skip
    rows, notes = [], []
    for one in reruns:
        first, write = writers(one.first_round), writers(one.second_round)
        shift = one.shift
        ends = "-" if shift is None else write_ends(write, shift.estimate, shift.low, shift.high)
        rows.append(
            [
                f"round {one.first_round}",
                f"round {one.second_round}",
                escape_text(one.name),
                first.write(one.first),
                str(one.n_first),
                "-" if one.second is None else write.write(one.second),
                write.write_gain(one.error, is_signed=False),
                str(one.n_second),
                ends,
            ]
        )
        where = f"Round {one.first_round} in round {one.second_round}"
        if one.doubt:
            notes.append(f"{where}: not subtracted, {escape_text(one.doubt, longest=None)}.")
        if one.changes:
            moved = escape_text("; ".join(one.changes), longest=None)
            notes.append(f"{where}: what differs is {moved}.")
    return join_blocks(
        "**Run again.** With new seeds a champion's mean tends back to what it is: the first "
        "figure chose it, the second did not. Both are of the epochs that were selected.",
        pipe_table(head, rows, n_left=3),
        list_items(notes),
    )


def _render_gains(gains: tuple[RoundGain, ...], writers: Writers) -> str:
    if not gains:
        return ""
    head = ["Round", "Champion", "Over", "On", "Gain [95 %]", "Seeds", "Allowed for"]
    rows, notes = [], []
    for one in gains:
        write = writers(one.round_number)
        rows.append(
            [
                str(one.round_number),
                escape_text(one.name),
                escape_text(one.other),
                _BASES[one.basis],
                write_ends(write, one.estimate, one.low, one.high),
                str(one.n_seeds or "-"),
                count_noun(one.n_rivals, "rival") if one.basis == "own fits" else "-",
            ]
        )
        if one.doubt:
            notes.append(f"Round {one.round_number}: {escape_text(one.doubt, longest=None)}.")
    return join_blocks(
        "**What each round has gained** over the champion before it. On its own fits, where that "
        "ran again in it: scored as the claims are, with epochs chosen on other rows where these "
        "are kept, and with an interval that allows for the choice among so many. Across rounds "
        "seeds are the only error, and what the choices have added is still in it.",
        pipe_table(head, rows, n_left=4),
        list_items(notes),
    )
