"""How a command of ours was called, so that Slurm can call it again."""

import os
import sys
from collections.abc import Sequence


def find_call(original: Sequence[str], n_arguments: int) -> list[str]:
    """Return the words that a command was started with, without its arguments.

    Parameters
    ----------
    original
        As Python was called: ``sys.orig_argv``.
    n_arguments
        How many words at its end are the command's arguments.

    Returns
    -------
    list of str
        Python by its full path, and a program by its: they hold in any folder.
    """
    _, *words = original[: len(original) - n_arguments]
    if words and not {"-m", "-c"} & set(words):
        words[-1] = os.path.abspath(words[-1])  # noqa: PTH100 - links are kept
    return [sys.executable, *words]


def call_module(call: Sequence[str], module: str) -> list[str]:
    """Return the words that start another module of ours as a command was started.

    Parameters
    ----------
    call
        As `find_call` returns it.
    module
        Its full name.
    """
    if "-m" in call:  # in a checkout that may not be installed
        place = call.index("-m")
        return [*call[:place], "-m", module]
    return [call[0], "-P", "-m", module]  # a folder's own packages are none of ours
