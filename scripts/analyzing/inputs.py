"""Which of the files that were named go into one report."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.readers.options import ReadOptions
from analysis.readers.sources import list_stored_studies, parse_source
from trial_sets.errors import InputError

ALL = "all"


def choose_reading(options: Mapping[str, Any]) -> ReadOptions:
    """Return how files of results are to be read, as the command's options say."""
    columns = tuple(c.strip() for c in (options["param_columns"] or "").split(",") if c.strip())
    return ReadOptions(
        metric_column=options["metric"],
        param_columns=columns,
        direction=options["direction"],
        preferred_study=options["study"],
    )


def group_files(files: Sequence[str], study: str | None) -> tuple[tuple[str, ...], ...]:
    """Return the files of each report: all together, but for studies that were all asked for.

    Parameters
    ----------
    study
        The study to read; `all` for a report on each study of every file, as `#all` behind a file
        asks of that one. A study of this name is just itself.

    Raises
    ------
    InputError
        If a file whose studies were asked for cannot be read, or holds none.
    """
    groups: list[tuple[str, ...]] = []
    rest: list[str] = []
    for file in files:
        source = parse_source(file)
        is_asked = source.study == ALL
        if not is_asked and (study != ALL or source.study is not None):
            rest.append(file)
            continue
        studies = list_stored_studies(file)
        if is_asked and not studies:
            raise InputError(f"{source.path} holds no Optuna study")
        if ALL in studies or not studies:
            rest.append(file)
        else:
            groups += [(f"{source.path}#{name}",) for name in studies]
    return (*groups, tuple(rest)) if rest else tuple(groups)


def explain_none(folder: Path) -> str:
    """Say that a folder holds no run; of a study's, where its runs are."""
    if (folder / "study.json").is_file():
        runs = Path("outputs") / folder.resolve().name
        return f"{folder} is a study and holds no run; its runs are below {runs}"
    return f"{folder} holds no run (no run.json below it); run_supplementary makes one"
