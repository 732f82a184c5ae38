"""What ``run_search`` does when nothing is to run: the page, how the search stands, its space."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from runner.errors import RunError
from runner.search.request import SearchRequest
from scripts.running.overview import print_summary
from scripts.running.queue_lines import print_queue
from scripts.text import say
from trial_sets.loading.search_study import load_search_study
from trial_sets.loading.study_folder import find_study
from trial_sets.placement import write_named
from trial_sets.records.layout import Outputs
from trial_sets.wording import join_words
from trial_sets.writing.space_file import write_space

if TYPE_CHECKING:
    from runner.summaries.search_summary import SearchSummary


def export_space(asked: SearchRequest, path: Path) -> None:
    """Write the space as Optuna's distributions, and say where.

    Raises
    ------
    InputError
        If the space is conditional, which they cannot say.
    RunError
        If the file cannot be written.
    """
    space = Path(asked.space_file) if asked.space_file is not None else None
    searched = load_search_study(
        find_study(asked.request.study), space, asked.request.overrides.given()
    )
    text = write_space(searched.space, "optuna")
    try:
        write_named(path, text.encode())
    except OSError as error:
        raise RunError(f"--to-distributions {path}: {error.strerror or error}") from error
    say(str(path))


def show_page(asked: SearchRequest, *, as_json: bool) -> None:
    """Print what there is to know of a search before it runs, as Markdown."""
    from runner.search.planning import plan_search  # noqa: PLC0415 - prepares data
    from scripts.searching.space_page import summarize_space, write_document  # noqa: PLC0415

    summary = summarize_space(plan_search(asked))
    said = summary.model_dump(mode="json")
    say(json.dumps(said, indent=1) if as_json else write_document(summary))


def show_standing(asked: SearchRequest, *, as_json: bool) -> None:
    """Print how a search stands; nothing is run or written."""
    from runner.cluster.standing import read_queue  # noqa: PLC0415
    from runner.search.extra import require_search_extra  # noqa: PLC0415 - prepares data
    from runner.search.opening import read_outcome  # noqa: PLC0415
    from runner.search.planning import plan_search  # noqa: PLC0415
    from runner.summaries.search_standing import (  # noqa: PLC0415
        list_interrupted,
        summarize_outcome,
    )
    from scripts.searching.result_tables import print_search  # noqa: PLC0415

    require_search_extra()
    plan = plan_search(asked, is_look=True)
    if plan.is_new:
        raise RunError(f"--status: there is no search {asked.name!r} in {plan.run.folder.path}")
    outcome = read_outcome(plan)
    queue = read_queue(Outputs(asked.request.output), plan.run.info.study.name)
    summary = summarize_outcome(plan, outcome).model_copy(update={"queue": queue})

    def print_all(summary: "SearchSummary", console: Console) -> None:
        print_search(summary, console)
        print_queue(summary.queue, console)

    print_summary(summary, print_all, as_json=as_json)
    interrupted = list_interrupted(plan, outcome)
    if interrupted and not as_json:
        names = join_words([trial.name for trial in interrupted], most=5)
        say(f"Interrupted: {names}; the same command goes on with what was begun.")
