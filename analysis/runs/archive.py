"""Archives of plain arrays, which may not come to more than they are."""

import io
import math
import zipfile
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

_MOST_ARRAYS = 64


def read_archive(
    content: bytes, prefix: str | tuple[str, ...] = ""
) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of an archive whose names begin so, in one of these ways.

    Nothing is unpickled.

    Raises
    ------
    ValueError
        If it is none, or holds compressed or overlapping members, objects, or an array of another
        size than its header says.
    """
    try:
        refuse_inflated(io.BytesIO(content), len(content))
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files if name.startswith(prefix)}
    except Exception as error:  # noqa: BLE001 - numpy and zipfile raise anything
        raise ValueError(str(error) or type(error).__name__) from None


def refuse_inflated(file: BinaryIO, max_bytes: int) -> None:
    """Refuse an archive before anything is unpacked that is not as large as it lies there.

    Raises
    ------
    ValueError
        If a member is compressed, they come to more than ``max_bytes``, or an array's header
        speaks of another size than the member has.
    """
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        if len(members) > _MOST_ARRAYS or sum(m.file_size for m in members) > max_bytes:
            raise ValueError("its arrays come to more than the file")
        for member in members:
            if member.compress_type != zipfile.ZIP_STORED:
                raise ValueError(f"{member.filename!r} is compressed")
            with archive.open(member) as part:
                if np.lib.format.read_magic(part) == (1, 0):
                    shape, _, dtype = np.lib.format.read_array_header_1_0(part)
                else:
                    shape, _, dtype = np.lib.format.read_array_header_2_0(part)
                if dtype.hasobject:
                    raise ValueError(f"{member.filename!r} holds objects")
                if math.prod(shape) * dtype.itemsize != member.file_size - part.tell():
                    raise ValueError(f"{member.filename!r} is not as large as its header says")
