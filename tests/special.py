"""What may lie where a file is expected."""

import os
import socket
from collections.abc import Callable
from pathlib import Path


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        here = Path.cwd()
        os.chdir(path.parent)  # a socket's path is short
        try:
            bound.bind(path.name)
        finally:
            os.chdir(here)


# By name: what makes it. A reader that waits for the pipe's writer hangs.
SPECIAL: dict[str, Callable[[Path], None]] = {
    "pipe": os.mkfifo,
    "link to a pipe": lambda path: (
        os.mkfifo(path.with_name("a-pipe")),
        path.symlink_to(path.with_name("a-pipe")),
    )[0],
    "folder": Path.mkdir,
    "endless device": lambda path: path.symlink_to("/dev/zero"),
    "terminal": lambda path: path.symlink_to("/dev/tty"),
    "dangling link": lambda path: path.symlink_to("nowhere"),
    "circle of links": lambda path: path.symlink_to(path.name),
    "socket": _socket,
}
