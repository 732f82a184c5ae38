"""Stops a batch that shows from the start that it is not worth going on with."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from runner.errors import BatchStopped
from runner.faults.policies import POLICIES
from trial_sets.records.record import Record

FIRST_FITS = 3
# What differs between failures of one cause: paths, addresses and numbers, but for exit statuses.
_VARYING = (
    (re.compile(r"""(['"])[^'"\n]*[/\\][^'"\n]*\1"""), "<path>"),
    (re.compile(r"""(?:[A-Za-z]:)?[\w.~-]*[/\\][^\s'",:;()]*"""), "<path>"),
    (re.compile(r"\b0x[0-9a-fA-F]+\b|\b(?=[a-f]*\d)[0-9a-f]{8,}\b"), "<number>"),
    (re.compile(r"(?<!status )(?<![\w.])[-+]?\d+(?:[.,]\d+)*(?:[eE][-+]?\d+)?"), "<number>"),
)
OnFailure = Literal["same_error", "keep_going", "fail_fast"]


@dataclass(slots=True)
class Breaker:
    """Counts how fits end.

    Unless ``--keep-going`` is given, the same error in each of the first fits stops the batch:
    the rest would fail like them. Errors are the same whose paths and numbers alone differ.
    ``--fail-fast`` stops at the first failure.
    """

    n_fits: int  # of the batch
    on_failure: OnFailure = "same_error"
    _n_ended: int = 0
    _reasons: Counter[str] = field(default_factory=Counter)

    def note(self, record: Record) -> None:
        """Take in how a fit has ended.

        Raises
        ------
        BatchStopped
            If the batch should end here.
        """
        self._n_ended += 1
        failure = record.failure
        if failure is None or self.on_failure == "keep_going":
            return
        reason = str(failure)
        if self.on_failure == "fail_fast":
            raise BatchStopped(f"{record.id} failed ({reason}) (--fail-fast)")
        if POLICIES[failure.kind].systematic:
            alike = generalise(reason)
            self._reasons[alike] += 1
            if self._reasons[alike] == self._n_ended == FIRST_FITS < self.n_fits:
                raise BatchStopped(
                    f"the first {FIRST_FITS} fits all failed for one reason ({reason}); "
                    "--keep-going runs the others all the same"
                )


def generalise(reason: str) -> str:
    """Return why a fit failed, without what differs from fit to fit: paths, addresses, numbers."""
    for pattern, word in _VARYING:
        reason = pattern.sub(word, reason)
    return reason
