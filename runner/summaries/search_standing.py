"""How a search stands, read without changing anything, even where another runner is at it."""

import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from runner.batch.baseline_fits import read_baselines
from runner.search.outcome import SearchOutcome, make_outcome
from runner.search.planning import SearchPlan
from runner.search.storage import complete_storage, hush_optuna, open_storage
from runner.search.trials import SearchTrial
from runner.storage.claims import find_claim
from runner.storage.outputs import RunFolder
from runner.summaries.search_summary import SearchSummary, Standing, summarize_search


def read_outcome(plan: SearchPlan) -> SearchOutcome:
    """Return the trials of a search as they stand, from a copy of its journal.

    A journal that is lost, torn or damaged is mended in the copy, from the records.
    """
    if plan.is_new:
        return make_outcome((), plan.sign, None)
    hush_optuna()
    with TemporaryDirectory(prefix="search-") as place:
        copy = RunFolder(Path(place)).of_search(plan.info.name)
        copy.journal.parent.mkdir()
        plan.folder.refuse_links(plan.folder.journal)
        with suppress(FileNotFoundError):
            shutil.copyfile(plan.folder.journal, copy.journal)
        storage = open_storage(copy, plan.info, plan.run.info.study.metric)
        complete_storage(storage, plan.folder, plan.info, ())
        return make_outcome(storage.read_trials(), plan.sign, None)


def summarize_outcome(plan: SearchPlan, outcome: SearchOutcome) -> SearchSummary:
    """Return what a search has come to, with what the baselines of its run have."""
    return summarize_search(
        Standing(
            plan.run.info.study,
            plan.info,
            plan.folder,
            outcome,
            plan.n_trials,
            read_baselines(plan.run),
        )
    )


def list_interrupted(plan: SearchPlan, outcome: SearchOutcome) -> list[SearchTrial]:
    """Return the trials that have begun and that nobody runs: the same command goes on with them."""
    return [trial for trial in outcome.list_state("running") if not _is_run(plan, trial)]


def _is_run(plan: SearchPlan, trial: SearchTrial) -> bool:
    with suppress(OSError):
        found = find_claim(plan.folder.fit(trial.name, plan.info.fit_seed))
        return found is not None and found.sight != "ended"
    return False
