"""What ``analyze --rounds`` does: read the rounds in their order, review them, write the page."""

import json
import os
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console

from analysis.numbers import count_noun
from analysis.readers.options import ReadOptions
from analysis.report.formats.html import render_html
from analysis.report.formats.json_values import SCHEMA_VERSION
from analysis.report.rounds import RoundsPage, report_rounds
from analysis.rounds.review import FEWEST_ROUNDS, RoundsReview, review_rounds
from scripts.analyzing.inputs import choose_reading
from scripts.analyzing.progress import show_progress
from scripts.analyzing.reporting import write_text
from scripts.analyzing.sources import ResultSource, read_files, read_folder
from scripts.running.final_commands import join_command, name_next_study
from scripts.text import mark, say
from trial_sets.errors import InputError
from trial_sets.wording import join_words

_OF_ONE_REPORT = {
    "filter_text": "--filter",
    "n_top": "--top",
    "rope": "--rope",
    "params": "--param",
    "output": "--output",
    "section": "--section",
}
_OF_FILES = {
    "metric": "--metric",
    "direction": "--direction",
    "param_columns": "--param-columns",
    "study": "--study",
}


def write_rounds(inputs: Sequence[str], options: Mapping[str, Any]) -> None:
    """Set rounds side by side, and write and print what they came to.

    Parameters
    ----------
    inputs
        A round each, the first first: folders of runs and searches of ours, and files. Files that
        are named one after another are one round; where nothing but files is named, each is one.
    options
        Of the command.

    Raises
    ------
    InputError
        If there are fewer than two, one cannot be read, they are not in their order, or an option
        of one report stands beside.
    """
    path: Path = options["rounds"]
    if options["propose"] is not None:
        raise InputError("--propose writes a study, and --rounds a page: leave one out")
    _refuse(options, _OF_ONE_REPORT, "with a report, not with --rounds")
    groups = group_rounds(inputs)
    if all(map(os.path.isdir, inputs)):
        _refuse(options, _OF_FILES, "with other tools' files, and none was named")
    if len(groups) < FEWEST_ROUNDS:
        raise InputError(
            f"--rounds needs {FEWEST_ROUNDS} rounds at least, the first first; "
            f"{count_noun(len(groups), 'round')} named: {join_words(list(inputs), most=3)}"
        )
    sources = [_read(group, choose_reading(options)) for group in groups]
    review = review_rounds([one.as_round(n) for n, one in enumerate(sources, 1)])
    folder = path.parent if options["figures"] else None
    with show_progress(str(path), 1) as advance:
        page = report_rounds(review, list_next(review, inputs), folder, advance)
    write_text(path, page.text)
    if options["html"] is not None:
        write_text(options["html"], render_html(page.title, page.text, path.parent))
    if options["json_file"] is not None:
        _write_values(page, options["json_file"])
    if options["json_file"] != "-":
        _print(page, path, options["html"])


def _refuse(options: Mapping[str, Any], flags: Mapping[str, str], reason: str) -> None:
    if named := [flag for name, flag in flags.items() if options[name] not in (None, ())]:
        verb = "goes" if len(named) == 1 else "go"
        raise InputError(f"{join_words(named)} {verb} {reason}")


def group_rounds(inputs: Sequence[str]) -> list[tuple[str, ...]]:
    """Return what makes each round: a folder, or files that are named one after another."""
    kinds = [(os.path.isdir(name), name) for name in inputs]  # noqa: PTH112 - no name is too long
    if not any(is_folder for is_folder, _ in kinds):
        return [(name,) for name in inputs]
    groups: list[tuple[str, ...]] = []
    for is_folder, names in groupby(kinds, key=lambda kind: kind[0]):
        words = tuple(name for _, name in names)
        groups += [(name,) for name in words] if is_folder else [words]
    return groups


def list_next(review: RoundsReview, inputs: Sequence[str]) -> list[tuple[str, str]]:
    """Return the command that proposes the next round: from the last ones that can be pooled."""
    alike = [not (ground.obstacles or ground.changes) for ground in review.grounds]
    first = max((n for n, is_alike in enumerate(alike, 1) if not is_alike), default=0)
    said = "Propose the next round" if first else "Propose the next round from all that ran"
    words = [word for group in group_rounds(inputs)[first:] for word in group]
    study = review.last.study
    name = f"round-{len(review.rounds) + 1}" if study is None else name_next_study(study.name)
    return [(said, join_command(["analyze", *words, "--propose", name]))]


def _read(group: tuple[str, ...], reading: ReadOptions) -> ResultSource:
    if len(group) == 1 and os.path.isdir(group[0]):  # noqa: PTH112
        return read_folder(Path(group[0]), "--rounds")
    return read_files(group, reading)


def _write_values(page: RoundsPage, target: str) -> None:
    reports = [{"title": page.title, **page.data}]
    text = json.dumps({"schema_version": SCHEMA_VERSION, "reports": reports}, indent=1,
                      allow_nan=False)  # fmt: skip
    if target == "-":
        say(text)
    else:
        write_text(Path(target), text + "\n")


def _print(page: RoundsPage, path: Path, html: Path | None) -> None:
    console = Console()
    console.print(f"[bold]{mark(page.title)}[/]")
    for line in page.headline:
        console.print(mark(line.replace("**", "")))
    for place in (path, html):
        if place is not None:
            console.print(f"Rounds: {mark(place)}", soft_wrap=True)
