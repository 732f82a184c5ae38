"""What the command tells a person or, as JSON, a program of a search and what it has found."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from runner.cluster.standing import QueueStanding
from runner.search.outcome import SearchOutcome
from runner.search.trials import SearchTrial
from runner.storage.outputs import RunFolder
from trial_sets.configuration import OptionValue, StrictModel
from trial_sets.errors import InputError
from trial_sets.records.record import Record
from trial_sets.records.search_info import PrunerName, SamplerName, SearchInfo
from trial_sets.study import Study
from trial_sets.task import Metric

MOST_BEST = 10  # trials in the table of the best
VALIDATED = 5  # the best, in the file of trials for the next step
LineState = Literal["complete", "pruned", "failed", "running", "infeasible", "repeated", "foreign"]


class SearchLine(StrictModel):
    """One trial of a search."""

    number: int
    name: str
    state: LineState
    values: dict[str, OptionValue]
    score: float | None
    fit: str | None  # whose record it is; None where there is none
    epochs: int | None  # trained
    seconds: float
    is_default: bool
    why: str  # it failed or is infeasible, was proposed, or where it comes from


class SearchSummary(StrictModel):
    """A search as it stands."""

    schema_version: Literal[1] = 1
    study: str
    run: str
    search: str
    folder: str
    metric: Metric
    rope: float = Field(default=0.0, exclude=True)  # by which so many digits are shown
    sampler: SamplerName
    pruner: PrunerName
    seed: int
    asked: int | None  # trials of the whole search
    counts: dict[LineState, int]
    trials: tuple[SearchLine, ...]
    best: tuple[int, ...]  # numbers of the best trials, each configuration once, in order
    default: int | None  # the number of the base's trial
    baselines: dict[str, float]
    failed_baselines: dict[str, str]  # why
    stop: str | None  # why it has ended before all its trials had run
    queue: QueueStanding | None = None  # of the study's jobs, where --status has asked

    def find_line(self, number: int) -> SearchLine:
        """Return the line of a trial."""
        return next(line for line in self.trials if line.number == number)

    @property
    def ended(self) -> int:
        """How many trials count as those that were asked for, and have ended."""
        kinds: tuple[LineState, ...] = ("complete", "pruned", "failed", "repeated")
        return sum(self.counts.get(kind, 0) for kind in kinds)


@dataclass(frozen=True, slots=True)
class SearchStanding:
    """A search, and what has come of it so far.

    Attributes
    ----------
    folder : RunFolder
        Of the search's fits.
    asked : int or None
        Trials of the whole search.
    baselines : sequence of Record
        Of its run.
    """

    study: Study
    search: SearchInfo
    folder: RunFolder
    outcome: SearchOutcome
    asked: int | None = None
    baselines: Sequence[Record] = ()


def summarize_search(standing: SearchStanding) -> SearchSummary:
    """Return what a search has come to so far; records are read, nothing is changed."""
    study, search, outcome = standing.study, standing.search, standing.outcome
    lines = tuple(_describe(trial, standing) for trial in outcome.trials)
    stop, default = outcome.stop, outcome.default
    known = {r.key: r.score for r in standing.baselines if r.score is not None}
    failed = {r.key: str(r.failure) for r in standing.baselines if r.failure is not None}
    return SearchSummary(
        study=study.name,
        run=search.run,
        search=search.name,
        folder=str(standing.folder.path / standing.folder.section),
        metric=study.metric,
        rope=study.rope,
        sampler=search.sampler,
        pruner=search.pruner,
        seed=search.seed,
        asked=standing.asked,
        counts=dict(Counter(line.state for line in lines)),
        trials=lines,
        best=tuple(trial.number for trial in outcome.rank()[:MOST_BEST]),
        default=None if default is None else default.number,
        baselines=known,
        failed_baselines=failed,
        stop=None if stop is None else stop.sentence,
    )


def list_best_values(summary: SearchSummary, most: int = VALIDATED) -> Mapping[str, SearchLine]:
    """Return the best trials under the names by which a file of trials has them, and the base.

    The base is BEST0, so that it is of the same set, unless it is among the best.
    """
    named = {f"BEST{place}": summary.find_line(n) for place, n in enumerate(summary.best[:most], 1)}
    if summary.default is not None and summary.default not in summary.best[:most]:
        named["BEST0"] = summary.find_line(summary.default)
    return named


def _describe(trial: SearchTrial, standing: SearchStanding) -> SearchLine:
    record = None if trial.foreign is not None else _read(trial, standing)
    is_own = record is not None and not trial.is_repeat
    said = (trial.infeasible, trial.failure, trial.foreign, trial.reason)
    return SearchLine(
        number=trial.number,
        name=trial.name,
        state=_find_state(trial),
        values=dict(trial.values),
        score=trial.score,
        fit=trial.fit if record is not None else None,
        epochs=len(record.curve) if record is not None else None,
        seconds=record.seconds if record is not None and is_own else 0.0,
        is_default=trial.is_default,
        why=next((text for text in said if text), ""),
    )


def _find_state(trial: SearchTrial) -> LineState:
    if trial.foreign is not None:
        return "foreign"
    if trial.state != "running" and trial.is_repeat:
        return "repeated"
    return trial.state


def _read(trial: SearchTrial, standing: SearchStanding) -> Record | None:
    try:
        return standing.folder.read_record(trial.fit, standing.search.fit_seed)
    except InputError:
        return None
