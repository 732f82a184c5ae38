"""Which files go into one report."""

from pathlib import Path

import pytest

from scripts.analyzing.inputs import group_files
from tests.analysis.readers.optuna.test_sqlite import TWO_STUDIES, store
from trial_sets.errors import InputError


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store(Path("two.db"), TWO_STUDIES)
    Path("grid.csv").write_text("lr,acc\n1,2\n")


@pytest.mark.parametrize(
    ("files", "study", "groups"),
    [
        (["two.db", "grid.csv"], None, (("two.db", "grid.csv"),)),
        (["two.db#s", "grid.csv"], "all", (("two.db#s", "grid.csv"),)),
        (["two.db#all"], None, (("two.db#s",), ("two.db#t",))),
        (["two.db"], "all", (("two.db#s",), ("two.db#t",))),
        (["grid.csv", "two.db"], "all", (("two.db#s",), ("two.db#t",), ("grid.csv",))),
        ([], None, ()),
    ],
)
def test_studies_are_apart_only_where_all_were_asked_for(
    files: list[str], study: str | None, groups: tuple[tuple[str, ...], ...]
) -> None:
    assert group_files(files, study) == groups


def test_a_study_that_is_called_all_is_itself() -> None:
    store(Path("all.db"), TWO_STUDIES.replace("'t'", "'all'"))
    assert group_files(["all.db#all"], None) == (("all.db#all",),)


@pytest.mark.parametrize("file", ["grid.csv#all", "nowhere.db#all"])
def test_a_file_without_studies_is_named(file: str) -> None:
    with pytest.raises(InputError, match=r"holds no Optuna study|does not exist"):
        group_files([file], None)
