"""The rounds themselves: what ran, and whether their scores may be compared."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from analysis.numbers import count_noun, format_duration
from analysis.report.formats.markdown import escape_text, join_blocks, list_items, pipe_table
from analysis.report.sections.rounds.measure import measure_round
from analysis.rounds.ordering import name_source
from analysis.rounds.review import RoundsReview
from analysis.rounds.round import Round
from trial_sets.origins.origin import OriginSource
from trial_sets.records.claim_standing import show_time
from trial_sets.wording import join_words

_MOST_NAMED = 3


def render_rounds(review: RoundsReview) -> str:
    """Return a row a round, what each has in common with the one before, and the notes."""
    head = ["Round", "Results", "Proposed from", "Metric", "Validation rows", "Configurations",
            "Seeds", "Fits", "Training", "Began"]  # fmt: skip
    table = pipe_table(head, [_write_round(one) for one in review.rounds], n_left=5)
    return join_blocks(
        table,
        list_items(_compare(review)),
        list_items(_list_overrides(review)),
        list_items(escape_text(note, longest=None) for note in review.notes),
    )


def _list_overrides(review: RoundsReview) -> Iterator[str]:
    """Say of rounds that were not run as their studies say: their claims are of what ran."""
    for one in review.rounds:
        given = one.run.info.overrides if one.run is not None and one.search is None else {}
        if given:
            said = join_words([f"{name} {value}" for name, value in given.items()])
            yield (
                f"Round {one.number} ran with {escape_text(said)} in place of what its trials say, "
                "and its claims are judged on that."
            )


def _write_round(one: Round) -> list[str]:
    frame = one.frame
    fits = frame.rows[frame.rows["role"] != "baseline"]
    n_failed = len(fits) - int((fits["state"] == "complete").sum())
    seconds = float(fits["duration_s"].sum())
    return [
        str(one.number),
        _name_all(one.sources),
        _write_origin(one),
        measure_round(one).title,
        _write_rows(one),
        str(len(one.entrants)),
        str(max((entrant.n_seeds for entrant in one.entrants), default=0)),
        f"{len(fits):,}{f', {n_failed} without a result' if n_failed else ''}",
        format_duration(seconds) if seconds > 0 else "-",
        "-" if one.began is None else show_time(one.began),
    ]


def _write_origin(one: Round) -> str:
    origin = one.origin
    if origin is None:
        return "-"
    return _name_all(origin.sources)


def _name_all(sources: Sequence[OriginSource]) -> str:
    names = [name_source(source) for source in sources]
    return escape_text(join_words(names, most=_MOST_NAMED), longest=120)


def _write_rows(one: Round) -> str:
    if one.run is None:
        return "not recorded"
    data = one.run.info.data
    split = data.splits.get("validation")
    if split is None:
        return "the trainer's own"
    folds = f" in {count_noun(len(data.fold_numbers), 'fold')}" if data.folds else ""
    period = f", {split.first[:10]} to {split.last[:10]}" if split.first else ""
    return f"{split.rows:,}{folds}{period}"


def _compare(review: RoundsReview) -> Iterator[str]:
    for (one, other), ground in zip(pairwise(review.rounds), review.grounds, strict=True):
        pair = f"Rounds {one.number} and {other.number}"
        if ground.obstacles:
            reasons = escape_text("; ".join(ground.obstacles), longest=None)
            yield (
                f"{pair}: scores of the one are not compared with scores of the other: {reasons}. "
                "What ran again within a round is compared all the same."
            )
            continue
        said = f"{pair}: one metric, the same rows and the same label, so that scores are compared."
        if ground.assumed:
            said = f"{pair}: one metric, so that scores are compared; {'; '.join(ground.assumed)}."
        if ground.changes:
            moved = escape_text("; ".join(ground.changes), longest=None)
            said += f" Not the same, and perhaps the reason of a difference: {moved}."
        yield said
