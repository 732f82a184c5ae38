"""What was predicted and what came, claim by claim, and how many predictions survived."""

from collections.abc import Iterable, Iterator, Sequence

from analysis.numbers import count_noun, format_share, format_value
from analysis.report.formats.markdown import (
    bold,
    escape_text,
    join_blocks,
    list_items,
    pipe_table,
)
from analysis.report.sections.checklist import describe_verdict, write_interval, write_p
from analysis.report.sections.proposals.trends import join_evidence
from analysis.report.sections.rounds.measure import choose_writers
from analysis.rounds.conditions import compare_grounds
from analysis.rounds.prediction import Prediction, list_unclaimed
from analysis.rounds.review import RoundsReview
from analysis.rounds.tally import Tally, tally_rules, tally_standings
from analysis.statistics.comparisons.multiplicity import ALPHA
from trial_sets.configuration import OptionValue
from trial_sets.origins.origin import OriginMove
from trial_sets.wording import join_words

_MOST_VALUES, _LONGEST = 6, 500
_SMALL = 10  # predictions, of which a share says little
_NONE = "No round declares a claim: nothing was predicted that could be judged."


def render_predictions(review: RoundsReview) -> str:
    """Return a row a claim, what each move rested on then, and what no claim has tested."""
    if not review.predictions:
        return _NONE
    writers = choose_writers(review)
    head = ["Round", "Set", "Predicted", "From", "Verdict", "So far", "Came [95 %]", "p"]
    rows = []
    for one in review.predictions:
        found, claim = one.row.judgement.inference, one.row.case.claim
        yardstick = writers(one.round_number)
        came = "-" if found is None else write_interval(found, claim, yardstick)
        said = [escape_text(one.row.case.sentence, longest=300), _describe_source(one)]
        ending = [describe_verdict(one.row), _mark(one), came, write_p(one.row)]
        rows.append([str(one.round_number), escape_text(one.row.case.set_name), *said, *ending])
    return join_blocks(
        "Each claim is judged on its own round's fits, at equal seeds; no fit of another round is "
        "among them.",
        pipe_table(head, rows, n_left=6),
        list_items(_list_reasons(review.predictions)),
        list_items(_list_untested(review)),
    )


def render_survivors(review: RoundsReview) -> str:
    """Return how many predictions survived, by what they came from and by rule."""
    if not review.predictions:
        return _NONE
    kinds = tally_standings(review.predictions)
    rules = tally_rules(review.predictions)
    return join_blocks(
        _tabulate("What it came from", kinds),
        _tabulate("Rule", rules) if rules else "",
        list_items(_explain(review, kinds)),
    )


def _describe_source(one: Prediction) -> str:
    if not one.moves:
        return one.standing
    said = [_describe_move(move) for move in one.moves]
    return escape_text(f"{one.standing}: {'; '.join(said)}", longest=300)


def _describe_move(move: OriginMove) -> str:
    if move.hyperparameter is None:
        return move.rule
    values = join_words(list(map(_write_value, move.values)), most=_MOST_VALUES)
    return f"{move.rule} {move.hyperparameter}" + (f" ({values})" if values else "")


def _write_value(value: OptionValue) -> str:
    if isinstance(value, bool | str):
        return str(value)
    return format_value(value, is_whole=isinstance(value, int))


def _mark(one: Prediction) -> str:
    return bold(one.outcome) if one.outcome in {"survived", "refuted"} else one.outcome


def _list_reasons(predictions: Sequence[Prediction]) -> Iterator[str]:
    """Yield what each set rested on when it was proposed."""
    said: set[tuple[int, str]] = set()
    for one in predictions:
        place = (one.round_number, one.row.case.set_name)
        if not one.moves or place in said:
            continue
        said.add(place)
        evidence = join_evidence([_end(move.evidence) for move in one.moves])
        where = f"Round {place[0]}, set {place[1]}, then"
        yield f"{bold(escape_text(where))}: {escape_text(evidence, longest=_LONGEST)}"


def _end(sentence: str) -> str:
    return sentence if sentence.endswith((".", "…")) else f"{sentence}."


def _list_untested(review: RoundsReview) -> Iterator[str]:
    for one in review.rounds:
        moves = [_describe_move(move) for move in list_unclaimed(one)]
        if moves:
            said = escape_text("; ".join(moves), longest=_LONGEST)
            yield f"Proposed for round {one.number}, and in none of its claims: {said}."


def _tabulate(name: str, tallies: Iterable[Tally]) -> str:
    head = [
        name,
        "Claims",
        "Survived",
        "Refuted",
        "Open",
        "Not run",
        "Survived, of those run [95 %]",
    ]
    rows = []
    for one in tallies:
        share = "-"
        if (bounds := one.share_bounds) is not None:
            ends = ", ".join(map(format_share, bounds))
            share = f"{format_share(one.n_survived / one.n_run)} [{ends}]"
        counts = map(str, (one.n, one.n_survived, one.n_refuted, one.n_open, one.n_missing))
        rows.append([escape_text(one.name), *counts, share])
    return pipe_table(head, rows)


def _explain(review: RoundsReview, kinds: Sequence[Tally]) -> Iterator[str]:
    n = sum(one.n for one in kinds)
    families = {k: c.family_size for k, c in review.checklists.items() if c.rows}
    sizes = join_words([f"{size} in round {k}" for k, size in families.items()])
    n_rounds = len(families)
    together = f", in {n_rounds} rounds in at most {n_rounds * ALPHA:.0%}" if n_rounds > 1 else ""
    yield (
        f"By chance: were every claim of a round wrong, one or more of it would be confirmed in at "
        f"most {ALPHA:.0%} of such rounds{together} (Holm over its family: {sizes}). A claim that "
        f"holds by no more than its margin is refuted in at most {ALPHA / 2:.1%}, each for itself."
    ).replace("%", " %")
    n_late = sum(not one.row.dating.is_fixed for one in review.predictions)
    if n_late:
        yield (
            f"{count_noun(n_late, 'claim')} not fixed before its trials were scored, or not dated: "
            "open, whatever came; the verdict says what it would have been."
        )
    yield from _list_shared_rows(review)
    if n < _SMALL:
        yield (
            f"{count_noun(n, 'claim')} are few: the intervals of the shares, exact for independent "
            "claims, are wide, and claims that share a control are not independent."
        )


def _list_shared_rows(review: RoundsReview) -> Iterator[str]:
    """Say of rounds whose rows had a part in what was predicted of them."""
    for later in review.rounds:
        sources = [one for one in review.rounds if later.goes_on_from(one)]
        same = [one for one in sources if compare_grounds(one, later).is_comparable]
        names = join_words([str(one.number) for one in same])
        if same:
            yield (
                f"Round {later.number} was scored on the rows on which round {names} suggested "
                "it. Its fits and seeds are new, its rows are not: what holds of these rows alone "
                "survives as well, and the one look at the test rows is what tells."
            )
