"""What ``analyze --propose`` does: read the results, plan the next round, write its study."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from analysis.findings.evidence import gather_evidence
from analysis.frames.filters import filter_frame
from analysis.proposal.round_plan import RoundPlan, plan_round
from analysis.proposal.study_files import draft_round
from analysis.report.proposal import render_proposal
from analysis.rounds.origins import describe_origin
from analysis.runs.commands import write_study_command
from analysis.runs.run import Run
from scripts.analyzing.reporting import Reporting
from scripts.analyzing.sources import ResultSource, pool_sources, read_files, read_folder
from scripts.running.final_commands import join_command
from scripts.text import say
from trial_sets.errors import InputError
from trial_sets.records.layout import RunLayout
from trial_sets.study import Study
from trial_sets.tuning.page import Outline, write_page
from trial_sets.wording import join_words
from trial_sets.writing.study_draft import (
    StudyDraft,
    assemble_draft,
    check_new_folder,
    write_draft,
)

_TRAINER = ("--trainer", "FILE.py:FUNCTION")  # or --command: the person's own, to be filled in
_MOST_INPUTS = 8  # that a printed command names
PAGE, SPACE_PAGE = "proposal.md", "search-space.md"


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
    inputs = [*asked.files, *map(str, asked.folders)]
    commands = list_commands(source.run, folder, study, inputs)
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


def plan_draft(source: ResultSource, asked: Reporting, name: str) -> tuple[RoundPlan, StudyDraft]:
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
    plan, draft = draft_round(plan, name, source.title)
    origin = describe_origin(plan, source.names).model_dump(
        mode="json", by_alias=True, exclude_none=True
    )
    return plan, replace(draft, content={**draft.content, "origin": origin})


def list_commands(
    run: Run | None, folder: Path, study: Study, inputs: Sequence[str] = ()
) -> list[tuple[str, str]]:
    """Return the next steps with their commands: look, approve, run, judge, set side by side.

    Parameters
    ----------
    inputs
        What the round was proposed from, as the person named it.
    """
    seeds = str(len(study.seeds))
    trainer = _TRAINER if run is None and study.needs_own_trainer else ()

    def write(*words: str) -> str:
        return write_study_command(run, folder, words)

    judged = f"{_name_outputs(run)}/{study.name}"
    beside = [*inputs, judged, "--rounds", f"{study.name}-rounds.md"]
    is_short = 0 < len(inputs) <= _MOST_INPUTS
    return [
        ("Look at it, and at what an edit broke", write("--list")),
        ("See what would run", write("--set", "all", "--seeds", seeds, "--dry-run")),
        (
            "Approve: enter the claims in the ledger, before anything runs",
            write("--fix-claims", *trainer),
        ),
        ("Run", write("--set", "all", "--seeds", seeds, *trainer)),
        ("Judge", f"analyze {judged}"),
        *(
            [("Set what came beside what was predicted", join_command(["analyze", *beside]))]
            if is_short
            else []
        ),
    ]


def read_source(asked: Reporting) -> ResultSource:
    """Return what was named as one source: files together, or rounds of ours pooled.

    Raises
    ------
    InputError
        If files and folders were named, one holds nothing, or rounds cannot be pooled.
    """
    if asked.files and asked.folders:
        folders = join_command(list(map(str, asked.folders)))
        raise InputError(
            "--propose takes files or folders of ours, and both were named; name the folders "
            f"alone, which have the new results: {folders}"
        )
    if asked.files:
        return read_files(asked.files, asked.reading)
    return pool_sources([read_folder(folder, "--propose") for folder in asked.folders])


def _name_outputs(run: Run | None) -> str:
    return "outputs" if run is None else str(RunLayout(run.folder).outputs.path)


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
