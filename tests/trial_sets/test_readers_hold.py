"""Whatever a file holds, a reader returns a study or raises the one exception that is shown."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.json_values import any_json, any_scalar
from trial_sets.errors import InputError
from trial_sets.files import SetFile, StudyFile, TrialEntry
from trial_sets.linting.linter import lint_study
from trial_sets.loading.study_folder import find_study, load_study
from trial_sets.loading.trial_file import load_trials
from trial_sets.strict_json import check, parse_json

A50 = find_study("a50")
SCRIPT = """import os
SEED = 3
CONFIGS = {
    "A1": {"d_model": 128, "dropout": 0.4, "note": "why"},
    "A2": {"d_model": 64, "learning_rate": -1e-4},
}
for config in CONFIGS.values():
    print(config)
"""
WORDS = ["A1", "B2", "T5", "title", "trials", "base", "expectations", "if", "better", "than"]
few = settings()  # of the profile, see tests/conftest.py
fields = st.sampled_from(sorted(TrialEntry.model_fields))
keys = st.one_of(st.text(max_size=4), st.sampled_from(WORDS), fields)
ODD = ("A1", "T5", "adam", 0.5, 16, 128)
values = any_json(*ODD, keys=keys, most_keys=4, max_leaves=10)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any")


def try_file(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with contextlib.suppress(InputError):
        lint_study(load_trials(str(path), A50))


@few
@given(content=st.binary())
def test_any_bytes(folder: Path, content: bytes) -> None:
    for name in ("own.py", "own.json"):
        try_file(folder / name, content)


@few
@given(at=st.integers(0, len(SCRIPT)), cut=st.integers(0, 30), text=st.text(max_size=8))
def test_any_slip_in_a_script(folder: Path, at: int, cut: int, text: str) -> None:
    slipped = SCRIPT[:at] + text + SCRIPT[at + cut :]
    try_file(folder / "own.py", slipped.encode(errors="surrogatepass"))


@few
@given(content=st.dictionaries(keys, values, max_size=4))
def test_any_dict(folder: Path, content: dict[str, Any]) -> None:
    try_file(folder / "own.py", f"X = {content!r}".encode(errors="surrogatepass"))
    try_file(folder / "own.json", json.dumps(content).encode())


@few
@given(
    trials=st.dictionaries(
        st.sampled_from(["A1", "A2", "B1"]),
        st.dictionaries(fields, any_scalar(*ODD), max_size=3),
        min_size=1,
    )
)
def test_any_values_of_known_keys(folder: Path, trials: dict[str, Any]) -> None:
    try_file(folder / "own.json", json.dumps(trials).encode())


@few
@given(text=st.text())
def test_any_path(text: str) -> None:
    for path_text in (text, f"{text}.json", f"{text}.py:{text}"):
        with pytest.raises(InputError):
            load_trials(path_text, A50)


@few
@given(text=st.text())
def test_any_text_as_json(text: str) -> None:
    with contextlib.suppress(InputError):
        parse_json(text, "any")


@few
@given(content=values)
def test_any_content_of_study_and_set_files(content: object) -> None:
    for model in (StudyFile, SetFile):
        with contextlib.suppress(InputError):
            check(model, content, "any")


@few
@given(base=values, trials=values)
def test_any_study_on_disk(folder: Path, base: object, trials: object) -> None:
    study = {"title": "x", "seeds": [1], "base": base, "controls": {"K": trials}}
    (folder / "study.json").write_text(json.dumps(study))
    (folder / "A.json").write_text(json.dumps({"title": "x", "trials": trials}))
    with contextlib.suppress(InputError):
        lint_study(load_study(folder))
