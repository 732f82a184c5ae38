"""What ``analyze`` does once its options are read: find the inputs, report, write, print."""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.readers.options import ReadOptions
from analysis.readers.sources import read_trials
from analysis.report.document import SECTION_TITLES, Report
from analysis.report.formats.html import render_html
from analysis.report.formats.json_values import SCHEMA_VERSION
from analysis.report.options import ReportOptions
from analysis.report.run import report_run
from analysis.report.scores import report_scores
from analysis.report.trials import report_trials
from analysis.runs.run import count_records, find_runs, holds_trials, read_run
from analysis.runs.score_file import holds_scores
from analysis.searches.reading import find_search
from scripts.analyzing.errand import Errand, Make
from scripts.analyzing.inputs import ALL, choose_reading, explain_none, group_files
from scripts.analyzing.progress import show_progress
from scripts.analyzing.range_tests import describe_range_tests
from scripts.analyzing.search_errand import plan_search_report
from scripts.analyzing.tables import print_report
from scripts.text import say, say_error
from trial_sets.errors import InputError
from trial_sets.placement import replace_file, write_named
from trial_sets.records.layout import Outputs, RunLayout
from trial_sets.wording import well_form

_LONGEST_STEM = 200  # bytes: file systems end at 255


@dataclass(frozen=True, slots=True)
class Reporting:
    """Everything that was asked for."""

    folders: tuple[Path, ...]
    files: tuple[str, ...]
    reading: ReadOptions
    report: ReportOptions
    output: Path | None
    html: Path | None
    json_file: str | None
    section: str | None
    figures: bool

    @classmethod
    def of_options(cls, inputs: tuple[str, ...], options: Mapping[str, Any]) -> "Reporting":
        """Return what the options ask for.

        Raises
        ------
        InputError
            If they contradict each other.
        """
        params = tuple(dict.fromkeys(options["params"]))
        section = options["section"]
        if section is not None and section not in SECTION_TITLES:
            known = ", ".join(SECTION_TITLES)
            raise InputError(f"--section {section}: there is none; valid: {known}")
        if section is not None and (options["output"] or options["html"]):
            flag = "--output" if options["output"] else "--html"
            raise InputError(f"--section {section}: writes no report: leave out {flag}")
        if len(params) > 2:
            raise InputError(f"--param was given {len(params)} times; two make a pair")
        files = tuple(name for name in inputs if not os.path.isdir(name))  # noqa: PTH112
        if options["direction"] and not options["metric"] and not files:
            raise InputError(
                f"--direction {options['direction']}: of a run it goes with --metric, which names "
                "another metric than the study's"
            )
        return cls(
            folders=tuple(Path(name) for name in inputs if os.path.isdir(name)),  # noqa: PTH112 - no name is too long for it
            files=files,
            reading=choose_reading(options),
            report=ReportOptions(
                n_top=options["n_top"],
                rope=options["rope"],
                params=params,
                filter_text=options["filter_text"],
                study=options["study"],
                metric=options["metric"],
                direction=options["direction"],
            ),
            output=options["output"],
            html=options["html"],
            json_file=options["json_file"],
            section=section,
            figures=options["figures"],
        )


def write_reports(asked: Reporting) -> bool:
    """Make every report that was asked for, write and print it.

    Returns
    -------
    bool
        Whether all of them could be made.

    Raises
    ------
    InputError
        If none could be made, or something cannot be written.
    """
    unreadable: list[str] = []
    notes: list[str] = []
    tasks = [*_plan_runs(asked, unreadable, notes), *_plan_files(asked)]
    if not tasks and unreadable:
        raise InputError(unreadable[0])
    for sentence in notes:
        say(sentence, is_error=True)
    if not tasks:
        raise InputError("there is no fit to report on; run_search and run_supplementary make some")
    for sentence in unreadable:
        say_error(sentence)
    if len(tasks) > 1 and (asked.output or asked.html):
        option = "--output" if asked.output else "--html"
        raise InputError(f"{option} takes one report, but there are {len(tasks)}; name one run")
    made: list[Report] = []
    for task in tasks:
        try:
            report = _make(task, asked)
        except InputError as error:
            if len(tasks) == 1:
                raise
            say_error(error)
            continue
        made.append(report)
        if len(tasks) == 1 or asked.section in {None, *report.names}:
            _deliver(report, task, asked)
    if not made:
        raise InputError(f"none of the {len(tasks)} runs could be read")
    if asked.section is not None and not any(asked.section in report.names for report in made):
        raise InputError(f"--section {asked.section}: none of the {len(made)} reports has it")
    _write_json(made, asked.json_file)
    return len(made) == len(tasks) and not unreadable


def _plan_runs(asked: Reporting, unreadable: list[str], notes: list[str]) -> Iterator[Errand]:
    """Yield the runs' and searches' reports.

    ``unreadable`` receives what was passed over, ``notes`` what is known of runs without a fit.
    """
    for folder in asked.folders:
        if (search := find_search(folder)) is not None:
            yield plan_search_report(search, asked.report, asked.output)
            continue
        runs = find_runs(folder, unreadable.append)
        if not runs and not unreadable:
            raise InputError(explain_none(folder))
        for run in runs:
            tests = list(describe_range_tests(RunLayout(run)))
            notes += tests
            if not tests:
                yield from _plan_run(run, asked)


def _plan_run(run: Path, asked: Reporting) -> Iterator[Errand]:
    """Yield the report of a run, and those of its searches unless one alone is asked for.

    A run that holds nothing but searches and baselines has no report of its own.
    """
    layout = RunLayout(run)
    searches = layout.list_searches()
    has_own = not searches or holds_trials(layout)
    if has_own:
        yield Errand(
            source=str(run),
            path=asked.output or layout.report,
            n_steps=count_records(run),
            make=_make_run(run, asked),
        )
    if not (has_own and (asked.output or asked.html)):
        yield from (plan_search_report(one, asked.report, asked.output) for one in searches)


def _make_run(run: Path, asked: Reporting) -> Make:
    def make(with_figures: bool, advance: Callable[[], None]) -> Report:
        folder = (asked.output or RunLayout(run).report).parent if with_figures else None
        return report_run(read_run(run, advance), asked.report, folder, advance)

    return make


def _plan_files(asked: Reporting) -> Iterator[Errand]:
    """Yield a report for each table of predictions, and then those on all other results."""
    scores = tuple(name for name in asked.files if holds_scores(Path(name)))
    asked = replace(asked, files=tuple(name for name in asked.files if name not in scores))
    groups: list[tuple[str, ...]] = [(name,) for name in scores]
    groups += group_files(asked.files, asked.report.study) if asked.files else []
    for files, name in zip(groups, _name_reports(groups), strict=True):
        path = asked.output or Outputs().report(name)
        if asked.output is None:
            _refuse_links(path.parent.parent, path.parent)
        title = ", ".join(well_form(Path(file).name) for file in files)
        if files[0] in scores:
            make = _make_scores(Path(files[0]), asked)
        else:
            make = _make_trials(files, title, path, asked)
        yield Errand(source=title, path=path, n_steps=0, make=make)


def _make_trials(files: tuple[str, ...], title: str, path: Path, asked: Reporting) -> Make:
    reading, report = asked.reading, asked.report
    if files != asked.files and report.study == ALL:  # each study is named in the files
        reading, report = replace(reading, preferred_study=None), replace(report, study=None)

    def make(with_figures: bool, advance: Callable[[], None]) -> Report:
        frame = read_trials(files, reading)
        return report_trials(frame, title, report, path.parent if with_figures else None, advance)

    return make


def _make_scores(file: Path, asked: Reporting) -> Make:
    def make(with_figures: bool, advance: Callable[[], None]) -> Report:
        return report_scores(file, asked.report)

    return make


def _name_reports(groups: Sequence[tuple[str, ...]]) -> list[str]:
    """Return what the reports are called, no two alike."""
    names: list[str] = []
    for files in groups:
        file, _, study = files[0].partition("#")
        is_one_of_several = study and len(groups) > 1
        stem = _name_report(f"{Path(file).stem}-{study}" if is_one_of_several else Path(file).stem)
        more = f"-and-{len(files) - 1}-more" if len(files) > 1 else ""
        name = f"{stem or 'results'}{more}"
        n_alike = sum(other == name or other.startswith(f"{name}~") for other in names)
        names.append(f"{name}~{n_alike + 1}" if n_alike else name)
    return names


def _name_report(stem: str) -> str:
    """Return a stem as a file system takes it, short enough for something behind it."""
    name = re.sub(r"[^\w.-]+", "-", well_form(stem))
    return name.encode()[:_LONGEST_STEM].decode(errors="ignore")


def _refuse_links(*folders: Path) -> None:
    """Refuse folders of our own choice that lead elsewhere."""
    for folder in folders:
        if os.path.islink(folder):  # noqa: PTH114 - no name is too long for it
            raise InputError(f"{folder}: a symbolic link, which is not followed")


def _make(errand: Errand, asked: Reporting) -> Report:
    """Make a report, with progress on the screen where there is one."""
    with_figures = asked.figures and asked.section is None
    try:
        with show_progress(errand.source, errand.n_steps) as advance:
            return errand.make(with_figures, advance)
    except OSError as error:
        raise InputError(f"{error.filename or errand.path}: {error.strerror}") from None


def _deliver(report: Report, errand: Errand, asked: Reporting) -> None:
    """Print a section, or write the report and print what a person asks first."""
    if asked.section is not None:
        say(report.render_section(asked.section).removesuffix("\n"))
        return
    write_text(errand.path, report.render(), is_named=asked.output is not None)
    if asked.html is not None:
        write_text(asked.html, render_html(report.title, report.render(), errand.path.parent))
    if asked.json_file != "-":
        print_report(report, errand.path, asked.html)


def _write_json(reports: list[Report], target: str | None) -> None:
    if target is None:
        return
    content = {
        "schema_version": SCHEMA_VERSION,
        "reports": [{"title": report.title, **report.data} for report in reports],
    }
    text = json.dumps(content, indent=1, allow_nan=False)
    if target == "-":
        say(text)
    else:
        write_text(Path(target), text + "\n")


def write_text(path: Path, text: str, *, is_named: bool = True) -> None:
    """Write a text file whole or not at all.

    Parameters
    ----------
    is_named
        Whether a person named the place, which may then be a device or a pipe, or lie behind a
        link.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    content = text.encode(errors="backslashreplace")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if is_named:
            write_named(path, content)
        else:
            replace_file(path, content)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from None
