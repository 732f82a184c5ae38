"""Reading results: from paths and URLs to one tidy frame."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import pandas as pd

from analysis.frames.frame import TrialFrame
from analysis.frames.pooling import pool_frames
from analysis.readers.content import (
    check_file,
    is_sqlite,
    parse_json_lines,
    parse_results,
    read_results_text,
)
from analysis.readers.csv_table import read_csv
from analysis.readers.flat import FlatTable
from analysis.readers.options import ReadOptions
from analysis.readers.optuna.journal import (
    is_journal,
    list_journal_studies,
    read_journal,
    read_journal_reports,
)
from analysis.readers.optuna.sqlite import (
    list_sqlite_studies,
    read_sqlite,
    read_sqlite_reports,
)
from analysis.readers.records import read_document
from analysis.readers.tidy import tidy_table
from trial_sets.errors import InputError
from trial_sets.wording import well_form

# What values of a form that nobody thought of make of the steps below.
_ODD = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
_URL = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Source:
    """One input: a file, and the study inside it when one was named."""

    path: Path
    study: str | None = None


def parse_source(text: str) -> Source:
    """Parse `results.json`, `sqlite:///study.db` or either with `#study` behind it."""
    bare = text.removeprefix(_URL)
    if not os.path.lexists(bare) and "#" in bare:
        path, _, study = bare.partition("#")
        return Source(Path(path), study)
    return Source(Path(bare))


def read_trials(sources: Sequence[str | Path], options: ReadOptions | None = None) -> TrialFrame:
    """Read results of any known form, told by content, into one tidy frame.

    Parameters
    ----------
    sources
        Paths, `sqlite:///` URLs, or either with `#study` behind it; several are pooled with their
        origin kept.

    Raises
    ------
    InputError
        With one sentence, for anything that a person must change.
    """
    if not sources:
        raise InputError("no results file was named")
    chosen = options or ReadOptions()
    parsed = [parse_source(str(source)) for source in sources]
    counts = Counter((os.path.realpath(source.path), source.study) for source in parsed)
    twice = next((path for (path, _), count in counts.items() if count > 1), None)
    if twice is not None:
        raise InputError(f"{twice} was named twice")
    frames = [_read_source(source, chosen) for source in parsed]
    return pool_frames(_tell_apart(frames, parsed))


def list_stored_studies(source: str) -> tuple[str, ...]:
    """Return the names of the Optuna studies that an input holds; none for other forms.

    Raises
    ------
    InputError
        When the file cannot be read.
    """
    path = parse_source(source).path
    check_file(path)
    if is_sqlite(path):
        return list_sqlite_studies(path)
    text = read_results_text(path)
    if text.lstrip()[0] != "{" or not _has_object_lines(text):
        return ()
    lines = parse_json_lines(text, path, [])
    first = next(lines)
    return list_journal_studies(chain([first], lines), path) if is_journal(first[1]) else ()


def read_reports(source: str, options: ReadOptions) -> dict[int, dict[int, float]]:
    """Return what the trials of an Optuna study reported, by number and step; else nothing.

    Raises
    ------
    InputError
        When the file cannot be read.
    """
    parsed = parse_source(source)
    path, chosen = parsed.path, replace(options, study=parsed.study or options.study)
    check_file(path)
    try:
        if is_sqlite(path):
            return read_sqlite_reports(path, chosen)
        text = read_results_text(path)
        if text.lstrip()[0] != "{" or not _has_object_lines(text):
            return {}
        lines = parse_json_lines(text, path, [])
        first = next(lines)
        if not is_journal(first[1]):
            return {}
        return read_journal_reports(chain([first], lines), path, chosen)
    except _ODD as error:
        what = " ".join(str(error).split())[:120]
        raise InputError(f"{path} holds what no trial can report ({what})") from error


def _read_source(source: Source, options: ReadOptions) -> TrialFrame:
    if source.study is not None:
        options = replace(options, study=source.study)
    check_file(source.path)
    try:
        return _read_checked(source, options)
    except _ODD as error:
        what = " ".join(str(error).split())[:120]
        raise InputError(f"{source.path} holds what no trial can hold ({what})") from error


def _read_checked(source: Source, options: ReadOptions) -> TrialFrame:
    if is_sqlite(source.path):
        flat = read_sqlite(source.path, options)
        options = _name_objective(flat, options)
    else:
        flat, options = _read_text_form(source.path, options)
    if flat.columns.empty:
        raise InputError(f"{source.path} holds no trials")
    return tidy_table(flat, options, source.path)


def _read_text_form(path: Path, options: ReadOptions) -> tuple[FlatTable, ReadOptions]:
    """Tell JSON, JSON lines, a journal and CSV apart by their first characters."""
    text = read_results_text(path)
    start = text.lstrip()[0]
    if start not in "[{":
        return read_csv(text, path), options
    if start == "{" and _has_object_lines(text):
        return _read_lines(text, path, options)
    return read_document(parse_results(text, str(path)), path), options


def _read_lines(text: str, path: Path, options: ReadOptions) -> tuple[FlatTable, ReadOptions]:
    """Read a journal, whose first line is an operation, or else one trial a line."""
    notes: list[str] = []
    lines = parse_json_lines(text, path, notes)
    first = next(lines)
    if is_journal(first[1]):
        flat = read_journal(chain([first], lines), path, options)
        options = _name_objective(flat, options)
    else:
        flat = read_document([record for _, record in chain([first], lines)], path)
    return replace(flat, notes=(*flat.notes, *notes)), options


def _name_objective(flat: FlatTable, options: ReadOptions) -> ReadOptions:
    """Take the study's objective for the metric unless another attribute was named."""
    named = options.metric_column
    is_objective = named in (None, flat.metric_name) or str(named).startswith("values_")
    return replace(options, metric_column="value") if is_objective else options


def _has_object_lines(text: str) -> bool:
    """Say whether the first line is an object by itself, with or without others below."""
    first, _, rest = text.lstrip().partition("\n")
    try:
        record = parse_results(first, "the first line")
    except InputError:
        return False
    return isinstance(record, dict) and (bool(rest.strip()) or is_journal(record))


def _tell_apart(frames: list[TrialFrame], sources: list[Source]) -> list[TrialFrame]:
    """Name files of the same name, or studies of one file, by what tells them apart."""
    names = [str(frame.rows["file"].iloc[0]) for frame in frames]
    told = []
    for frame, source, name in zip(frames, sources, names, strict=True):
        path = well_form(str(source.path))
        longer = f"{path}#{source.study}" if source.study else path
        rows = frame.rows.assign(file=pd.Series(longer, index=frame.rows.index, dtype="str"))
        told.append(replace(frame, rows=rows) if names.count(name) > 1 else frame)
    return told
