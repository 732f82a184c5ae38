"""What ``--check`` does: five random trials as a search of their own, and what they say."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

from rich.console import Console

from analysis.runs.predictions import read_predictions
from runner.search.planning import SearchPlan, plan_search
from runner.search.request import SearchRequest
from runner.summaries.search_summary import SearchLine
from scripts.running.overview import print_summary
from scripts.searching.batch import is_first_search, run_trials
from scripts.searching.trial_check import Asked, CheckedTrial, CheckLine, judge_trials
from scripts.text import mark
from trial_sets.configuration import StrictModel
from trial_sets.errors import InputError
from trial_sets.loading.search_study import load_search_study
from trial_sets.loading.study_folder import find_study
from trial_sets.records.layout import predictions_of

N_TRIALS, N_EPOCHS = 5, 2
_SUFFIX = "-check"


class CheckSummary(StrictModel):
    """What a few random trials say of a search."""

    search: str  # the check's own name
    folder: str
    trials: int
    lines: tuple[CheckLine, ...]

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong."""
        return all(line.state != "wrong" for line in self.lines)


def check_search(asked: SearchRequest, *, as_json: bool) -> bool:
    """Run a check, print what it says, and say whether nothing is wrong."""
    plan, found = run_trials(name_check(make_check(asked)), Console(stderr=True))
    study = plan.run.info.study
    trials = [_read_trial(line, plan) for line in found.trials]
    summary = CheckSummary(
        search=found.search,
        folder=found.folder,
        trials=len(trials),
        lines=judge_trials(trials, Asked(plan.info.space, study.task, study.metric, study.rope)),
    )
    print_summary(summary, _print_check, as_json=as_json)
    return summary.is_right


def make_check(asked: SearchRequest) -> SearchRequest:
    """Return the search of five random trials that checks another, in few epochs.

    A study whose epochs are varied, or that declares none, keeps its own.
    """
    request = asked.request
    epochs = request.overrides.epochs or _count_epochs(asked)
    overrides = request.overrides.model_copy(update={"epochs": epochs})
    return replace(
        asked,
        request=replace(request, overrides=overrides, baselines=False, on_failure="keep_going"),
        name=f"{asked.name}{_SUFFIX}",
        sampler="random",
        pruner="none",
        trials=N_TRIALS,
        hours=None,
        stops=(),
        study_from=None,
        with_default=False,
    )


def name_check(check: SearchRequest) -> SearchRequest:
    """Return a check under the first name that is free, or that of the same check before.

    A space that was mended since is another, and so is its check.
    """
    for named in (replace(check, name=f"{check.name}{end}") for end in _list_endings()):
        if is_first_search(named):
            return named
        plan = plan_search(named, is_look=True)
        known, searched = plan.info, plan.searched
        same = (known.space, known.fixed, known.seed) == (
            searched.space,
            searched.fixed,
            check.seed,
        )
        if plan.is_new or same:
            return named
    raise AssertionError("endings go on")


def _list_endings() -> Iterator[str]:
    yield ""
    yield from (f"-{number}" for number in count(2))


def _count_epochs(asked: SearchRequest) -> int | None:
    """Return how many epochs a check trains; None where the study says nothing of them."""
    path = None if asked.space_file is None else Path(asked.space_file)
    searched = load_search_study(find_study(asked.request.study), path)
    usual = searched.fixed.get("epochs")
    return min(usual, N_EPOCHS) if isinstance(usual, int) else None


def _read_trial(line: SearchLine, plan: SearchPlan) -> CheckedTrial:
    """Return what is known of a trial for its judgement."""
    record = None
    if line.fit is not None and line.state != "repeated":
        record = plan.folder.read_record(line.fit, plan.info.fit_seed)
    if record is None or record.predictions_sha256 is None:
        return CheckedTrial(line.name, line.values, record, None)
    study = plan.run.info.study
    path = predictions_of(plan.folder.fit(record.name, record.seed))
    try:
        read = read_predictions(
            path, record.predictions_sha256, task=study.task, metric=study.metric
        )
    except InputError:
        return CheckedTrial(line.name, line.values, record, None)
    return CheckedTrial(line.name, line.values, record, read.scores)


def _print_check(summary: CheckSummary, console: Console) -> None:
    marks = {"right": "[green]yes[/]", "note": "[yellow]note[/]", "wrong": "[red]NO[/]"}
    for line in summary.lines:
        console.print(
            f"{mark(line.question)} {marks[line.state]}: {mark(line.answer)}.", soft_wrap=True
        )
    verdict = "Nothing is wrong." if summary.is_right else "Mend what is wrong before you search."
    console.print(f"{verdict} Records: {mark(summary.folder)}", soft_wrap=True)
