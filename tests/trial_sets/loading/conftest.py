"""A study without sets on the disk, and the space in which it is searched."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.trial_sets.conftest import FULL, STUDY

WHOLE = {**STUDY, "base": FULL, "controls": {}}
Write = Callable[[object, object], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(study: object, space: object = None, name: str = "space.json") -> Path:
        folder = tmp_path / "own"
        folder.mkdir(exist_ok=True)
        (folder / "study.json").write_text(json.dumps(study))
        if space is not None:
            text = space if isinstance(space, str) else json.dumps(space)
            (folder / name).write_text(text)
        return folder

    return write
