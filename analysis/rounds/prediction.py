"""What was predicted of a round, and what came: its claims beside the moves that made them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from analysis.rounds.round import Round
from analysis.verdicts.checklist import Checklist, ChecklistRow
from analysis.verdicts.verdict import Verdict
from trial_sets.origins.origin import OriginMove
from trial_sets.wording import join_words

PredictionStanding = Literal["established", "hunch", "by hand"]
PredictionOutcome = Literal["survived", "refuted", "open", "not run"]
STANDINGS: tuple[PredictionStanding, ...] = ("hunch", "established", "by hand")
_OUTCOMES: dict[Verdict, PredictionOutcome] = {
    Verdict.CONFIRMED: "survived",
    Verdict.REFUTED: "refuted",
    Verdict.PENDING: "not run",
}


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """A claim of a round, judged on the round's own fits, and the moves that it tests.

    Attributes
    ----------
    round_number
    row
        As the round's checklist has it.
    moves
        That the proposal made its set of; none of a claim that a person wrote.
    """

    round_number: int
    row: ChecklistRow
    moves: tuple[OriginMove, ...]

    @property
    def standing(self) -> PredictionStanding:
        """Whether what it came from was established before it ran; all of it has to be."""
        if not self.moves:
            return "by hand"
        return "established" if all(move.is_established for move in self.moves) else "hunch"

    @property
    def rules(self) -> str:
        """The rules that proposed it, in words."""
        names = list(dict.fromkeys(move.rule for move in self.moves))
        return join_words(names) if names else "a person"

    @property
    def outcome(self) -> PredictionOutcome:
        """Survived where it is confirmed; refuted; open, as all that was not fixed; or not run."""
        return _OUTCOMES.get(self.row.judgement.verdict, "open")


def list_predictions(one: Round, checklist: Checklist) -> tuple[Prediction, ...]:
    """Return the claims of a round in the order of its study."""
    origin = one.origin
    return tuple(
        Prediction(one.number, row, () if origin is None else origin.list_moves(row.case.set_name))
        for row in checklist.rows
    )


def list_unclaimed(one: Round) -> Iterator[OriginMove]:
    """Yield the moves of a round's proposal that no claim of it tests, those to leave alone aside.

    Of some there never was a set; of others a person has struck it out.
    """
    origin, study = one.origin, one.study
    if origin is None or study is None:
        return
    claimed = {trial_set.name for trial_set, _ in study.expectations()}
    for move in origin.moves:
        if move.rule != "leave" and move.set_name not in claimed:
            yield move
