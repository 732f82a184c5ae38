"""Sets of one's own from one file, in any of the forms in which people have their trials."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from trial_sets.errors import InputError
from trial_sets.files import FreeEntry, FreeStudyFile, StudyFile, TrialEntry
from trial_sets.line import differing_fields
from trial_sets.loading.assembly import SetSource, assemble_study
from trial_sets.loading.naming import clean_name
from trial_sets.loading.recognition import TrialDict
from trial_sets.loading.study_folder import (
    STUDY_FILE,
    form_of_set,
    list_studies,
    read_study_file,
)
from trial_sets.loading.translation import Translator
from trial_sets.loading.trial_dict import SUFFIXES, read_trial_dicts
from trial_sets.parameter import check_said
from trial_sets.strict_json import bare, check, shorten
from trial_sets.study import Study, Trial, TrialSet
from trial_sets.vocabulary import choose_vocabulary
from trial_sets.wording import join_words


def load_trials(path_text: str, folder: Path) -> Study:
    """Return a study whose sets come from one file, and everything else from another study.

    The file holds trials by name, ``{"A1": {"dropout": 0.4}, ...}``: the letters that begin a
    name are its set, and what a trial leaves out comes from the study's base. It may hold several
    such dicts, sets in the form of a set's file, or any of `forms.FORMS`. A Python file is parsed
    and never executed. What other files call a hyperparameter is given its name here, and the
    study's notices say so; of a study that declares parameters, their own names alone are known.
    A set that cannot name its control gets the study's control from which its trials depart in the
    fewest hyperparameters.

    Parameters
    ----------
    path_text
        ``FILE`` with one of the endings of `SUFFIXES`, or ``FILE:NAME`` to pick one of its dicts.
    folder
        Of the study that base, controls, seeds, label, tier and ROPE come from.

    Returns
    -------
    Study
        Named after the file, and after the dict if one was picked, so that the results of dicts
        that share trial names do not lie in one folder.

    Raises
    ------
    InputError
        One sentence: file, line, trial, key, what was found, what was expected.
    """
    content = read_study_file(folder)
    path, picked = _split_name(path_text)
    words = Translator(choose_vocabulary(content))
    dicts = read_trial_dicts(path, picked, words.vocabulary)
    declared = [_read_set(found, path, words, content) for found in dicts if found.is_set]
    gathered = _gather_sets([found for found in dicts if not found.is_set], path, words, content)
    study = assemble_study(
        _name_study(path, picked),
        str(folder / STUDY_FILE),
        content,
        [*declared, *gathered],
        title=f"Trials of {path.name}{f', {picked}' if picked else ''}",
    )
    without_control = {source.name for source in gathered}
    sets = (
        _give_control(trial_set, study.controls) if trial_set.name in without_control else trial_set
        for trial_set in study.sets
    )
    found_notices = (notice for found in dicts for notice in found.notices)
    notices = tuple(f"{path.name}: {notice}" for notice in (*found_notices, *words.notices()))
    return study.model_copy(update={"sets": tuple(sets), "notices": notices})


def _split_name(path_text: str) -> tuple[Path, str | None]:
    """Take ``FILE:NAME`` apart."""
    head, _, name = path_text.rpartition(":")
    for path, picked in ((path_text, None), (head, name)):
        if Path(path).suffix.lower() in SUFFIXES:
            return Path(path), picked
    endings = join_words(SUFFIXES, last="or")
    raise InputError(f"{path_text!r} does not end in {endings}, or such and :NAME")


def _read_set(found: TrialDict, path: Path, words: Translator, study: StudyFile) -> SetSource:
    """Check a dict in the form of a set's file."""
    name = clean_name(found.name)
    where = f"{path}: set {name}"
    content = dict(found.content)
    if isinstance(content.get("base"), Mapping):
        content["base"] = words.translate(content["base"], f"{where}: base")
    if isinstance(content["trials"], Mapping):
        content["trials"] = {
            trial: words.translate(entry, f"{where}: trial {bare(trial)}")
            if isinstance(entry, Mapping)
            else entry
            for trial, entry in content["trials"].items()
        }
    return SetSource(name, where, check(form_of_set(study), content, where))


def _gather_sets(
    dicts: Sequence[TrialDict], path: Path, words: Translator, study: StudyFile
) -> list[SetSource]:
    """Sort trials into sets by the letters of their names."""
    entries: dict[str, dict[str, Any]] = {}
    spelling: dict[str, str] = {}
    lines: dict[str, int] = {}
    for found in dicts:
        for trial, entry in found.content.items():
            line = f", line {found.lines[trial]}" if trial in found.lines else ""
            where = f"{path}{line}: trial {bare(trial)}"
            letters = re.match("[A-Za-z]+", trial)
            if letters is None:
                raise InputError(f"{where}: begins with no letters to name its set by")
            name = spelling.setdefault(letters[0].casefold(), letters[0])
            entries.setdefault(name, {})[trial] = _check_entry(entry, where, words, study)
            lines |= {trial: found.lines[trial]} if line else {}
    return [
        SetSource(
            name,
            f"{path}: set {name}",
            check(
                form_of_set(study),
                {"title": f"Set {name}", "trials": trials},
                f"{path}: set {name}",
            ),
            lines,
        )
        for name, trials in entries.items()
    ]


def _check_entry(entry: object, where: str, words: Translator, study: StudyFile) -> dict[str, Any]:
    """Return a trial's fields once they are known to be valid."""
    if not isinstance(entry, Mapping):
        raise InputError(f"{where}: {shorten(entry)} is not a dict of hyperparameters")
    fields = words.translate(entry, where)
    # Here, where the error can name the line.
    if isinstance(study, FreeStudyFile):
        check_said(study.parameters, check(FreeEntry, fields, where).values, where)
    else:
        check(TrialEntry, fields, where)
    return fields


def _give_control(trial_set: TrialSet, controls: Iterable[Trial]) -> TrialSet:
    """Return the set, held against the nearest control; the first of equally near ones."""

    def count_departures(control: Trial) -> int:
        return sum(
            len(differing_fields(trial.configuration, control.configuration))
            for trial in trial_set.trials
        )

    nearest = min(controls, key=count_departures, default=None)
    return trial_set.model_copy(update={"control": nearest and nearest.name})


def _name_study(path: Path, picked: str | None) -> str:
    """Return a study's name that no built-in study has."""
    name = clean_name(f"{path.stem}-{picked}" if picked else path.stem)
    return f"{name}-trials" if name in list_studies() else name
