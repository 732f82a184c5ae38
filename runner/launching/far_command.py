"""The command of a far worker: a prefix, and behind it a guard that starts the worker there."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.launching.prefix import LaunchPrefix
from runner.storage.claims import LEASE_S

GUARD = Path(__file__).with_name("guard.py")
# As long as the near runner's claims on fits last: what it has lost sight of by then may be begun
# by another.
SILENCE_S = LEASE_S


@dataclass(frozen=True, slots=True)
class FarStart:
    """What a guard is told to start, and what it must find before it does."""

    command: Sequence[str]
    environment: Mapping[str, str]  # beside that of the far side
    stock: Mapping[str, str]  # as `take_stock` finds it on this side; all of it must be alike there
    folder: str = ""  # in which it runs; empty for wherever that is
    silence_s: float = SILENCE_S  # after which the connection counts as lost

    def behind(self, prefix: LaunchPrefix) -> tuple[str, ...]:
        """Return the words to start on this side.

        All but two paths are in letters that every shell leaves alone, so that nothing depends on
        whether one stands in between.
        """
        return prefix.precede((self.command[0], str(GUARD), self._pack()))

    def _pack(self) -> str:
        order = {
            "command": list(self.command),
            "environment": dict(self.environment),
            "stock": dict(self.stock),
            "folder": self.folder,
            "silence_s": self.silence_s,
        }
        return base64.urlsafe_b64encode(json.dumps(order).encode()).decode()
