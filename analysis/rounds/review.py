"""Several rounds reviewed together: predictions and what came, and the champion's history."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from analysis.rounds.champion import Champion, find_champion
from analysis.rounds.conditions import SharedGround, compare_grounds
from analysis.rounds.gain import RoundGain, measure_gain
from analysis.rounds.ordering import check_order
from analysis.rounds.prediction import Prediction, list_predictions
from analysis.rounds.rerun import Rerun, find_again, follow_up
from analysis.rounds.round import Round
from analysis.verdicts.checklist import Checklist
from analysis.verdicts.run_cases import judge_run
from trial_sets.errors import InputError

FEWEST_ROUNDS = 2


@dataclass(frozen=True, slots=True, eq=False)
class RoundsReview:
    """Rounds side by side.

    Attributes
    ----------
    grounds
        Of every round but the first: what it has in common with the one before.
    checklists
        Of the rounds by number that declare claims: each judged on the round's own fits.
    champions
        Of the rounds in which anything with hyperparameters finished.
    """

    rounds: tuple[Round, ...]
    notes: tuple[str, ...]
    grounds: tuple[SharedGround, ...]
    checklists: dict[int, Checklist]
    predictions: tuple[Prediction, ...]
    champions: tuple[Champion, ...]
    reruns: tuple[Rerun, ...]
    gains: tuple[RoundGain, ...]

    @property
    def last(self) -> Round:
        """The round that the next one goes on from."""
        return self.rounds[-1]


def review_rounds(rounds: Sequence[Round], *, enter: bool = True) -> RoundsReview:
    """Judge every round on its own fits, and set them beside each other.

    No fit of one round enters a claim of another: each goes by the run that it is of.

    Parameters
    ----------
    enter
        Whether the looks at the claims are entered in their ledgers, as for whoever sees verdicts.

    Raises
    ------
    InputError
        If there are fewer than two, or they are not in their order.
    """
    if len(rounds) < FEWEST_ROUNDS:
        raise InputError(f"rounds side by side are two at least; {len(rounds)} was named")
    notes = check_order(rounds)
    checklists = {one.number: judge_run(one.run, enter=enter) for one in rounds
                  if one.run is not None and one.search is None and _has_claims(one)}  # fmt: skip
    champions = _find_champions(rounds)
    return RoundsReview(
        rounds=tuple(rounds),
        notes=notes,
        grounds=tuple(compare_grounds(one, other) for one, other in pairwise(rounds)),
        checklists=checklists,
        predictions=tuple(
            prediction
            for one in rounds
            if one.number in checklists
            for prediction in list_predictions(one, checklists[one.number])
        ),
        champions=champions,
        reruns=tuple(_follow(champions, rounds)),
        gains=tuple(_measure_gains(champions, rounds)),
    )


def _has_claims(one: Round) -> bool:
    return one.study is not None and any(True for _ in one.study.expectations())


def _find_champions(rounds: Sequence[Round]) -> tuple[Champion, ...]:
    found: list[Champion] = []
    for one in rounds:
        before = found[-1] if found else None
        again = None
        if before is not None:
            again = find_again(before, rounds[before.round_number - 1], one)
        champion = find_champion(one, before, again)
        found += [] if champion is None else [champion]
    return tuple(found)


def _follow(champions: Sequence[Champion], rounds: Sequence[Round]) -> list[Rerun]:
    """Return every champion in every later round in which it ran again."""
    found = []
    for champion in champions:
        first = rounds[champion.round_number - 1]
        for later in rounds[champion.round_number :]:
            again = find_again(champion, first, later)
            found += [] if again is None else [follow_up(champion, first, later, again)]
    return found


def _measure_gains(champions: Sequence[Champion], rounds: Sequence[Round]) -> list[RoundGain]:
    found = []
    for before, champion in pairwise(champions):
        previous, one = (rounds[c.round_number - 1] for c in (before, champion))
        again = find_again(before, previous, one)
        found.append(measure_gain(one, champion, previous, before, again))
    return found
