"""The ledger of looks at a test period: the schema of test-looks.json, kept beside the runs."""

from trial_sets.configuration import StrictModel


class HoldoutPeriod(StrictModel):
    """Days of one series that nothing was chosen on."""

    data: str  # fingerprint of the data
    name: str  # of the data
    first: str  # dates of the test period's first and last row
    last: str

    def overlaps(self, other: "HoldoutPeriod") -> bool:
        """Whether both hold days of one series: whoever saw the one has seen of the other.

        A file to which rows were added since has another fingerprint, but its name still tells.
        """
        same_data = self.data == other.data or self.name == other.name
        return same_data and self.first <= other.last and other.first <= self.last


class HoldoutLook(HoldoutPeriod):
    """One evaluation of a trial on the test period."""

    run: str
    trial: str
    key: str  # of its configuration
    seeds: tuple[int, ...]
    started: str  # ISO 8601, UTC
    finished: str | None = None  # None while it is under way, or was interrupted

    def same_question(self, other: "HoldoutLook") -> bool:
        """Whether one look, interrupted, can go on as the other."""
        return (self.run, self.key) == (other.run, other.key) and self.overlaps(other)


class LookLedger(StrictModel):
    """All looks that the runs below one output folder took, of whatever study."""

    schema_version: int = 1
    looks: tuple[HoldoutLook, ...] = ()

    def at(self, period: HoldoutPeriod) -> tuple[HoldoutLook, ...]:
        """Return the looks at a test period, in any run."""
        return tuple(look for look in self.looks if look.overlaps(period))
