"""From a study's folder to a study whose every trial is resolved and checked."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from trial_sets.configuration import Configuration, said
from trial_sets.errors import TrialSetError, suggest
from trial_sets.files import SetFile, StudyFile
from trial_sets.strict_json import check, read_json
from trial_sets.study import Study, Trial, TrialSet

HERE = Path(__file__).parent


def list_studies() -> list[str]:
    """Return the names of the built-in studies."""
    return sorted(path.parent.name for path in HERE.glob("*/study.json"))


def find_study(name_or_folder: str) -> Path:
    """Return the folder of a built-in study, or of a person's own.

    Raises
    ------
    TrialSetError
        If it is neither a built-in study's name nor a folder with a study.json.
    """
    if name_or_folder in list_studies():
        return HERE / name_or_folder
    folder = Path(name_or_folder)
    if (folder / "study.json").is_file():
        return folder
    if folder.is_dir():
        raise TrialSetError(f"{folder}: the folder holds no study.json")
    ending = suggest(name_or_folder, list_studies())
    raise TrialSetError(f"there is no study {name_or_folder!r}, nor a folder of this name{ending}")


def load_study(folder: Path) -> Study:
    """Read, resolve and check a study.

    Parameters
    ----------
    folder
        Holds ``study.json`` and one file a set; the files' names are the sets'.

    Raises
    ------
    TrialSetError
        One sentence: file, set, trial, key, what was found, what was expected.
    """
    path = folder / "study.json"
    study = check(StudyFile, read_json(path), str(path))
    if len(set(study.seeds)) < len(study.seeds):
        raise TrialSetError(f"{path}: seeds: a seed stands twice in {list(study.seeds)}")
    set_paths = sorted(p for p in folder.glob("*.json") if p.name != "study.json")
    if not set_paths:
        raise TrialSetError(f"{folder}: the folder holds no set beside study.json, such as A.json")
    loaded = Study(
        name=folder.resolve().name,
        title=study.title,
        tier=study.tier,
        label=study.label,
        rope=study.rope,
        seeds=study.seeds,
        sets=tuple(_load_set(set_path, study) for set_path in set_paths),
        controls=tuple(
            Trial(
                name=name,
                set_name=None,
                note=entry.note,
                configuration=_resolve([study.base, entry], f"{path}: control {name}"),
                budget=entry.budget or study.budget,
            )
            for name, entry in study.controls.items()
        ),
    )
    _refuse_clashes(folder, (trial.name for trial in loaded.trials()))
    return loaded


def _load_set(path: Path, study: StudyFile) -> TrialSet:
    """Read one set's file and resolve its trials."""
    where = f"{path}: set {path.stem}"
    content = check(SetFile, read_json(path), where)
    if content.control is not None and content.control not in study.controls:
        ending = suggest(content.control, study.controls)
        raise TrialSetError(f"{where}: unknown control {content.control!r}{ending}")
    return TrialSet(
        name=path.stem,
        title=content.title,
        phase=content.phase,
        trials=tuple(
            Trial(
                name=name,
                set_name=path.stem,
                note=entry.note,
                configuration=_resolve([study.base, content.base, entry], f"{where}, trial {name}"),
                budget=entry.budget or content.budget or study.budget,
            )
            for name, entry in content.trials.items()
        ),
        control=content.control,
        expectations=content.expectations,
    )


def _resolve(layers: Iterable[Any], where: str) -> Configuration:
    """Merge the layers, later ones over earlier ones, into a full and checked configuration."""
    fields: dict[str, Any] = {}
    for layer in layers:
        options = fields.get("options", {})
        fields |= said(layer)
        fields["options"] = {**options, **(getattr(layer, "options", None) or {})}
    return check(Configuration, fields, where)


def _refuse_clashes(folder: Path, names: Iterable[str]) -> None:
    """Refuse names that would share a folder on some file systems."""
    seen: dict[str, str] = {}
    for name in names:
        if name.casefold() in seen:
            other = seen[name.casefold()]
            twice = f"twice ({other} and {name})" if other != name else "twice"
            raise TrialSetError(f"{folder}: the trial name {name} stands {twice} in the study")
        seen[name.casefold()] = name
