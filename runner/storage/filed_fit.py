"""What a plan keeps of the record of a fit: of a hundred thousand it must fit in memory."""

from dataclasses import dataclass
from typing import Self

from trial_sets.records.record import Failure, Record, RecordStatus


@dataclass(frozen=True, slots=True)
class FiledFit:
    """A record that was read and can be trusted, without its curve and all that no plan needs.

    Two are equal if they are of the same record.
    """

    status: RecordStatus
    key: str  # of the configuration
    failure: Failure | None  # without its traceback
    n_epochs: int
    seconds: float  # training alone
    finished: str  # ISO 8601, UTC
    sha256: str | None  # of everything in the record; None in one from before it was kept

    @classmethod
    def of(cls, record: Record) -> Self:
        """Return what a plan keeps of a record."""
        failure = record.failure
        return cls(
            status=record.status,
            key=record.key,
            failure=failure and failure.model_copy(update={"traceback": ""}),
            n_epochs=len(record.curve),
            seconds=record.seconds,
            finished=record.provenance.finished,
            sha256=record.sha256,
        )
