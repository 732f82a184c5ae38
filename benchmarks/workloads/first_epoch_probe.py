"""The command ``run_supplementary``, which also says when the first epoch has been reported."""

from runner.batch.events import EpochEnded, Event
from runner.batch.tracker import Tracker
from scripts.run_supplementary import main

_collect = Tracker.__call__


def _collect_and_say(self: Tracker, event: Event) -> None:
    """Take in an event as the live table does, and say that an epoch has ended."""
    _collect(self, event)
    if isinstance(event, EpochEnded):
        print("first epoch", flush=True)


if __name__ == "__main__":
    Tracker.__call__ = _collect_and_say  # type: ignore[method-assign]
    main()
