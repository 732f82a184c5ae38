"""An archive of plain arrays may not come to more than it is."""

import math
import zipfile
from typing import BinaryIO

import numpy as np

_MOST_ARRAYS = 64


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
