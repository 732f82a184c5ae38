"""The file of a search's best trials, which a set of them is run from."""

import json
from pathlib import Path

from runner.storage.durable import writing
from runner.summaries.search_summary import SearchSummary, list_best_values
from trial_sets.placement import replace_file
from trial_sets.space import nest_options


def write_best_trials(summary: SearchSummary, path: Path) -> bool:
    """Write the best trials as `run_supplementary --trials` reads them; say whether there are any.

    Raises
    ------
    BatchStopped
        If the file cannot be written.
    """
    trials = {
        name: {
            **nest_options(line.values),
            "note": f"{line.name} of search {summary.search}{', the base' * line.is_default}",
        }
        for name, line in list_best_values(summary).items()
    }
    if trials:
        with writing(path):
            replace_file(path, f"{json.dumps(trials, indent=1)}\n".encode())
    return bool(trials)
