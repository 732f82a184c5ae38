"""Which of the files that were named go into one report."""

from collections.abc import Sequence

from analysis.readers.sources import list_stored_studies, parse_source
from trial_sets.errors import InputError

ALL = "all"


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
