"""The ledger of looks at a test period: the schema of test-looks.json, kept beside the runs."""

import hashlib
import json
from itertools import pairwise
from typing import Literal, NamedTuple, Self

from trial_sets.configuration import StrictModel

SKETCHED = 128  # digests in a sketch
SAME = 0.25  # share of the smaller period's values that both hold: then it is the same series
SOME = 0.05  # the same of rows of one series: more than chance, so that some are the same
LEAST_VALUES = 32  # fewer different ones tell nothing: a table of zeros and ones


class RowSketch(StrictModel):
    """What is kept of the values in a period's rows, so that they are known again by themselves.

    Of a digest a value those that are smallest: of two sketches, the share of the smallest that
    both have is about the share of values that both periods have (MinHash).
    """

    values: int  # different ones
    smallest: str  # digests of twelve hex digits, in order, without anything between

    def measure_shared(self, other: "RowSketch") -> float:
        """Return about which share of the smaller period's values the larger one has too."""
        mine, others = self._split(), other._split()
        smallest = sorted(mine | others)[:SKETCHED]
        if not smallest or min(self.values, other.values) < LEAST_VALUES:
            return 0.0
        jaccard = sum(digest in mine and digest in others for digest in smallest) / len(smallest)
        shared = jaccard * (self.values + other.values) / (1 + jaccard)
        return shared / min(self.values, other.values)

    def _split(self) -> set[str]:
        return {self.smallest[start : start + 12] for start in range(0, len(self.smallest), 12)}


class KeptRows(NamedTuple):
    """What is kept of some rows: of their values and, without time, of each as one value."""

    rows: RowSketch
    whole: RowSketch | None


class HoldoutPeriod(StrictModel):
    """Days of one series that nothing was chosen on."""

    data: str  # fingerprint of the data
    name: str  # of the data
    first: str  # dates of the test period's first and last row
    last: str
    rows: RowSketch | None = None  # None in a ledger from before it was kept

    def overlaps(self, other: "HoldoutPeriod") -> bool:
        """Whether both hold days of one series: whoever saw the one has seen of the other.

        A file to which rows were added since has another fingerprint, but its name still tells;
        and one that was renamed and changed in some rows still holds the values of the others.
        Rows without time may be of any day, unless the values of both are known to differ.
        """
        is_same_data = self.data == other.data or self.name == other.name
        is_timeless = not (self.first and other.first)
        shared = self._measure_shared(other)
        if is_same_data and is_timeless:
            return shared is None or shared >= SOME
        if is_same_data and self.first <= other.last and other.first <= self.last:
            return True
        return shared is not None and shared >= SAME

    def _measure_shared(self, other: "HoldoutPeriod") -> float | None:
        """Return the share of values that both hold; None where too little is known of them."""
        if self.rows is None or other.rows is None:
            return None
        if min(self.rows.values, other.rows.values) < LEAST_VALUES:
            return None
        return self.rows.measure_shared(other.rows)


class HoldoutLook(HoldoutPeriod):
    """One evaluation of a trial on the test period, or a run that validates on such days."""

    role: Literal["test", "validation"] = "test"
    run: str
    trial: str
    key: str  # of its configuration; empty for a validation
    seeds: tuple[int, ...]
    started: str  # ISO 8601, UTC
    finished: str | None = None  # None while it is under way, or was interrupted
    note: str | None = None  # what was wrong with the ledger, or that records alone tell of it
    whole: RowSketch | None = None  # of rows without time: each as one value
    previous: str | None = None  # SHA-256 of the entry before

    def overlaps(self, other: HoldoutPeriod) -> bool:
        """As of any period; of the same rows without time, whether some are in both.

        Single values say little of these: a few numbers may stand in all of them.
        """
        is_timed = bool(self.first and other.first)
        if isinstance(other, HoldoutLook) and self.data == other.data and not is_timed:
            mine, others = self.whole, other.whole
            if mine and others and min(mine.values, others.values) >= LEAST_VALUES:
                return mine.measure_shared(others) >= SOME
        return super().overlaps(other)

    def same_question(self, other: "HoldoutLook") -> bool:
        """Whether one look, interrupted, can go on as the other."""
        mine, others = (self.role, self.run, self.key), (other.role, other.run, other.key)
        return mine == others and self.overlaps(other)

    @property
    def is_timeless_validation(self) -> bool:
        """Whether it is a run that validates on rows without time."""
        return self.role == "validation" and not self.first

    def digest(self) -> str:
        """Return the SHA-256 of what the entry says; fields at their default do not count."""
        said = self.model_dump(mode="json", exclude_defaults=True)
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


class LookLedger(StrictModel):
    """All looks that the runs below one output folder took, of whatever study.

    Entries are only added. One of the same run, configuration and start as an earlier one says
    more of the same look: that it has finished.
    """

    schema_version: Literal[1, 2, 3] = 3  # 1 had no chain, and 2 no whole rows
    looks: tuple[HoldoutLook, ...] = ()
    seal: str | None = None  # SHA-256 of the last entry

    def at(self, period: HoldoutPeriod, run: str | None = None) -> tuple[HoldoutLook, ...]:
        """Return the looks at a test period, in any run, in the order of the ledger.

        Parameters
        ----------
        period
            Of rows without time no days tell which of the data's they are.
        run
            Whose test rows they are: those that it validates on are others.
        """
        known = period if period.rows is not None else self._complete(period, run)
        return tuple(
            look
            for look in self._merge()
            if look.overlaps(known) and not (look.is_timeless_validation and look.run == run)
        )

    def added(self, *looks: HoldoutLook) -> Self:
        """Return the ledger with further entries, each sealed by the next."""
        entries: list[HoldoutLook] = []
        for look in (*self.looks, *looks):
            before = entries[-1].digest() if entries else None
            entries.append(look.model_copy(update={"previous": before}))
        seal = entries[-1].digest() if entries else None
        return self.model_copy(update={"schema_version": 3, "looks": tuple(entries), "seal": seal})

    def find_break(self) -> str | None:
        """Say which entry is not what was written, if one is."""
        if self.schema_version == 1 and self.seal is None:
            return None
        first = [look.previous for look in self.looks[:1]]
        if first not in ([], [None]):
            return "what stood before entry 1 is missing"
        for number, (before, look) in enumerate(pairwise(self.looks), 1):
            if look.previous != before.digest():
                return f"entry {number} was changed, or one after it removed"
        last = self.looks[-1].digest() if self.looks else None
        return None if self.seal == last else f"entry {len(self.looks)}, the last, was changed"

    def _merge(self) -> tuple[HoldoutLook, ...]:
        """Return an entry a look: the last of those that speak of it."""
        latest: dict[tuple[str, ...], HoldoutLook] = {}
        for look in self.looks:
            latest[look.role, look.run, look.key, look.first, look.last, look.started] = look
        return tuple(latest.values())

    def _complete(self, period: HoldoutPeriod, run: str | None) -> HoldoutPeriod:
        """Return a period with the sketches of its rows, if an entry on just it has them.

        That of the run's own test before others: of rows without time all have the same place.
        """
        place = (period.data, period.first, period.last)
        known = [
            look
            for look in self.looks
            if look.rows is not None and (look.data, look.first, look.last) == place
        ]
        own = [look for look in known if (look.run, look.role) == (run, "test")]
        found = next(iter(own or known), None)
        return period if found is None else found.model_copy(update={"name": period.name})
