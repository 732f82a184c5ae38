"""A file gets to its place whole, and nothing that was planted there leads it elsewhere."""

import os
import stat
import threading
from pathlib import Path

import pytest

from trial_sets.placement import make_folder, open_log, replace_file, replacing, write_named


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """Return a file of somebody's that nothing here may change."""
    path = tmp_path / "elsewhere" / "precious"
    path.parent.mkdir()
    path.write_text("precious")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "run"
    path.mkdir()
    return path


@pytest.mark.parametrize("write", [replace_file, write_named])
def test_a_link_in_the_place_is_replaced(write: object, folder: Path, victim: Path) -> None:
    path = folder / "report.md"
    path.symlink_to(victim)
    write(path, b"said")  # type: ignore[operator]
    assert victim.read_text() == "precious"
    assert not path.is_symlink()
    assert path.read_bytes() == b"said"


def test_a_temporary_name_cannot_be_foreseen_and_is_created_alone(
    folder: Path, victim: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trial_sets.placement.secrets.token_hex", lambda n: "0" * 2 * n)
    planted = folder / ".report.md.00000000"
    planted.symlink_to(victim)
    with pytest.raises(FileExistsError):
        replace_file(folder / "report.md", b"said")
    assert victim.read_text() == "precious"


def test_nothing_is_left_of_what_fails(folder: Path) -> None:
    def fail() -> None:
        with replacing(folder / "a") as file:
            file.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not list(folder.iterdir())


def test_a_name_may_be_as_long_as_the_file_system_takes(folder: Path) -> None:
    replace_file(folder / ("n" * 255), b"said")
    assert len(list(folder.iterdir())) == 1


def test_a_pipe_that_a_person_names_is_written_to(folder: Path) -> None:
    path = folder / "pipe"
    os.mkfifo(path)
    heard: list[bytes] = []
    reader = threading.Thread(target=lambda: heard.append(path.read_bytes()))
    reader.start()
    while not heard:
        try:
            write_named(path, b"said" * 50_000)
        except OSError:  # the reader is not there yet
            continue
        reader.join()
    assert heard == [b"said" * 50_000]
    assert stat.S_ISFIFO(path.lstat().st_mode)


def test_a_pipe_that_nobody_reads_keeps_nobody_waiting(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    with pytest.raises(OSError, match="No such device"):
        write_named(folder / "pipe", b"said")


def test_a_pipe_in_a_place_of_our_own_choice_is_replaced(folder: Path) -> None:
    os.mkfifo(folder / "report.md")
    replace_file(folder / "report.md", b"said")
    assert (folder / "report.md").read_bytes() == b"said"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_device_stays_one() -> None:
    with pytest.raises(OSError, match="No space"):
        write_named(Path("/dev/full"), b"said")
    assert stat.S_ISCHR(Path("/dev/full").lstat().st_mode)


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="needs /dev/fd")
def test_a_link_of_the_system_is_followed(folder: Path) -> None:
    with (folder / "out").open("wb") as file:
        write_named(Path(f"/dev/fd/{file.fileno()}"), b"said")
    assert (folder / "out").read_bytes() == b"said"


def test_a_log_is_added_to(folder: Path) -> None:
    for line in (b"one\n", b"two\n"):
        with open_log(folder / "progress.log") as log:
            log.write(line)
    assert (folder / "progress.log").read_text() == "one\ntwo\n"


def test_a_line_that_was_cut_short_is_ended_unless_it_is_to_stay(folder: Path) -> None:
    path = folder / "progress.log"
    path.write_text("one\ntw")
    open_log(path, end_line=False).close()
    assert path.read_text() == "one\ntw"
    open_log(path).close()
    assert path.read_text() == "one\ntw\n"


def test_a_log_is_no_link_and_no_pipe(folder: Path, victim: Path) -> None:
    (folder / "progress.log").symlink_to(victim)
    with pytest.raises(OSError, match="a symbolic link, which is not followed"):
        open_log(folder / "progress.log")
    os.mkfifo(folder / "pipe")
    reading = os.open(folder / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(OSError, match="not a regular file"):
        open_log(folder / "pipe")
    os.close(reading)
    assert victim.read_text() == "precious"


def test_a_folder_is_no_link(folder: Path, victim: Path) -> None:
    (folder / "figures").symlink_to(victim.parent)
    with pytest.raises(OSError, match="a symbolic link, which is not followed"):
        make_folder(folder / "figures")
    make_folder(folder / "a" / "b")
    make_folder(folder / "a" / "b")
    assert (folder / "a" / "b").is_dir()
