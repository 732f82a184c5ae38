import json
from dataclasses import replace
from pathlib import Path

import pytest

from trial_sets.errors import InputError
from trial_sets.loading.study_folder import load_study
from trial_sets.space import Dimension, SearchSpace
from trial_sets.writing.study_draft import StudyDraft, assemble_draft, write_draft

DRAFT = StudyDraft(
    content={
        "title": "A draft",
        "seeds": [3, 4],
        "base": {
            "d_model": 16,
            "n_layers": 1,
            "n_heads": 2,
            "d_ff_ratio": 2,
            "dropout": 0.3,
            "learning_rate": 1e-3,
            "weight_decay": 0.0,
        },
        "controls": {"BASE": {}},
    },
    sets={
        "A": {
            "title": "Dropout",
            "control": "BASE",
            "trials": {"A1": {"dropout": 0.4}},
            "expectations": [{"better": ["A1"], "than": ["BASE"]}],
        }
    },
    space=SearchSpace(dimensions={"dropout": Dimension(type="float", low=0.1, high=0.5)}),
    pages={"proposal.md": "# Why\n"},
)


def test_a_draft_is_written_as_a_study_that_loads(tmp_path: Path) -> None:
    written = write_draft(tmp_path / "next", DRAFT)
    assert [path.name for path in written] == ["study.json", "A.json", "space.json", "proposal.md"]
    study = load_study(tmp_path / "next")
    assert (study.name, study.seeds, [t.name for t in study.trials()]) == (
        "next",
        (3, 4),
        ["A1", "BASE"],
    )
    content = json.loads((tmp_path / "next" / "study.json").read_text())
    assert (tmp_path / "next" / content["$schema"]).is_file()
    assert not [path for path in tmp_path.iterdir() if path.name != "next"]


def test_the_linter_reads_a_draft_before_it_is_written() -> None:
    study, remarks = assemble_draft("next", DRAFT)
    assert (study.name, remarks) == ("next", ())


def test_what_is_there_is_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "next"
    folder.mkdir()
    with pytest.raises(InputError, match="is there already, and nothing is overwritten"):
        write_draft(folder, DRAFT)
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    ("name", "said"), [("a50", "there is a built-in study a50"), ("1st", "letters, digits")]
)
def test_a_name_that_no_study_can_have_is_refused(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        write_draft(tmp_path / name, DRAFT)


def test_a_draft_that_would_be_refused_leaves_nothing(tmp_path: Path) -> None:
    wrong = replace(DRAFT, sets={"A": {**DRAFT.sets["A"], "trials": {"A1": {"n_heads": 3}}}})
    with pytest.raises(InputError, match="d_model=16 is not divisible by n_heads=3"):
        write_draft(tmp_path / "next", wrong)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        write_draft(tmp_path / "file" / "next", DRAFT)
