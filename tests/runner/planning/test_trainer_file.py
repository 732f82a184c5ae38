"""A trainer of one's own is the file and what it imports from its own folder."""

import hashlib
from pathlib import Path

import pytest

from runner.planning.local_modules import find_local_modules
from runner.planning.trainer_file import TrainerFile

FUNCTION = "def train(configuration, data, context):\n    return None\n"


def write(folder: Path, **files: str) -> TrainerFile:
    """Write modules, whose names' double underscores are folders, and a trainer beside them."""
    for name, text in files.items():
        path = folder.joinpath(*name.split("__")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return TrainerFile.parse(f"{folder / 'trainer.py'}:train")


def test_a_trainer_without_modules_of_its_own_has_its_files_digest(tmp_path: Path) -> None:
    text = f"import json\nimport numpy as np\nfrom . import nothing\n{FUNCTION}"
    trainer = write(tmp_path, trainer=text, unused="x = 1")
    assert trainer.digest() == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    "statement",
    [
        "import helper",
        "import helper as h, json",
        "from helper import scale",
        "from helper import *",
        "import importlib; importlib.import_module('helper')",
        "__import__('helper')",
        "if True:\n    import helper",
        "def later():\n    import helper",
        "import between",
        "import package.deep",
        "from package import deep",
        "from package.deep import value",
    ],
)
def test_an_edited_helper_is_another_trainer(tmp_path: Path, statement: str) -> None:
    others = {"between": "import helper", "package__deep": "from .near import x"}
    near = {"package__near": "from ..helper import x"}
    trainer = write(tmp_path, trainer=f"{statement}\n{FUNCTION}", helper="x = 1", **others, **near)
    before = trainer.digest()
    assert trainer.digest() == before
    (tmp_path / "helper.py").write_text("x = 2")
    assert trainer.digest() != before


def test_packages_around_a_module_and_circles_are_followed(tmp_path: Path) -> None:
    files = {"package____init__": "import a", "package__b": "", "a": "import trainer, a"}
    trainer = write(tmp_path, trainer=f"import package.b\n{FUNCTION}", **files)
    (tmp_path / "package" / "b.py").touch()
    (tmp_path / "package" / "__init__.py").write_text("import a")
    found = [str(path.relative_to(tmp_path)) for path in find_local_modules(trainer.path)]
    assert found == ["a.py", "package/__init__.py", "package/b.py"]


def test_what_lies_above_the_folder_is_not_the_trainers_own(tmp_path: Path) -> None:
    trainer = write(tmp_path / "own", trainer=f"from ..outside import x\n{FUNCTION}")
    write(tmp_path, outside="x = 1", trainer=FUNCTION)
    assert find_local_modules(trainer.path) == []


def test_a_helper_that_is_no_python_counts_as_it_is(tmp_path: Path) -> None:
    trainer = write(tmp_path, trainer=f"import helper\n{FUNCTION}", helper="no python (")
    before = trainer.digest()
    write(tmp_path, helper="none either (")
    assert trainer.digest() != before
