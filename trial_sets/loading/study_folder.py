"""From a study's folder to a study whose every trial is resolved and checked."""

import os
from pathlib import Path

from trial_sets.errors import InputError, suggest
from trial_sets.files import FreeSetFile, FreeStudyFile, SetFile, StudyFile
from trial_sets.loading.assembly import SetSource, assemble_study
from trial_sets.loading.formats.json_file import read_relaxed_json
from trial_sets.strict_json import check, read_json
from trial_sets.study import Study

BUILT_IN = Path(__file__).parents[1]  # holds the studies that come with the project
STUDY_FILE = "study.json"
SPACE_FILES = ("space.json", "space.yaml", "space.yml")  # beside it: what a search varies


def list_studies() -> list[str]:
    """Return the names of the built-in studies."""
    return sorted(path.parent.name for path in BUILT_IN.glob(f"*/{STUDY_FILE}"))


def is_study(name_or_folder: str) -> bool:
    """Say whether `find_study` would take this for a study, or for a folder that should be one."""
    return name_or_folder in list_studies() or os.path.isdir(name_or_folder)  # noqa: PTH112


def find_study(name_or_folder: str) -> Path:
    """Return the folder of a built-in study, or of a person's own.

    Raises
    ------
    InputError
        If it is neither a built-in study's name nor a folder with a study.json.
    """
    if name_or_folder in list_studies():
        return BUILT_IN / name_or_folder
    folder = Path(name_or_folder)
    if os.path.isfile(folder / STUDY_FILE):  # noqa: PTH113 - no name is too long for it
        return folder
    if os.path.isdir(folder):  # noqa: PTH112
        raise InputError(f"{folder}: the folder holds no study.json")
    ending = suggest(name_or_folder, list_studies())
    raise InputError(f"there is no study {name_or_folder!r}, nor a folder of this name{ending}")


def load_study(folder: Path) -> Study:
    """Read, resolve and check a study.

    Parameters
    ----------
    folder
        Holds ``study.json`` and one file a set; the files' names are the sets'.

    Raises
    ------
    InputError
        One sentence: file, set, trial, key, what was found, what was expected.
    """
    content = read_study_file(folder)
    sets = read_sets(folder, content)
    if not sets:
        raise InputError(f"{folder}: the folder holds no set beside study.json, such as A.json")
    return assemble_study(folder.resolve().name, str(folder / STUDY_FILE), content, sets)


def read_study_file(folder: Path) -> StudyFile:
    """Return the ``study.json`` of a folder.

    Raises
    ------
    InputError
        If it cannot be read, or is not a study's file.
    """
    path = folder / STUDY_FILE
    content = read_json(path)
    is_free = isinstance(content, dict) and "parameters" in content
    return check(FreeStudyFile if is_free else StudyFile, content, str(path))


def form_of_set(study: StudyFile) -> type[SetFile]:
    """Return the form of the sets of a study: with hyperparameters of its own or of a network."""
    return FreeSetFile if isinstance(study, FreeStudyFile) else SetFile


def read_sets(folder: Path, study: StudyFile) -> list[SetSource]:
    """Return the sets of a study's folder, in the order of their files' names; there may be none.

    Raises
    ------
    InputError
        If a file cannot be read, or is no set's.
    """
    try:
        paths = sorted(path for path in folder.glob("*.json") if path.name != STUDY_FILE)
    except OSError as error:
        raise InputError(f"{folder}: cannot be read: {error.strerror}") from None
    form = form_of_set(study)
    return [_read_set(path, form) for path in paths if not is_space(path)]


def is_space(path: Path) -> bool:
    """Tell whether a file beside study.json is the space of a search, and no set of this name.

    Raises
    ------
    InputError
        If it is called ``space.json`` and cannot be read.
    """
    if path.name not in SPACE_FILES:
        return False
    content = read_relaxed_json(path) if path.suffix == ".json" else None
    if not isinstance(content, dict):
        return True
    return not (isinstance(content.get("title"), str) and "trials" in content)


def _read_set(path: Path, form: type[SetFile]) -> SetSource:
    """Read one set's file."""
    where = f"{path}: set {path.stem}"
    return SetSource(path.stem, where, check(form, read_json(path), where))
