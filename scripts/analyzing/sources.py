"""Results to go on from: the files, the run or the search that a person names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.frames.frame import TrialFrame
from analysis.readers.options import ReadOptions
from analysis.readers.sources import read_trials
from analysis.report.run import prepare_frame
from analysis.rounds.ordering import name_source
from analysis.rounds.origins import cite_file, cite_run
from analysis.rounds.pooling import pool_rounds
from analysis.rounds.round import Round
from analysis.runs.run import Run, find_runs, holds_trials, read_run
from analysis.searches.reading import find_search, read_search
from analysis.searches.search import Search
from analysis.searches.search_frame import frame_search
from scripts.analyzing.inputs import explain_none
from trial_sets.configuration import OptionValue
from trial_sets.errors import InputError
from trial_sets.origins.origin import OriginSource
from trial_sets.records.layout import RunLayout
from trial_sets.study import Study
from trial_sets.wording import join_words, well_form

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, eq=False)
class ResultSource:
    """Results of one round.

    Attributes
    ----------
    title
        What they are called.
    names
        The results, as a study that is proposed from them keeps it.
    run
        Of our own; None for other tools' results.
    search
        Where the trials are a search's, of the run.
    fixed
        Settings that no column of the frame holds.
    folds
        On which the next round is to run, where the run does not say it: a search has none.
    """

    title: str
    frame: TrialFrame
    names: tuple[OriginSource, ...]
    run: Run | None = None
    search: Search | None = None
    fixed: Mapping[str, OptionValue | None] | None = None
    folds: int | None = None

    @property
    def study(self) -> Study | None:
        """The study that they are of."""
        study = None if self.run is None else self.run.info.study
        if study is None or self.folds is None:
            return study
        return study.model_copy(update={"folds": self.folds})

    def as_round(self, number: int) -> Round:
        """Return them as one of several rounds."""
        fixed = self.fixed or {}
        return Round(number, self.title, self.frame, self.names, self.run, self.search, fixed)


def read_files(files: Sequence[str], reading: ReadOptions) -> ResultSource:
    """Return other tools' files as one source.

    Raises
    ------
    InputError
        If they cannot be read together.
    """
    title = join_words([well_form(Path(f).name) for f in files], most=_MOST_NAMED)
    frame = read_trials(files, reading)
    return ResultSource(title, frame, tuple(cite_file(one) for one in files))


def read_folder(folder: Path, option: str) -> ResultSource:
    """Return the one run below a folder, or the one search of a run without trials.

    Parameters
    ----------
    option
        That asks for it.

    Raises
    ------
    InputError
        If there is none, or more than one.
    """
    if (search := find_search(folder)) is not None:
        return _read_search(search)
    unreadable: list[str] = []
    runs = find_runs(folder, unreadable.append)
    if not runs and not unreadable:
        raise InputError(explain_none(folder))
    if len(runs) != 1:
        found = join_words(list(map(str, runs)), most=_MOST_NAMED) or "none"
        raise InputError(f"{folder}: {option} goes on from one run; found {found}")
    layout = RunLayout(runs[0])
    searches = layout.list_searches()
    if searches and not holds_trials(layout):
        if len(searches) > 1:
            names = join_words([str(one.path / one.section) for one in searches], most=_MOST_NAMED)
            raise InputError(f"{runs[0]}: holds several searches; name one: {names}")
        return _read_search(searches[0])
    run = read_run(runs[0])
    title = f"{run.info.study.title}: {run.info.run}"
    return ResultSource(title, prepare_frame(run, run.info.study.rope), (cite_run(run),), run)


def pool_sources(sources: Sequence[ResultSource]) -> ResultSource:
    """Return several rounds as one source: what a study says is the last one's.

    Raises
    ------
    InputError
        If they cannot be pooled; see `analysis.rounds.pooling.pool_rounds`.
    """
    last = sources[-1]
    if len(sources) == 1:
        return last
    return ResultSource(
        title=join_words([name_source(n) for one in sources for n in one.names], most=_MOST_NAMED),
        frame=pool_rounds([one.as_round(n) for n, one in enumerate(sources, 1)]),
        names=tuple(name for one in sources for name in one.names),
        run=last.run,
        fixed=last.fixed,
        folds=last.folds,
    )


def _read_search(layout: RunLayout) -> ResultSource:
    search = read_search(layout)
    done = [trial for trial in search.trials if trial.fit is not None and trial.score is not None]
    if not done:
        raise InputError(f"{layout.path / layout.section}: no trial of the search finished")
    sign = search.run.metric.sign
    best = max(done, key=lambda trial: sign * (trial.score or 0.0))
    assert best.fit is not None
    configuration = best.fit.record.configuration
    info = search.run.info
    return ResultSource(
        title=f'{info.study.title}: the search "{layout.search_name}" of {info.run}',
        frame=frame_search(search),
        names=(cite_run(search.run, layout.search_name),),
        run=search.run,
        search=search,
        fixed=None if configuration is None else configuration.settings,
        folds=search.info.folds,
    )
