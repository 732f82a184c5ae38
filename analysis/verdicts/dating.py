"""Whether a run's claims were fixed before their trials were scored, as the ledger tells."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from analysis.runs.run import Run
from analysis.verdicts.dating_notes import Notes, reverses
from trial_sets.claims.binding import BoundClaim
from trial_sets.errors import InputError
from trial_sets.records.claim_ledger import ClaimLedger, read_claims
from trial_sets.records.claim_lines import (
    ClaimLine,
    LookLine,
    ScoredLine,
    StopLine,
    list_trial_keys,
)
from trial_sets.records.claim_standing import (
    MOST_NAMES,
    SoughtClaim,
    find_standing,
    say_known,
)
from trial_sets.records.claim_stops import find_stop
from trial_sets.records.kept_head import read_kept_head
from trial_sets.records.layout import RunLayout
from trial_sets.records.run_info import describe_validation
from trial_sets.study import Trial
from trial_sets.wording import join_words

Status = Literal["fixed", "post hoc", "undated"]


@dataclass(frozen=True, slots=True)
class Look:
    """One judgement of a claim: the results that it was judged on.

    Attributes
    ----------
    run : str
    seeds : tuple of int
    folds : int
    evidence : str
        SHA-256 of the results.
    """

    run: str
    seeds: tuple[int, ...]
    folds: int
    evidence: str

    @property
    def counts(self) -> bool:
        """Whether a claim could have been confirmed at it: none is by one seed."""
        return len(self.seeds) > 1


@dataclass(frozen=True, slots=True)
class Dating:
    """When a claim was fixed, and how often it was judged.

    Attributes
    ----------
    status : str
        ``fixed`` before anything of its claiming side had been scored on these rows, ``post hoc``,
        or ``undated``: the ledger cannot tell.
    since : str or None
        When it was first entered; ISO 8601, UTC.
    reasons : tuple of str
        Why it is not fixed, a clause each; empty where it is.
    notes : tuple of str
        What else is to be said, a clause each: what had been scored earlier, a plan of looks,
        seeds or labels that were changed, a reverse that was fixed too.
    plan : tuple of int, or None
        Numbers of seeds at which it is to be judged, as declared when it was fixed.
    looks : tuple of Look
        Every judgement entered so far, in order: at whatever margin, and of runs of any length.
    stop : StopLine or None
        Where it was decided in this run that no further look is needed.
    seeds : tuple of int, or None
        In the order in which they are to be run, as declared when it was fixed; None where that
        was not kept.
    run : str or None
        In which it is judged; None where it does not matter, as for looks of one run.
    """

    status: Status
    since: str | None
    reasons: tuple[str, ...]
    notes: tuple[str, ...] = ()
    plan: tuple[int, ...] | None = None
    looks: tuple[Look, ...] = ()
    stop: StopLine | None = None
    seeds: tuple[int, ...] | None = None
    run: str | None = None

    @property
    def is_fixed(self) -> bool:
        """Whether the claim may be confirmed."""
        return self.status == "fixed"

    def number_look(self, look: Look) -> int:
        """Return which look this is, from 1; one that was entered keeps its number.

        Only looks at which the claim could have been confirmed count: none does with one seed.
        """
        before = self.looks[: self.looks.index(look)] if look in self.looks else self.looks
        return 1 + sum(other.counts for other in before)

    def list_before(self, look_number: int) -> tuple[Look, ...]:
        """Return the looks that count before the one of some number, in order."""
        return tuple(look for look in self.looks if look.counts)[: look_number - 1]

    def hold_at(self, look: Look) -> "Dating":
        """Return it as it stood at one of its looks."""
        return replace(self, looks=self.looks[: self.looks.index(look) + 1])


FOREIGN = Dating(
    "undated", None, ("nothing tells when the claim was made: the results are another tool's",)
)


@dataclass(frozen=True, slots=True)
class WithdrawnClaim:
    """A claim that the study declared when a batch began, and no longer does.

    It stays in the family, with p = 1.
    """

    sentence: str
    since: str


@dataclass(frozen=True, slots=True)
class DatedClaims:
    """The claims of a run in their order.

    Attributes
    ----------
    claims : tuple of Dating
    withdrawn : tuple of WithdrawnClaim
    notes : tuple of str
        What is to be said of all of them, a clause each.
    """

    claims: tuple[Dating, ...]
    withdrawn: tuple[WithdrawnClaim, ...] = ()
    notes: tuple[str, ...] = ()


def date_claims(run: Run, claims: Sequence[BoundClaim], rope: float) -> DatedClaims:
    """Look the claims of a run up in the ledger of its outputs folder.

    Parameters
    ----------
    run
        The run.
    claims
        Bound to the run's study.
    rope
        At which they are judged: another than was fixed makes another claim.
    """
    layout = RunLayout(run.folder)
    path = layout.outputs.claims
    try:
        ledger, kept = read_claims(path), read_kept_head(layout)
    except InputError as error:
        return _leave_undated(claims, f"the ledger of claims cannot be read: {error}")
    if not ledger.lines:
        is_there = os.path.lexists(path)
        what = f"{path.name} is empty" if is_there else f"there is no {path.name} beside the run"
        return _leave_undated(claims, f"the ledger of claims is missing: {what}")
    if (broken := ledger.find_break()) is not None:
        return _leave_undated(claims, f"the ledger of claims is not what was written: {broken}")
    if kept is not None and ledger.find_head(kept) is None:
        return _leave_undated(claims, _CUT_OFF.format(layout.claims_head.name))
    search = _Search(run, ledger, claims, rope)
    return DatedClaims(search.date(), search.list_withdrawn(), tuple(search.notes.say_of_others()))


_CUT_OFF = (
    "looks at the run's claims were cut off the ledger of claims, or changed: the head that {} "
    "keeps is no line of it"
)


def _leave_undated(claims: Sequence[BoundClaim], reason: str) -> DatedClaims:
    return DatedClaims(tuple(Dating("undated", None, (reason,)) for _ in claims))


def _read_plan(entry: ClaimLine) -> tuple[int, ...] | None:
    """Return the plan of looks of an entry; one that does not grow, as older ones may, is none."""
    looks = entry.looks
    is_plan = looks is not None and looks and list(looks) == sorted(set(looks)) and looks[0] > 0
    return looks if is_plan else None


class _Search:
    """What a whole ledger tells of a run's claims."""

    def __init__(
        self, run: Run, ledger: ClaimLedger, claims: Sequence[BoundClaim], rope: float
    ) -> None:
        self._run, self._ledger, self._claims, self._rope = run, ledger, claims, rope
        self._digests = [claim.digest(rope) for claim in claims]
        self._study = run.info.study
        self._rows = ledger.complete(describe_validation(run.info.data))
        self._entries = [
            entry for _, entry in ledger.list_kind(ClaimLine) if entry.rows.overlaps(self._rows)
        ]
        self._declared = {entry.digest: entry.declared for entry in self._entries}
        self.notes = Notes(ledger, self._study, self._rows, self._entries)

    def date(self) -> tuple[Dating, ...]:
        """Return when each claim was fixed."""
        return tuple(map(self._date, self._claims, self._digests))

    def _date(self, claim: BoundClaim, digest: str) -> Dating:
        looks = tuple(dict.fromkeys(self._list_looks(claim, digest)))
        doubts = tuple(self._doubt_records(claim))
        if doubts:
            return Dating("undated", None, doubts, looks=looks)
        sought = SoughtClaim(self._study.name, digest, list_trial_keys(claim.claiming))
        heads = self._find_heads(claim.claiming)
        standing = find_standing(self._ledger, sought, self._rows, min(heads, default=None))
        if standing.fixed:
            first, last = standing.fixed[0], standing.fixed[-1]
            notes = tuple(self.notes.say_of(claim, standing.fixed))
            stop = find_stop(self._ledger, self._study.name, digest, self._rows, self._run.info.run)
            return Dating(
                status="fixed",
                since=first.time,
                reasons=(),
                notes=notes,
                plan=_read_plan(last),
                looks=looks,
                stop=stop,
                seeds=last.seeds,
                run=self._run.info.run,
            )
        reasons = (
            [f"first seen after {say_known(standing.known, claim.claiming)}"]
            if standing.known
            else []
        )
        if standing.is_late:
            names = join_words([trial.name for trial in claim.claiming], most=MOST_NAMES)
            reasons.append(f"first seen after records of {names} had been written")
        reasons += self._name_others(claim, digest)
        since = standing.entries[0].time if standing.entries else None
        return Dating("post hoc", since, tuple(reasons or ["it was never fixed"]), looks=looks)

    def list_withdrawn(self) -> tuple[WithdrawnClaim, ...]:
        """Return what the study declared when one of its batches began, and no longer does."""
        mine = [entry for entry in self._entries if entry.study == self._study.name]
        digests = {*self._digests, *(claim.digest(self._study.rope) for claim in self._claims)}
        kept = digests | {entry.declared for entry in mine if entry.digest in digests}
        batches = [
            line
            for _, line in self._ledger.list_kind(ScoredLine)
            if line.study == self._study.name and line.rows.overlaps(self._rows)
        ]
        given_up = {digest for line in batches for digest in line.claims} - kept
        first: dict[str, ClaimLine] = {}
        for entry in mine:
            if entry.declared in given_up:
                first.setdefault(entry.declared, entry)
        return tuple(WithdrawnClaim(entry.sentence, entry.time) for entry in first.values())

    def _doubt_records(self, claim: BoundClaim) -> Iterator[str]:
        """Say which of a claim's records the ledger knows nothing of."""
        older = [t.name for t in claim.claiming if None in self._list_heads(t)]
        if older:
            names = join_words(older, most=MOST_NAMES)
            yield f"records of {names} are older than the ledger of claims"
        foreign = [
            trial.name
            for trial in claim.trials
            if any(
                head and self._ledger.find_head(head) is None for head in self._list_heads(trial)
            )
        ]
        if foreign:
            names = join_words(foreign, most=MOST_NAMES)
            yield (
                f"the ledger of claims is not the one that records of {names} were written with: "
                "it was rewritten or deleted, or they were copied in"
            )

    def _list_heads(self, trial: Trial) -> list[str | None]:
        fits = self._run.list_fits(trial.configuration.key).values()
        parts = [part for fit in fits for part in fit.parts]
        return [part.record.claims_head for part in parts if part.is_complete]

    def _find_heads(self, trials: Sequence[Trial]) -> list[int]:
        """Return the positions of the lines that were the last when records were written."""
        heads = [head for trial in trials for head in self._list_heads(trial) if head is not None]
        found = map(self._ledger.find_head, heads)
        return [position for position in found if position is not None]

    def _name_others(self, claim: BoundClaim, digest: str) -> Iterator[str]:
        """Say what was fixed in place of the claim."""
        question, sentence = claim.question(), claim.sentence
        is_reverse = reverses(claim)
        said: list[str] = []
        for entry in self._entries:
            is_mine = entry.study == self._study.name
            if entry.digest == digest:
                if not is_mine:
                    said.append(f"fixed for the study {entry.study}, not for this one")
            elif is_reverse(entry):
                said.append(f'what was fixed is the reverse: "{entry.sentence}"')
            elif is_mine and entry.question == question:
                if entry.sentence != sentence:
                    said.append(f'fixed as "{entry.sentence}"')
                elif entry.rope != self._rope:
                    said.append(f"the ROPE was {entry.rope:g} when the claim was fixed")
                else:
                    said.append("fixed for a run of another length, or of other configurations")
        yield from dict.fromkeys(said)

    def _list_looks(self, claim: BoundClaim, digest: str) -> Iterator[Look]:
        """Yield the judgements that count as looks at a claim.

        Those of another claim that the study declares are its own, even if both ask the same of
        trials that differ in a run's length.
        """
        question = claim.question()
        others = set(self._digests) - {digest}
        others |= {self._declared[other] for other in others if other in self._declared}
        for _, line in self._ledger.list_kind(LookLine):
            if line.question != question or not line.rows.overlaps(self._rows):
                continue
            is_anothers = line.digest in others or self._declared.get(line.digest) in others
            if line.digest == digest or not is_anothers:
                yield Look(line.run, line.seeds, line.folds, line.evidence)
