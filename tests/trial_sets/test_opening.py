"""Only regular files are read, nobody is waited for, and no more is read than is allowed."""

import contextlib
import os
from pathlib import Path

import pytest

import models.data.opening
import trial_sets.opening
from models.data.opening import read_data_file
from models.errors import DataError
from tests.special import SPECIAL
from trial_sets.errors import InputError
from trial_sets.opening import read_bytes

TWINS = (trial_sets.opening.open_regular, models.data.opening.open_regular)


@pytest.mark.parametrize("kind", SPECIAL)
def test_what_is_no_regular_file_is_refused_at_once(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    SPECIAL[kind](path)
    with pytest.raises(InputError, match=r"file: cannot be read: "):
        read_bytes(path, 10)
    with pytest.raises(DataError, match=r"file: "):
        read_data_file(path)


@pytest.mark.parametrize("kind", [*SPECIAL, "nothing", "file", "link to a file", "long name"])
def test_the_two_openers_are_one(kind: str, tmp_path: Path) -> None:
    path = tmp_path / ("n" * 300 if kind == "long name" else "file")
    if kind in SPECIAL:
        SPECIAL[kind](path)
    elif "file" in kind:
        (tmp_path / "real").write_text("said")
        path.symlink_to("real")
    found = []
    for open_regular in TWINS:
        try:
            with open_regular(path) as file:
                found.append(file.read())
        except OSError as error:
            found.append((type(error), error.errno, error.strerror))
    assert found[0] == found[1]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_a_refused_file_is_closed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for open_regular in TWINS:
        with contextlib.suppress(OSError):
            open_regular(tmp_path / "pipe")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_as_much_as_is_allowed_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 1024**2)
    assert len(read_bytes(path, 1024**2)) == 1024**2
    path.write_bytes(b"x" * (1024**2 + 1))
    with pytest.raises(InputError, match=r"file: the file is larger than 1 MiB"):
        read_bytes(path, 1024**2)


def test_a_file_with_holes_fills_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with path.open("wb") as file:
        file.truncate(1024**4)
    with pytest.raises(InputError, match="larger than 1 MiB"):
        read_bytes(path, 1024**2)
