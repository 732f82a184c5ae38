"""The exports that ``analyze`` writes in place of a report."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.exports.exported import Exported, export_frame, export_run, export_search
from analysis.exports.frame_table import write_frame_table
from analysis.exports.journal import write_journal
from analysis.exports.run_tables import TABLE_NAMES, write_run_tables
from analysis.exports.stored_fits import StoredFits
from analysis.exports.table_files import TableForm, refuse_missing_form
from analysis.frames.spaces import declare_spaces
from analysis.numbers import count_noun
from analysis.readers.options import ReadOptions
from analysis.readers.sources import read_reports, read_trials
from analysis.runs.run import count_records, find_runs, holds_trials, read_run
from analysis.runs.run_frame import frame_run
from analysis.runs.score_file import holds_scores
from analysis.searches.reading import find_search, read_search
from scripts.analyzing.inputs import choose_reading, group_files
from scripts.analyzing.progress import show_progress
from scripts.text import say
from trial_sets.errors import InputError
from trial_sets.placement import replacing
from trial_sets.records.layout import RunLayout
from trial_sets.wording import well_form

_OF_REPORTS = {
    "filter_text": "--filter",
    "n_top": "--top",
    "rope": "--rope",
    "params": "--param",
    "output": "--output",
    "html": "--html",
    "json_file": "--json",
    "section": "--section",
    "propose": "--propose",
    "rounds": "--rounds",
}


_WRITERS = {"propose": "writes a study", "rounds": "writes a page"}
_OF_DATABASES = (".db", ".sqlite", ".sqlite3")


@dataclass(frozen=True, slots=True)
class Exporting:
    """What is to be exported, and where to.

    Attributes
    ----------
    layout
        Of a run, or of a search in one; None for files.
    files
        Of other tools' results.
    journal
        The Optuna storage, or None.
    tables
        The folder of each form of tables.
    """

    layout: RunLayout | None
    files: tuple[str, ...]
    reading: ReadOptions
    journal: Path | None
    tables: Mapping[TableForm, Path]

    @classmethod
    def of_options(cls, inputs: tuple[str, ...], options: Mapping[str, Any]) -> "Exporting | None":
        """Return what the options ask for; None where they ask for a report.

        Raises
        ------
        InputError
            If an option of reports stands beside, there is not one thing to be exported, or
            something is there already.
        """
        tables: dict[TableForm, Path] = {}
        for form in ("csv", "parquet"):
            if options[f"to_{form}"] is not None:
                tables[form] = options[f"to_{form}"]
        journal = options["to_optuna"]
        if journal is None and not tables:
            return None
        for name, flag in _OF_REPORTS.items():
            if options[name] not in (None, ()):
                other = _WRITERS.get(name, "goes with a report")
                raise InputError(f"{flag} {other}, and an export stands alone: leave one out")
        layout, files = _choose_input(inputs, options["study"])
        asked = cls(
            layout=layout,
            files=files,
            reading=choose_reading(options),
            journal=journal,
            tables=tables,
        )
        if journal is not None and journal.suffix.lower() in _OF_DATABASES:
            raise InputError(
                f"--to-optuna {journal}: what is written is a journal, which no SQLite reads; name "
                f"it {journal.with_suffix('.journal')}"
            )
        for path in asked.list_places():
            if os.path.lexists(path):
                raise InputError(f"{path} is there already: name another place, or remove it first")
        for form in tables:
            refuse_missing_form(form)
        return asked

    def list_places(self) -> list[Path]:
        """Return the files that will be written."""
        names = TABLE_NAMES if self.layout is not None else TABLE_NAMES[:1]
        return [
            *([] if self.journal is None else [self.journal]),
            *(f / f"{name}.{form}" for form, f in self.tables.items() for name in names),
        ]


def write_exports(asked: Exporting) -> bool:
    """Write what was asked for and say what it holds.

    Returns
    -------
    bool
        Whether all that lies there could be read.

    Raises
    ------
    InputError
        If nothing can be read, or something cannot be written.
    """
    notes: list[str] = []
    try:
        if asked.journal is not None or asked.layout is None:
            _export_whole(asked, notes)
        if asked.layout is not None:
            for form, folder in asked.tables.items():
                _write_tables(asked.layout, folder, form, notes)
    except OSError as error:
        where = error.filename or asked.list_places()[0]
        raise InputError(f"{where} cannot be written: {error.strerror or error}") from None
    for sentence in dict.fromkeys(notes):
        say(sentence, is_error=True)
    return not any(sentence.startswith("Left out: ") for sentence in notes)


def _choose_input(
    inputs: tuple[str, ...], study: str | None
) -> tuple[RunLayout | None, tuple[str, ...]]:
    """Return the run or the search that was named, or else the files of one table."""
    folders = [Path(name) for name in inputs if os.path.isdir(name)]  # noqa: PTH112 - no name is too long for it
    files = tuple(name for name in inputs if not os.path.isdir(name))  # noqa: PTH112
    if (folders and files) or len(folders) > 1:
        raise InputError("an export is of one run, one search, or files of results: name one")
    if not folders:
        scores = [name for name in files if holds_scores(Path(name))]
        if scores:
            raise InputError(f"{scores[0]} is a tidy table of predictions already")
        groups = group_files(files, study)
        if len(groups) > 1:
            raise InputError(f"an export takes one study, but there are {len(groups)}; name one")
        return None, groups[0]
    return _find_layout(folders[0]), ()


def _find_layout(folder: Path) -> RunLayout:
    """Return the one run below a folder or, where it holds no trials of its own, its search."""
    if (search := find_search(folder)) is not None:
        return search
    unreadable: list[str] = []
    runs = find_runs(folder, unreadable.append)
    if not runs:
        raise InputError(
            unreadable[0] if unreadable else f"{folder} holds no run (no run.json below it)"
        )
    if len(runs) > 1:
        raise InputError(f"an export is of one run, but there are {len(runs)}; name one")
    layout = RunLayout(runs[0])
    searches = layout.list_searches()
    if not searches or holds_trials(layout):
        return layout
    if len(searches) > 1:
        names = ", ".join(str(one.path / one.section) for one in searches)
        raise InputError(f"{runs[0]} holds {len(searches)} searches; name one of {names}")
    return searches[0]


def _export_whole(asked: Exporting, notes: list[str]) -> None:
    """Write what goes by the frame: the storage, and the table of other tools' results."""
    what = _read_whole(asked)
    notes += what.frame.notes
    if asked.journal is not None:
        lines, said = write_journal(what, datetime.now(UTC))
        notes += said
        asked.journal.parent.mkdir(parents=True, exist_ok=True)
        with replacing(asked.journal) as file:
            file.writelines(lines)
        say(f"Optuna storage: {asked.journal}, study {what.name}")
    if asked.layout is None:
        for form, folder in asked.tables.items():
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{TABLE_NAMES[0]}.{form}"
            n_rows = write_frame_table(what.frame, path, form)
            say(f"{path}: {count_noun(n_rows, 'row')}")


def _read_whole(asked: Exporting) -> Exported:
    layout, reading = asked.layout, asked.reading
    if layout is None:
        more = f"-and-{len(asked.files) - 1}-more" if len(asked.files) > 1 else ""
        title = f"{well_form(Path(asked.files[0]).stem)}{more}"
        frame = read_trials(asked.files, reading)
        is_one_study = asked.journal is not None and len(asked.files) == len(frame.studies) == 1
        reports = read_reports(asked.files[0], reading) if is_one_study else {}
        return export_frame(frame, title, reports)
    with show_progress(str(layout.path), count_records(layout.path)) as advance:
        if layout.search_name is not None:
            return export_search(read_search(layout, advance))
        run = read_run(layout.path, advance, with_predictions=False)
    frame = frame_run(run, reading.metric_column, reading.direction)
    spaces = declare_spaces(run.info.study.parameters)
    return export_run(run, replace(frame, spaces=spaces))


def _write_tables(layout: RunLayout, folder: Path, form: TableForm, notes: list[str]) -> None:
    fits = StoredFits.of_layout(layout)
    with show_progress(str(folder), len(layout.list_fits())) as advance:
        folder.mkdir(parents=True, exist_ok=True)
        counts = write_run_tables(fits, folder, form, advance)
    notes += fits.notes
    for name, n_rows in counts.items():
        say(f"{folder / f'{name}.{form}'}: {count_noun(n_rows, 'row')}")
