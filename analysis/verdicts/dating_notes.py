"""What is to be said of a claim that was fixed: what was known then, and what is not as it was."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from analysis.numbers import count_noun
from trial_sets.claims.binding import BoundClaim
from trial_sets.files import LabelRule
from trial_sets.records.claim_ledger import ClaimLedger
from trial_sets.records.claim_lines import ClaimLine, ScoredLine, TrialKey, list_trial_keys
from trial_sets.records.claim_standing import MOST_NAMES, list_known, say_known
from trial_sets.records.looks import HoldoutPeriod
from trial_sets.study import Study
from trial_sets.wording import join_words


@dataclass(frozen=True, slots=True)
class Notes:
    """What a ledger holds beside the claims of a run.

    Attributes
    ----------
    ledger : ClaimLedger
        A whole one.
    study : Study
        The run's.
    rows : HoldoutPeriod
        That the run's claims are judged on.
    entries : sequence of ClaimLine
        The ledger's on those rows.
    """

    ledger: ClaimLedger
    study: Study
    rows: HoldoutPeriod
    entries: Sequence[ClaimLine]

    def say_of(self, claim: BoundClaim, fixed: Sequence[ClaimLine]) -> Iterator[str]:
        """Yield a sentence for each thing that is to be said of a claim.

        Parameters
        ----------
        claim
            Of the run's study.
        fixed
            Where it was fixed, in order; at least one.
        """
        yield from self._say_scored(claim, fixed[0])
        yield from self._say_changed(fixed)
        yield from self._say_reversed(claim)

    def say_of_others(self) -> Iterator[str]:
        """Say how many claims other studies have fixed on these rows: families of their own."""
        found = {
            (entry.study, entry.declared)
            for entry in self.entries
            if entry.study != self.study.name and not entry.known
        }
        if found:
            names = sorted({study for study, _ in found})
            who = f"other {'study' if len(names) == 1 else 'studies'}"
            yield (
                f"{count_noun(len(found), 'claim')} of {len(names)} {who} "
                f"({join_words(names, most=MOST_NAMES)}) "
                f"{'was' if len(found) == 1 else 'were'} fixed on these rows too, as families of "
                "their own: no p here is adjusted for them"
            )

    def _say_scored(self, claim: BoundClaim, entry: ClaimLine) -> Iterator[str]:
        """Say what had been scored when a claim was fixed: it may be a near copy of that."""
        at, places = self.ledger.lines.index(entry), (entry.rows, self.rows)
        references = list_trial_keys(claim.references)
        if known := list(list_known(self.ledger, references, places, before=at)):
            yield f"when the claim was fixed, {say_known(known, claim.references)}"
        scored = {
            trial.key
            for place, line in self.ledger.list_kind(ScoredLine)
            if place < at and any(line.rows.overlaps(rows) for rows in places)
            for trial in line.trials
        }
        if scored:
            number = count_noun(len(scored), "configuration")
            yield f"{number} had been scored on these rows before the claim was fixed"

    def _say_changed(self, fixed: Sequence[ClaimLine]) -> Iterator[str]:
        """Say what the study declares otherwise than when a claim was fixed."""
        last, study = fixed[-1], self.study
        if last.looks != study.looks:
            plan = "no plan of looks" if last.looks is None else f"looks at {_list(last.looks)}"
            other = "none is" if study.looks is None else "another is"
            yield f"fixed with {plan}, which holds; {other} declared by now, in study or command"
        if last.seeds is not None and last.seeds != study.seeds:
            yield (
                f"fixed with the seeds {_list_seeds(last.seeds)}; the study declares "
                f"{_list_seeds(study.seeds)} by now"
            )
        labels = [entry.label for entry in fixed]
        if last.label is not None and None not in labels and study.label not in labels:
            yield (
                f"fixed for labels of {_describe(last.label)}; these are of "
                f"{_describe(study.label)}"
            )

    def _say_reversed(self, claim: BoundClaim) -> Iterator[str]:
        """Say where the opposite was fixed too: one of both is always true."""
        found = filter(reverses(claim), self.entries)
        for study, sentence in dict.fromkeys((entry.study, entry.sentence) for entry in found):
            yield f'the study {study} has entered the reverse, "{sentence}"'


def reverses(claim: BoundClaim) -> Callable[[ClaimLine], bool]:
    """Return what tells whether an entry is the claim with its sides exchanged."""
    sides = (_kins(list_trial_keys(claim.claiming)), _kins(list_trial_keys(claim.references)))

    tells_apart = bool(claim.references) and sides[0] != sides[1]  # by more than their lengths

    def is_reverse(entry: ClaimLine) -> bool:
        return tells_apart and (_kins(entry.references), _kins(entry.claiming)) == sides

    return is_reverse


def _kins(keys: Sequence[TrialKey]) -> list[str]:
    return sorted(key.kin for key in keys)


def _list(numbers: Sequence[int]) -> str:
    return f"{_list_seeds(numbers)} seeds"


def _list_seeds(numbers: Sequence[int]) -> str:
    return join_words([str(number) for number in numbers])


def _describe(label: LabelRule) -> str:
    """Write a label rule: ``threshold 0.01, horizon 1, up``."""
    if label.column is not None:
        return f"column {label.column}, horizon {label.horizon}"
    if label.target is not None:
        return f"{label.target}, horizon {label.horizon}"
    return f"threshold {label.threshold:g}, horizon {label.horizon}, {label.direction}"
