"""A small study on disk that tests bend one key at a time."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trial_sets.files import FreeSetFile, FreeStudyFile, SetFile, StudyFile
from trial_sets.loading.assembly import SetSource, assemble_study
from trial_sets.strict_json import check
from trial_sets.study import Study

STUDY = {
    "title": "Small",
    "rope": 0.01,
    "seeds": [3, 5],
    "base": {"d_model": 16, "n_layers": 1, "n_heads": 2, "d_ff_ratio": 2, "weight_decay": 0.0},
    "controls": {"K": {"dropout": 0.1, "learning_rate": 1e-3}},
}
SET_A = {
    "title": "Dropout",
    "control": "K",
    "base": {"learning_rate": 1e-3},
    "trials": {"A1": {"dropout": 0.2}, "A2": {"dropout": 0.3, "note": "higher"}},
    "expectations": [
        {"if": "A2 beats A1", "better": ["A2"], "than": ["A1"], "shows": "more", "then": "go on"}
    ],
}


def changed(content: dict[str, Any], path: tuple[Any, ...], value: object) -> dict[str, Any]:
    """Return a deep copy with one place replaced, or removed when ``value`` is ``...``."""
    copy = json.loads(json.dumps(content))
    node = copy
    for part in path[:-1]:
        node = node[part]
    if value is ...:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return copy


@pytest.fixture
def write_study(tmp_path: Path) -> Callable[..., Path]:
    def write(study: object = STUDY, **sets: object) -> Path:
        folder = tmp_path / "small"
        folder.mkdir(exist_ok=True)
        for name, content in {"study": study, **(sets or {"A": SET_A})}.items():
            text = content if isinstance(content, str) else json.dumps(content)
            (folder / f"{name}.json").write_text(text)
        return folder

    return write


FULL = {**STUDY["base"], "dropout": 0.1, "learning_rate": 1e-3}  # type: ignore[dict-item]


def make_study(
    trials: dict[str, dict[str, Any]],
    *claims: tuple[list[str], list[str]] | dict[str, Any],
    controls: dict[str, dict[str, Any]] | None = None,
    control: str | None = "K",
) -> Study:
    """Return a study with one set, A, over a full base that the control K runs.

    A claim is what a file says of it, or the names that beat and those that they beat.
    """
    expectations = [
        claim if isinstance(claim, dict) else {"better": claim[0], "than": claim[1]}
        for claim in claims
    ]
    study = {**STUDY, "base": FULL, "controls": {"K": {}, **(controls or {})}}
    content = {"title": "A", "control": control, "trials": trials, "expectations": expectations}
    source = SetSource("A", "A.json", check(SetFile, content, "A.json"))
    return assemble_study("small", "study.json", check(StudyFile, study, "study.json"), [source])


FREE_STUDY: dict[str, Any] = {
    "title": "Of a trainer of my own",
    "task": "regression",
    "rope": 0.1,
    "seeds": [3, 5],
    "parameters": {
        "rate": {"type": "float", "low": 1e-5, "high": 0.1, "log": True},
        "depth": {"type": "int", "low": 1, "high": 8},
        "act": {"choices": ["relu", "gelu"]},
        "bias": {"type": "bool"},
        "model.width": {"type": "int"},
    },
    "base": {"rate": 0.01, "depth": 3, "act": "relu", "bias": False, "model.width": 8},
    "controls": {"BASE": {"note": "The best so far"}},
}
FREE_SET: dict[str, Any] = {
    "title": "Depth",
    "control": "BASE",
    "trials": {"A1": {"depth": 4}, "A2": {"depth": 5, "note": "deeper"}},
    "claims": [{"better": ["A1"], "than": ["BASE"]}],
}


def make_free_study(trials: dict[str, dict[str, Any]], *claims: dict[str, Any]) -> Study:
    """Return a study that declares its parameters, with one set, A, over its base."""
    content = {"title": "A", "control": "BASE", "trials": trials, "claims": claims}
    source = SetSource("A", "A.json", check(FreeSetFile, content, "A.json"))
    study = check(FreeStudyFile, FREE_STUDY, "study.json")
    return assemble_study("own", "study.json", study, [source])
