"""How long something has stood still, by the clock of the process that watches it."""

import time
from collections.abc import Hashable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Watch:
    """Remembers when it first saw things as they are.

    The times that files carry come from other machines' clocks, which may be hours away: that a
    time changes is a sign of life, and what it says is none. So whatever is seen for the first
    time has only just begun to stand still.
    """

    _seen: dict[Hashable, tuple[Hashable, float]] = field(default_factory=dict)

    def measure_still_s(self, thing: Hashable, state: Hashable) -> float:
        """Return for how many seconds a thing has been seen in this state and in no other."""
        now = time.monotonic()
        known, since = self._seen.get(thing, (None, now))
        if known != state:
            since = now
        self._seen[thing] = (state, since)
        return now - since
