"""A search as a process of its own: python -m tests.drill.search_command STUDY OPTIONS."""

import json
import sys
from pathlib import Path

from runner.batch.events import Event, FitStarted
from tests.runner.search.conftest import ask_for, run


def main() -> None:
    """Run the search of a study that OPTIONS, as JSON, asks for."""
    study, options = Path(sys.argv[1]), json.loads(sys.argv[2])

    def observe(event: Event) -> None:
        if isinstance(event, FitStarted):
            print(f"{event.fit.name} started", flush=True)

    outcome = run(ask_for(study, **options), observe)
    print(f"{sum(trial.counts for trial in outcome.trials)} trials", flush=True)


if __name__ == "__main__":
    main()
