"""An archive is as large as it lies there, or is refused before anything is unpacked."""

import io
import zipfile
from collections.abc import Callable
from typing import BinaryIO

import numpy as np
import pytest

import analysis.runs.archive
import models.data.archive
from analysis.runs.archive import read_archive

Refuse = Callable[[BinaryIO, int], None]
both = pytest.mark.parametrize(
    "refuse", [analysis.runs.archive.refuse_inflated, models.data.archive.refuse_inflated]
)


def header(text: str) -> bytes:
    """Return the first bytes of an array's file with a header of one's own."""
    line = text.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(line).to_bytes(2, "little") + line


def pack(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def npy(array: object) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.asarray(array))
    return buffer.getvalue()


HUGE = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }"
EMPTY = "{'descr': '|V0', 'fortran_order': False, 'shape': (1000000000000,), }"
NEGATIVE = "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }"
BOMBS = {
    "compressed": pack({"a.npy": npy(np.zeros(10**6))}, zipfile.ZIP_DEFLATED),
    "a header of another size": pack({"a.npy": header(HUGE) + b"\0" * 8}),
    "a negative length": pack({"a.npy": header(NEGATIVE)}),
    "objects": pack({"a.npy": header("{'descr': '|O', 'fortran_order': False, 'shape': (0,), }")}),
    "no header": pack({"a.npy": b"plain"}),
    "a header of no dict": pack({"a.npy": header("[" * 50)}),
    "a header of an unknown type": pack({"a.npy": header(HUGE.replace("<f8", "<q9"))}),
    "too many arrays": pack({f"{n}.npy": npy(n) for n in range(65)}),
    "nothing": b"",
    "an array alone": npy([1.0]),
}


@both
def test_plain_arrays_pass(refuse: Refuse) -> None:
    content = pack({"a.npy": npy([1.0, 2.0]), "b.npy": npy("text"), "c.npy": npy(np.zeros((0, 3)))})
    refuse(io.BytesIO(content), len(content))
    assert read_archive(content)["a"].tolist() == [1.0, 2.0]
    assert list(read_archive(content, "b")) == ["b"]


@both
@pytest.mark.parametrize("kind", BOMBS)
def test_what_would_come_to_more_is_refused(refuse: Refuse, kind: str) -> None:
    content = BOMBS[kind]
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever numpy makes of it
        refuse(io.BytesIO(content), len(content))
    with pytest.raises(ValueError, match=r"\w"):
        read_archive(content)


def test_nothing_is_unpacked_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(np, "load", lambda *_, **__: pytest.fail("unpacked"))
    for content in BOMBS.values():
        with pytest.raises(ValueError, match=r"\w"):
            read_archive(content)


def test_members_that_share_their_bytes_come_to_more_than_the_file() -> None:
    content = bytearray(pack({"a.npy": npy(np.zeros(100)), "b.npy": npy(np.zeros(100))}))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sizes = sum(member.file_size for member in archive.infolist())
    with pytest.raises(ValueError, match="its arrays come to more than the file"):
        analysis.runs.archive.refuse_inflated(io.BytesIO(content), sizes - 1)
