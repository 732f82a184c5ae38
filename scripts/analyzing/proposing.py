"""What ``analyze --propose`` does: read the results, plan the next round, write its study."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.findings.evidence import gather_evidence
from analysis.frames.filters import filter_frame
from analysis.frames.frame import TrialFrame
from analysis.proposal.round_plan import RoundPlan, plan_round
from analysis.proposal.study_files import draft_round
from analysis.readers.sources import read_trials
from analysis.report.proposal import render_proposal
from analysis.report.run import prepare_frame
from analysis.runs.commands import write_study_command
from analysis.runs.run import Run, find_runs, holds_trials, read_run
from analysis.searches.reading import find_search, read_search
from analysis.searches.search_frame import frame_search
from scripts.analyzing.reporting import Reporting
from scripts.text import say
from trial_sets.configuration import OptionValue
from trial_sets.errors import InputError
from trial_sets.records.layout import RunLayout
from trial_sets.study import Study
from trial_sets.tuning.page import Outline, write_page
from trial_sets.wording import join_words, well_form
from trial_sets.writing.study_draft import (
    StudyDraft,
    assemble_draft,
    check_new_folder,
    write_draft,
)

_MOST_NAMED = 5
PAGE, SPACE_PAGE = "proposal.md", "search-space.md"


@dataclass(frozen=True, slots=True, eq=False)
class ProposalSource:
    """Results to go on from.

    Attributes
    ----------
    title
        What they are called.
    run
        Of our own; None for other tools' results.
    fixed
        Settings that no column of the frame holds.
    folds
        On which the next round is to run, where the run does not say it: a search has none.
    """

    title: str
    frame: TrialFrame
    run: Run | None = None
    fixed: Mapping[str, OptionValue | None] | None = None
    folds: int | None = None

    @property
    def study(self) -> Study | None:
        """The study that they are of."""
        if self.run is None or self.folds is None:
            return None if self.run is None else self.run.info.study
        return self.run.info.study.model_copy(update={"folds": self.folds})


def propose_study(asked: Reporting, folder: Path) -> None:
    """Write the next round of some results as a study, and say what to do with it.

    Raises
    ------
    InputError
        If there is no one source of results, nothing to go from, or the folder is there.
    """
    name = check_new_folder(folder)
    if named := [option for option, value in _list_reports(asked) if value]:
        raise InputError(f"--propose writes no report: leave out {join_words(named)}")
    source = read_source(asked)
    plan, draft = plan_draft(source, asked, name)
    study, remarks = assemble_draft(name, draft)
    commands = list_commands(source.run, folder, study)
    pages = {
        PAGE: render_proposal(
            plan, study, source.title, run=source.run, commands=commands, remarks=remarks
        )
    }
    if draft.space is not None:
        pages[SPACE_PAGE] = write_page(_outline(plan, draft, study))
    for path in write_draft(folder, replace(draft, pages=pages)):
        say(str(path))
    say(plan.signal.sentence)
    for what, command in commands:
        say(f"{what}: {command}")


def _list_reports(asked: Reporting) -> list[tuple[str, object]]:
    return [
        ("--output", asked.output),
        ("--html", asked.html),
        ("--json", asked.json_file),
        ("--section", asked.section),
        ("--param", asked.report.params),
    ]


def read_source(asked: Reporting) -> ProposalSource:
    """Return the one source of results that was named: files together, a run, or a search.

    Raises
    ------
    InputError
        If several were named, or none holds anything.
    """
    if asked.files and asked.folders:
        raise InputError("--propose takes files or one folder, and both were named")
    if asked.files:
        title = join_words([well_form(Path(f).name) for f in asked.files], most=_MOST_NAMED)
        return ProposalSource(title, read_trials(asked.files, asked.reading))
    (folder, *others) = asked.folders
    if others:
        raise InputError(f"--propose goes on from one folder; {1 + len(others)} were named")
    if (search := find_search(folder)) is not None:
        return _read_search(search)
    return _read_run(folder)


def plan_draft(source: ProposalSource, asked: Reporting, name: str) -> tuple[RoundPlan, StudyDraft]:
    """Return the round and its files, pages aside."""
    frame, rope = source.frame, asked.report.rope
    if asked.report.filter_text:
        frame = filter_frame(frame, asked.report.filter_text)
    if rope is None and source.study is not None:
        rope = source.study.rope
    evidence = gather_evidence(frame, n_top=asked.report.n_top, rope=rope)
    try:
        plan = plan_round(evidence, source.study, fixed=source.fixed)
    except InputError as error:
        raise InputError(f"{source.title}: {error}") from None
    return draft_round(plan, name, source.title)


def list_commands(run: Run | None, folder: Path, study: Study) -> list[tuple[str, str]]:
    """Return the next steps with their commands: look, approve, run, judge, search on."""
    seeds = str(len(study.seeds))

    def write(*words: str) -> str:
        return write_study_command(run, folder, words)

    return [
        ("Look at it, and at what an edit broke", write("--list")),
        ("See what would run", write("--set", "all", "--seeds", seeds, "--dry-run")),
        ("Approve: enter the claims in the ledger, before anything runs", write("--fix-claims")),
        ("Run", write("--set", "all", "--seeds", seeds)),
        ("Judge", f"analyze {_name_outputs(run)}/{study.name}"),
    ]


def _name_outputs(run: Run | None) -> str:
    return "outputs" if run is None else str(RunLayout(run.folder).outputs.path)


def _read_run(folder: Path) -> ProposalSource:
    """Return the one run below a folder, or the one search of a run without trials."""
    unreadable: list[str] = []
    runs = find_runs(folder, unreadable.append)
    if len(runs) != 1:
        found = join_words(list(map(str, runs)), most=_MOST_NAMED) or "none"
        raise InputError(f"{folder}: --propose goes on from one run; found {found}")
    layout = RunLayout(runs[0])
    searches = layout.list_searches()
    if searches and not holds_trials(layout):
        if len(searches) > 1:
            names = join_words([str(one.path / one.section) for one in searches], most=_MOST_NAMED)
            raise InputError(f"{runs[0]}: holds several searches; name one: {names}")
        return _read_search(searches[0])
    run = read_run(runs[0])
    title = f"{run.info.study.name}: {run.info.run}"
    return ProposalSource(title, prepare_frame(run, run.info.study.rope), run)


def _read_search(layout: RunLayout) -> ProposalSource:
    search = read_search(layout)
    done = [trial for trial in search.trials if trial.fit is not None and trial.score is not None]
    if not done:
        raise InputError(f"{layout.path / layout.section}: no trial of the search finished")
    sign = search.run.metric.sign
    best = max(done, key=lambda trial: sign * (trial.score or 0.0))
    assert best.fit is not None
    configuration = best.fit.record.configuration
    info = search.run.info
    return ProposalSource(
        f'{info.study.title}: the search "{layout.search_name}" of {info.run}',
        frame_search(search),
        search.run,
        None if configuration is None else configuration.settings,
        search.info.folds,
    )


def _outline(plan: RoundPlan, draft: StudyDraft, study: Study) -> Outline:
    assert draft.space is not None
    terms = plan.base.terms
    said = {**terms.fixed, **terms.write(plan.base.values)}
    point = {name: said[name] for name in draft.space.list_active(said) if name in said}
    default = point if draft.space.find_fault(point) is None else None
    return Outline(
        title=study.title,
        model=study.trainer if not study.parameters else "a trainer of one's own",
        objective=f"{study.metric.direction} val {study.metric.title}",
        space=draft.space,
        fixed={n: v for n, v in said.items() if n not in draft.space.dimensions},
        default=default,
        is_transformer=not study.parameters and study.trainer == "patch_transformer",
    )
