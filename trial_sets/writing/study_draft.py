"""A whole study as files to be written: checked before, written at once, nothing replaced."""

import json
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trial_sets.errors import InputError
from trial_sets.files import FreeStudyFile, StudyFile
from trial_sets.linting.linter import lint_study
from trial_sets.linting.remark import Remark
from trial_sets.loading.assembly import SetSource, assemble_study
from trial_sets.loading.study_folder import SPACE_FILES, STUDY_FILE, form_of_set, list_studies
from trial_sets.space import SearchSpace
from trial_sets.strict_json import check
from trial_sets.study import Study
from trial_sets.texts import NAME_PATTERN
from trial_sets.writing.json_schema import write_schemas
from trial_sets.writing.space_file import write_space

SCHEMAS = "schema"  # the folder beside study.json that editors are pointed to


@dataclass(frozen=True, slots=True)
class StudyDraft:
    """A study as the contents of its files.

    Attributes
    ----------
    content
        Of study.json.
    sets
        Of a file each, by the name of the set.
    space
        Of a search that goes on from here; None where nothing varies.
    pages
        Texts beside them, by file name.
    """

    content: Mapping[str, Any]
    sets: Mapping[str, Mapping[str, Any]]
    space: SearchSpace | None = None
    pages: Mapping[str, str] = field(default_factory=dict)


def assemble_draft(name: str, draft: StudyDraft) -> tuple[Study, tuple[Remark, ...]]:
    """Return the study that a draft comes to, and what the linter says of it.

    Raises
    ------
    InputError
        If its files would be refused.
    """
    form = FreeStudyFile if "parameters" in draft.content else StudyFile
    content = check(form, dict(draft.content), STUDY_FILE)
    sets = [
        SetSource(one, f"{one}.json: set {one}", check(form_of_set(content), dict(said), one))
        for one, said in sorted(draft.sets.items())
    ]
    study = assemble_study(name, STUDY_FILE, content, sets)
    return study, lint_study(study)


def check_new_folder(folder: Path) -> str:
    """Return the name of the study that a folder to be made stands for.

    Raises
    ------
    InputError
        If it is there, or its name cannot be a study's.
    """
    name = folder.absolute().name
    if not re.fullmatch(NAME_PATTERN, name):
        expected = "letters, digits, _ and - (32 at most, a letter first)"
        raise InputError(f"{folder}: the study's name {name!r} is not {expected}")
    if name in list_studies():
        raise InputError(f"{folder}: there is a built-in study {name}; choose another name")
    if folder.exists() or folder.is_symlink():
        raise InputError(f"{folder}: is there already, and nothing is overwritten; name a new one")
    return name


def write_draft(folder: Path, draft: StudyDraft) -> list[Path]:
    """Write a draft into a new folder, whole or not at all.

    Returns
    -------
    list of Path
        What was written, the schemas for editors left out.

    Raises
    ------
    InputError
        If the folder is there, its files would be refused, or it cannot be written.
    """
    assemble_draft(check_new_folder(folder), draft)
    beside = folder.absolute().with_name(f".{folder.name[:20]}.{secrets.token_hex(4)}")
    try:
        beside.parent.mkdir(parents=True, exist_ok=True)
        beside.mkdir()
        names = _write_files(beside, draft)
        beside.rename(folder.absolute())
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return [folder / name for name in names]


def _write_files(folder: Path, draft: StudyDraft) -> list[str]:
    pointed = {"$schema": f"{SCHEMAS}/{'free-' * ('parameters' in draft.content)}"}
    kinds = {STUDY_FILE: "study"} | {f"{name}.json": "set" for name in draft.sets}
    contents = {STUDY_FILE: draft.content} | {f"{n}.json": said for n, said in draft.sets.items()}
    texts = {
        name: json.dumps(
            {"$schema": f"{pointed['$schema']}{kinds[name]}.schema.json", **said}, indent=2
        )
        + "\n"
        for name, said in contents.items()
    }
    if draft.space is not None:
        texts[SPACE_FILES[0]] = write_space(draft.space)
    texts |= draft.pages
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode(errors="backslashreplace"))
    write_schemas(folder / SCHEMAS)
    return list(texts)
