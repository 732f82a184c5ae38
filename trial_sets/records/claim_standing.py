"""How a claim stands in the ledger: fixed before its trials were scored, or seen after."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from trial_sets.records.claim_ledger import ClaimLedger
from trial_sets.records.claim_lines import ClaimLine, KnownTrial, ScoredLine, TrialKey
from trial_sets.records.looks import HoldoutPeriod
from trial_sets.study import Trial
from trial_sets.wording import join_words

MOST_NAMES = 4  # in a sentence


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ledger says of a claim of one study on some rows.

    Attributes
    ----------
    entries : tuple of ClaimLine
        Where it was entered, in order.
    fixed : tuple of ClaimLine
        Those of them before which nothing of its claiming side had been scored on these rows.
    known : tuple of KnownTrial
        What had been scored before the first entry, where none is fixed.
    is_late : bool
        Whether an entry would be fixed, if it did not stand behind records of its claiming side.
    """

    entries: tuple[ClaimLine, ...]
    fixed: tuple[ClaimLine, ...]
    known: tuple[KnownTrial, ...]
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class SoughtClaim:
    """A claim that is looked for.

    Attributes
    ----------
    study : str
    digest : str
    claiming : tuple of TrialKey
    """

    study: str
    digest: str
    claiming: tuple[TrialKey, ...]


def find_standing(
    ledger: ClaimLedger,
    sought: SoughtClaim,
    rows: HoldoutPeriod | None = None,
    first_record: int | None = None,
) -> Standing:
    """Return how a claim stands.

    Parameters
    ----------
    ledger
        A whole one; see `ClaimLedger.find_break`.
    sought
        The claim.
    rows
        That it is judged on; None for those of each entry.
    first_record
        Position of the earliest line that was the last when a record of the claiming side was
        written; None without such records.
    """
    found = [
        (at, entry)
        for at, entry in ledger.list_kind(ClaimLine)
        if (entry.study, entry.digest) == (sought.study, sought.digest)
        and (rows is None or entry.rows.overlaps(rows))
    ]
    fixed: list[ClaimLine] = []
    earliest: tuple[KnownTrial, ...] = ()
    is_late = False
    for at, entry in found:
        places = [entry.rows] if rows is None else [entry.rows, rows]
        known = entry.known or tuple(list_known(ledger, sought.claiming, places, before=at))
        if known:
            earliest = earliest or known
        elif first_record is not None and at > first_record:
            is_late = True
        else:
            fixed.append(entry)
    entries = tuple(entry for _, entry in found)
    return Standing(entries, tuple(fixed), () if fixed else earliest, is_late and not fixed)


def list_known(
    ledger: ClaimLedger,
    trials: Iterable[TrialKey],
    places: Sequence[HoldoutPeriod],
    *,
    before: int | None = None,
) -> Iterator[KnownTrial]:
    """Yield those of some configurations that had been scored on rows that overlap any of some.

    What differs from a scored configuration in the run's length alone is known as well: else a
    claim that was seen to hold would be new again as that of the same trial with another epoch.

    Parameters
    ----------
    before
        Position of the line before which; None for the whole ledger.
    """
    same: dict[str, ScoredLine] = {}
    kin: dict[str, ScoredLine] = {}
    for at, line in ledger.list_kind(ScoredLine):
        if (before is None or at < before) and any(line.rows.overlaps(rows) for rows in places):
            for one in line.trials:
                same.setdefault(one.key, line)
                kin.setdefault(one.kin, line)
    for trial in trials:
        if (first := same.get(trial.key) or kin.get(trial.kin)) is not None:
            yield KnownTrial(
                key=trial.key,
                kin=trial.kin,
                run=first.run,
                time=first.time,
                other_length=trial.key not in same,
            )


def say_known(known: Sequence[KnownTrial], trials: Iterable[Trial]) -> str:
    """Say which trials had been scored: ``A2 had been scored (run R, 2026-01-28 12:00 UTC)``.

    Of a trial of which only its kin had been: ``A2, at another length, had been scored``.

    Parameters
    ----------
    known
        At least one.
    trials
        Whose names they have.
    """
    names = {trial.configuration.key: trial.name for trial in trials}
    same, others = (
        join_words(
            [names.get(one.key, one.key) for one in known if one.other_length is is_other],
            most=MOST_NAMES,
        )
        for is_other in (False, True)
    )
    said = [same] if same else []
    said += [f"{others}, at another length,"] if others else []
    return f"{' and '.join(said)} had been scored (run {known[0].run}, {show_time(known[0].time)})"


def show_time(time: str) -> str:
    """Return a line's time for a person: ``2026-01-28 12:00 UTC``."""
    return time[:16].replace("T", " ") + " UTC"
