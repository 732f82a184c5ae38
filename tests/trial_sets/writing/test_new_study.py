"""A new study loads, leaves nothing open, and explains itself."""

import json
from pathlib import Path

import pytest

from trial_sets.claim import Claim
from trial_sets.configuration import Configuration
from trial_sets.errors import InputError
from trial_sets.files import LabelRule, SetFile, SplitRule, StudyFile
from trial_sets.linting.linter import lint_study
from trial_sets.loading.study_folder import load_study
from trial_sets.parameter import Parameter
from trial_sets.writing.json_schema import FOLDER
from trial_sets.writing.new_study import write_new_study


def test_a_new_study_loads_and_nothing_is_found_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "parent" / "mine"
    written = write_new_study(folder)
    study = load_study(folder)
    assert study.name == "mine"
    assert [s.name for s in study.sets] == ["A", "B"]
    assert lint_study(study) == ()
    assert all(trial.note for trial in study.trials())
    assert sorted(written) == sorted(path for path in folder.rglob("*") if path.is_file())


def test_the_readme_explains_every_key_with_its_default(tmp_path: Path) -> None:
    write_new_study(tmp_path / "mine")
    text = (tmp_path / "mine" / "README.md").read_text()
    for model in (StudyFile, SetFile, Claim, LabelRule, Configuration, Parameter, SplitRule):
        for name, field in model.model_fields.items():
            assert field.description
            assert f"| `{field.alias or name}` |" in text
            assert f"| {field.description} |" in text
    assert "| `epochs` | integer, from 1, up to 100,000 | `50` |" in text
    assert '| `note` | string, at most 2,000 characters | `""` | Why this trial. |' in text


def test_the_schema_lies_where_the_files_say(tmp_path: Path) -> None:
    write_new_study(tmp_path / "mine")
    for name, schema in (("study", "study"), ("A", "set"), ("B", "set")):
        path = tmp_path / "mine" / "schema" / f"{schema}.schema.json"
        assert (
            f'"$schema": "schema/{path.name}"' in (tmp_path / "mine" / f"{name}.json").read_text()
        )
        assert path.read_bytes() == (FOLDER / path.name).read_bytes()


def test_the_readmes_example_of_parameters_is_a_study(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    written = {path.name for path in write_new_study(folder)}
    assert written >= {"free-study.schema.json", "free-set.schema.json"}
    said = (folder / "README.md").read_text().partition('    "parameters": {')[2]
    text = '{"parameters": {' + said.partition("\n\n")[0] + "}"
    study = {"title": "Mine", "$schema": "schema/free-study.schema.json", "seeds": [0, 1]}
    (folder / "study.json").write_text(json.dumps({**study, **json.loads(text)}))
    (folder / "A.json").write_text('{"title": "A", "trials": {"A1": {"depth": 4}}}')
    (folder / "B.json").unlink()
    assert load_study(folder).find_trial("A1").configuration.settings == (
        {"rate": 0.01, "depth": 4, "loss": "squared"}
    )


def test_an_empty_folder_is_filled_and_the_working_folder_has_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path / "mine")
    write_new_study(Path())
    assert load_study(Path()).name == "mine"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("full", r"full: the folder is not empty, and nothing is overwritten"),
        ("file", r"file: is a file, expected a new folder"),
        ("file/mine", r"file/mine: cannot be written: Not a directory"),
        ("a50", r"there is a built-in study a50; choose another name"),
        ("my study", r"the study's name 'my study' is not letters, digits"),
        ("2nd", r"the study's name '2nd' is not letters"),
        ("..", r"the study's name '\.\.' is not letters"),
        ("nul\0", r"the study's name 'nul\\x00' is not letters"),
        ("x" * 33, r"is not letters, digits, _ and - \(32 at most"),
    ],
)
def test_a_folder_that_cannot_become_a_study_is_refused(
    tmp_path: Path, name: str, message: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match=message):
        write_new_study(tmp_path / name)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "full", "notes.txt"]
