"""The ledger of looks at a test period: the schema of test-looks.json, kept beside the runs."""

from trial_sets.configuration import StrictModel


class TestLook(StrictModel):
    """One evaluation of a trial on the test period."""

    __test__ = False  # not a test case, whatever pytest makes of the name

    run: str
    trial: str
    key: str  # of its configuration
    data: str  # fingerprint of the data
    name: str  # of the data
    first: str  # dates of the test period's first and last row
    last: str
    seeds: tuple[int, ...]
    started: str  # ISO 8601, UTC
    finished: str | None = None  # None while it is under way, or was interrupted

    def same_period(self, other: "TestLook") -> bool:
        """Whether both looked at days of one series: the periods overlap, by dates.

        A file to which rows were added since has another fingerprint, but its name still tells.
        """
        same_data = self.data == other.data or self.name == other.name
        return same_data and self.first <= other.last and other.first <= self.last

    def same_question(self, other: "TestLook") -> bool:
        """Whether one look, interrupted, can go on as the other."""
        return (self.run, self.key) == (other.run, other.key) and self.same_period(other)


class TestLooks(StrictModel):
    """All looks that the runs below one output folder took, of whatever study."""

    __test__ = False

    schema_version: int = 1
    looks: tuple[TestLook, ...] = ()

    def at_period_of(self, look: TestLook) -> tuple[TestLook, ...]:
        """Return the looks at the same test period, in any run."""
        return tuple(other for other in self.looks if other.same_period(look))
