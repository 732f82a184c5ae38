"""A small study to start from, which loads and leaves nothing open."""

import json
import re
from pathlib import Path
from typing import Any

from trial_sets.claim import Claim
from trial_sets.configuration import Configuration
from trial_sets.errors import InputError
from trial_sets.files import (
    LabelRule,
    MetricChoice,
    SetFile,
    SplitRule,
    StudyFile,
    TrialEntry,
)
from trial_sets.loading.study_folder import STUDY_FILE, list_studies
from trial_sets.parameter import Parameter
from trial_sets.texts import NAME_PATTERN
from trial_sets.writing.json_schema import write_schemas
from trial_sets.writing.key_table import describe_keys

STUDY: dict[str, Any] = {
    "$schema": "schema/study.schema.json",
    "title": "A study of my own",
    "description": "What is known so far, and what the sets beside this file are to find out. "
    "README.md explains every key. Seeds, ROPE and expectations are fixed before the first run.",
    "tier": "a50",
    "label": {"threshold": 0.01, "horizon": 1, "direction": "up"},
    "rope": 0.005,
    "seeds": [0, 1, 2, 3, 4],
    "base": {
        "d_model": 64,
        "n_layers": 2,
        "n_heads": 4,
        "d_ff_ratio": 2,
        "dropout": 0.3,
        "learning_rate": 5e-4,
        "weight_decay": 1e-4,
    },
    "controls": {
        "BASE": {"note": "The current best: the base itself, run again in the same batch"},
    },
}
SETS: dict[str, dict[str, Any]] = {
    "A": {
        "$schema": "schema/set.schema.json",
        "title": "Dropout",
        "description": "The file's name is the set's. A trial says only what it changes in the "
        "base. The expectation holds every dropout that runs, so that it can show a sweet spot.",
        "control": "BASE",
        "trials": {
            "A1": {"dropout": 0.2, "note": "Below the current best"},
            "A2": {"dropout": 0.4, "note": "Where the sweet spot might be"},
            "A3": {"dropout": 0.5, "note": "Beyond it"},
        },
        "expectations": [
            {
                "if": "A2 beats A1, A3 and the current best",
                "better": ["A2"],
                "than": ["A1", "A3", "BASE"],
                "shows": "A dropout of about 0.4 is optimal",
                "then": "Narrow the dropout around 0.4",
            }
        ],
    },
    "B": {
        "$schema": "schema/set.schema.json",
        "title": "Learning rate",
        "description": "An expectation may also say that the current best stands its ground.",
        "control": "BASE",
        "trials": {
            "B1": {"learning_rate": 2.5e-4, "note": "Half of the current best"},
            "B2": {"learning_rate": 1e-3, "note": "Twice the current best"},
        },
        "expectations": [
            {
                "if": "The current best beats B1 and B2",
                "better": ["BASE"],
                "than": ["B1", "B2"],
                "shows": "A learning rate of about 5e-4 is optimal",
                "then": "Leave the learning rate alone",
            }
        ],
    },
}
README = """# The study {name}

`study.json` says what all trials share; every other JSON file beside it is a set of trials, named
after its file. Look at the study, see what would run, and run it, where FOLDER is this folder:

    run_supplementary --study FOLDER --list
    run_supplementary --study FOLDER --dry-run --set all
    run_supplementary --study FOLDER --set A

`--list` also says what the study leaves open. An editor that knows JSON Schema checks the keys as
you type: the files in `schema/` are what `$schema` points to; those of a study with parameters of
its own are `free-study.schema.json` and `free-set.schema.json`.

Names of sets, trials and controls are a letter and up to 31 letters, digits, `_` and `-`. A trial
is the study's base, changed by its set's base, changed by its own keys.

## study.json

{study}

## A set: A.json

{set}

## A trial, or a control

Any of the hyperparameters below, or of the parameters that the study declares, and:

{trial}

## An expectation

A claim in one of five forms: `better` with `than`, `any_of` with `than`, `equal` with `within`,
`rises_with`, or `falls_with`. It counts from the moment at which it was first seen, and is
confirmed only if that was before its trials were scored.

{expectation}

## A label

{label}

## A metric

{metric}

## A split

{split}

## Hyperparameters

Those of the built-in network. What is required must come from the study's base, the set's base or
the trial.

{configuration}

## Parameters of a trainer of one's own

For a function (`--trainer`) or a script (`--command`) of one's own, study.json declares what it
reads, and `base`, `controls` and trials hold a value of each, and no hyperparameter of above:

    "parameters": {{
      "rate": {{"type": "float", "low": 0.0001, "high": 0.1, "log": true}},
      "depth": {{"type": "int", "low": 1, "high": 12}},
      "loss": {{"choices": ["squared", "huber"]}}
    }},
    "base": {{"rate": 0.01, "depth": 3, "loss": "squared"}},
    "controls": {{"BASE": {{}}}}

A name is a letter or `_` and up to 63 letters, digits, `_`, `.` and `-`. A name that is not
declared and a value of another type are refused; a value outside of its range runs, and `--list`
points to it.

{parameter}
"""


def write_new_study(folder: Path) -> list[Path]:
    """Write a study to start from: a study file, two sets, a README and the schema for editors.

    Parameters
    ----------
    folder
        Does not exist yet, or is empty; its name becomes the study's.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    InputError
        If the folder holds something, its name cannot be a study's, or it cannot be written.
    """
    name = folder.absolute().name
    try:
        _check_folder(folder, name)
        folder.mkdir(parents=True, exist_ok=True)
        return [*_write_files(folder, name), *write_schemas(folder / "schema")]
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from None


def _check_folder(folder: Path, name: str) -> None:
    """Refuse a folder that is not free, or cannot give its name to a study."""
    if not re.fullmatch(NAME_PATTERN, name):
        expected = "letters, digits, _ and - (32 at most, a letter first)"
        raise InputError(f"{folder}: the study's name {name!r} is not {expected}")
    if name in list_studies():
        raise InputError(f"{folder}: there is a built-in study {name}; choose another name")
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: is a file, expected a new folder")
    if folder.is_dir() and any(folder.iterdir()):
        raise InputError(f"{folder}: the folder is not empty, and nothing is overwritten")


def _write_files(folder: Path, name: str) -> list[Path]:
    """Write the study, its sets and the README."""
    contents = {STUDY_FILE: STUDY} | {f"{set_name}.json": part for set_name, part in SETS.items()}
    texts = {file: json.dumps(content, indent=2) + "\n" for file, content in contents.items()}
    texts["README.md"] = README.format(
        name=name,
        study=describe_keys(StudyFile),
        set=describe_keys(SetFile),
        trial=describe_keys(TrialEntry, omit=Configuration.model_fields),
        expectation=describe_keys(Claim),
        label=describe_keys(LabelRule),
        metric=describe_keys(MetricChoice),
        split=describe_keys(SplitRule),
        configuration=describe_keys(Configuration),
        parameter=describe_keys(Parameter),
    )
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8")
    return [folder / file for file in texts]
